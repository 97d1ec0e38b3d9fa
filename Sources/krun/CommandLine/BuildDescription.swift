internal import CKrunShims
import KrunJSON
import KrunKafka

/// What `krun --version` says: krun's version alone in the first line, then what it was built with, a line each.
enum BuildDescription {
    private struct Line {
        var name: String
        var text: String
    }

    static var text: String {
        let own = [
            Line(name: "Swift", text: swift), Line(name: "librdkafka", text: KafkaLibrary.version),
            Line(name: "Jansson", text: JSONLibrary.version),
        ]
        let facts = facts(String(cString: krun_build_facts()))
        // The commit comes first, where it is known, and the packages last; of what both know the linker knows more.
        let known = own.map { line in facts.first { $0.name == line.name } ?? line }
        let others = facts.filter { fact in fact.name != "commit" && !own.contains { $0.name == fact.name } }
        let lines = facts.filter { $0.name == "commit" } + known + others
        let width = lines.map(\.name.count).max() ?? 0
        let written = lines.map { line in
            "  \(line.name)\(String(repeating: " ", count: width - line.name.count))  \(line.text)"
        }
        return (["krun \(Version.krun)"] + written).joined(separator: "\n")
    }

    /// The standard library that this process runs with, without the last number, which it does not tell.
    private static var swift: String {
        // A C structure of one number, whose member is not to be had without the module that declares it.
        let number = withUnsafeBytes(of: _SwiftStdlibVersion.current) { $0.load(as: UInt32.self) }
        return "\(number >> 16).\(number >> 8 & 0xff)"
    }

    /// The lines of whoever linked the program, as names and texts.
    private static func facts(_ lines: String) -> [Line] {
        lines.split(separator: "\n").compactMap { line in
            let parts = line.split(separator: "\t", maxSplits: 1)
            return parts.count == 2 ? Line(name: String(parts[0]), text: String(parts[1])) : nil
        }
    }
}
