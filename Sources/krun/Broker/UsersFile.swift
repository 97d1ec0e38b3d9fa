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
        // As scalars: to Swift CR LF is one character, and so is a sign with the combining mark behind it.
        let lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
        for (number, scalars) in lines.enumerated() {
            let line = String(scalars.last == "\r" ? scalars.dropLast() : scalars)
            if line.isEmpty || line.utf8.first == UInt8(ascii: "#") { continue }
            guard let user = NameAndValue(argument: line) else {
                throw Diagnostic(.usage, "line \(number + 1) of \(path) is not name=password")
            }
            guard !user.value.isEmpty else {
                throw Diagnostic(
                    .usage, "line \(number + 1) of \(path) has an empty password",
                    notes: ["name=password: Kafka takes no empty passwords either"])
            }
            guard users.updateValue(user.value, forKey: user.name) == nil else {
                throw Diagnostic(.usage, "line \(number + 1) of \(path) has a user for the second time")
            }
        }
        guard !users.isEmpty else { throw Diagnostic(.usage, "there is no user in \(path)") }
        return users
    }
}
