import Foundation
import KrunDiagnostics

/// Names and passwords, a line `name=password` for each user; empty lines and lines that begin with `#` say nothing.
enum UsersFile {
    /// - Throws: a `Diagnostic` where the file cannot be read or a line is none; it never shows what stands in the file.
    static func read(_ path: String) throws(Diagnostic) -> [String: String] {
        let text: String
        do {
            text = try String(contentsOfFile: path, encoding: .utf8)
        } catch {
            throw Diagnostic(.usage, "the users file cannot be read: \(path)", notes: [FileTrouble.reason(error)])
        }
        var users: [String: String] = [:]
        // To Swift the two of CR LF are one character.
        let lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
        for (number, line) in lines.enumerated() {
            if line.isEmpty || line.hasPrefix("#") { continue }
            guard let sign = line.firstIndex(of: "="), sign != line.startIndex else {
                throw Diagnostic(.usage, "line \(number + 1) of \(path) is not name=password")
            }
            guard line.index(after: sign) != line.endIndex else {
                throw Diagnostic(
                    .usage, "line \(number + 1) of \(path) has an empty password",
                    notes: ["name=password: Kafka takes no empty passwords either"])
            }
            let name = String(line[..<sign])
            guard users.updateValue(String(line[line.index(after: sign)...]), forKey: name) == nil else {
                throw Diagnostic(.usage, "line \(number + 1) of \(path) has a user for the second time")
            }
        }
        guard !users.isEmpty else { throw Diagnostic(.usage, "there is no user in \(path)") }
        return users
    }
}
