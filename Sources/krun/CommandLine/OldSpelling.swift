import ArgumentParser
import KrunDiagnostics

/// The command line of hand-written programs, `-mode producer|consumer -brokers … -topic … -group …`, as krun's own.
///
/// Flags may have one dash or two, and their values stand behind a space or `=`.
struct OldSpelling {
    /// krun's arguments for the same.
    let arguments: [String]
    /// How to say it next time.
    let hint: String

    private static let flags = ["mode", "brokers", "topic", "group"]

    /// Nil when the arguments are not in the old spelling.
    ///
    /// - Parameter hasInput: whether stdin is a pipe or a file. Without one a producer sends samples, as those programs do.
    /// - Throws: `ValidationError` when they are, and something in them is not understood.
    init?(_ arguments: [String], hasInput: Bool) throws {
        guard OldSpelling.isMeant(arguments) else { return nil }
        var values: [String: String] = [:]
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            guard let (name, inline) = OldSpelling.flag(argument) else {
                throw ValidationError(
                    "'\(argument)' means nothing beside -mode: that spelling has -mode producer or consumer, -brokers, -topic and "
                        + "-group. `krun produce --help` and `krun consume --help` have more.")
            }
            let isFollowed = rest.first.map { OldSpelling.flag($0) == nil } ?? false
            guard let value = inline ?? (isFollowed ? rest.popFirst() : nil), !value.isEmpty else {
                throw ValidationError("-\(name) takes a value.")
            }
            values[name] = value
        }
        var command: [String]
        var note = ""
        switch values["mode"] {
        case "producer":
            command = ["produce"]
            if values.removeValue(forKey: "group") != nil { note = " (a producer has no group)" }
        case "consumer": command = ["consume"]
        case let mode?: throw ValidationError("-mode takes producer or consumer, not '\(mode)'.")
        case nil:
            throw ValidationError("-mode producer or -mode consumer is missing; or `krun produce`, `krun consume`.")
        }
        for name in OldSpelling.flags.dropFirst() {
            if let value = values[name] { command += ["--\(name)", value] }
        }
        if values["mode"] == "producer", values["topic"] != nil, !hasInput { command.append("--samples") }
        self.arguments = command
        hint =
            "hint: in krun this is `krun \(TerminalText.safe(command.map(OldSpelling.quoted).joined(separator: " ")))`\(note)\n"
    }

    /// `-mode` is the mark; or to begin with another of its flags, which with one dash mean nothing else.
    private static func isMeant(_ arguments: [String]) -> Bool {
        guard let first = arguments.first, first.hasPrefix("-"), first != "--" else { return false }
        if arguments.prefix(while: { $0 != "--" }).contains(where: { flag($0)?.name == "mode" }) { return true }
        return !first.hasPrefix("--") && flag(first) != nil
    }

    private static func flag(_ argument: String) -> (name: String, value: String?)? {
        guard argument.hasPrefix("-") else { return nil }
        let text = argument.drop { $0 == "-" }
        guard argument.count - text.count <= 2 else { return nil }
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard let name = parts.first.map(String.init), flags.contains(name) else { return nil }
        return (name, parts.count == 2 ? String(parts[1]) : nil)
    }

    /// As a shell reads it back.
    static func quoted(_ text: String) -> String {
        let plain = text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.,:/@%+=".contains($0)) }
        return plain ? text : "'" + text.replacing("'", with: "'\\''") + "'"
    }
}
