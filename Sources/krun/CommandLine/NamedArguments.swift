import KrunDiagnostics

/// What Kafka's tools name by an option and krun as an argument: `krun topics describe --topic orders`, `krun groups describe --group billing`.
enum NamedArguments {
    private struct Spelling {
        let commands: [[String]]
        let options: [String]
    }

    private static let spellings = [
        Spelling(
            commands: ["create", "describe", "delete", "add-partitions"].map { ["topics", $0] },
            options: ["--topic", "-t"]),
        Spelling(commands: ["describe", "reset", "delete"].map { ["groups", $0] }, options: ["--group", "-g"]),
    ]

    /// The same command line with the names as arguments.
    ///
    /// - Throws: a usage error where such an option has no name behind it, and for an option with one dash instead of two: its first
    ///   letter would be taken for an option, and the rest for its value.
    static func plain(_ arguments: [String]) throws -> [String] {
        let path = CommandTable.path(of: arguments)
        let words = arguments.prefix { $0 != "--" }.filter { $0.hasPrefix("-") && !$0.hasPrefix("--") && $0.count > 2 }
        if !words.isEmpty {
            let options = CommandTable.options(of: path)
            if let word = words.first(where: { options.contains("-" + ($0.split(separator: "=").first ?? "")) }) {
                throw Diagnostic(.usage, "Unknown option '\(word)'. Did you mean '-\(word)'?")
            }
        }
        guard let spelling = spellings.first(where: { $0.commands.contains(path) }) else {
            return withSeparator(arguments, of: path)
        }
        var plain: [String] = []
        var rest = arguments[...]
        while let word = rest.popFirst() {
            if word == "--" { return plain + [word] + rest }
            if spelling.options.contains(word) {
                guard let name = rest.first, !name.hasPrefix("-") else {
                    throw Diagnostic(
                        .usage, "\(word) takes a name, as `krun \(path.joined(separator: " ")) NAME` has it")
                }
            } else if let option = spelling.options.first(where: { $0.hasPrefix("--") && word.hasPrefix("\($0)=") }) {
                plain.append(String(word.dropFirst(option.count + 1)))
            } else if let letter = spelling.options.first(where: { !$0.hasPrefix("--") && word.hasPrefix($0) }) {
                plain.append(String(word.dropFirst(letter.count)))
            } else {
                plain.append(word)
            }
        }
        return plain
    }

    /// With kcat `-K=` is the separator `=`; ArgumentParser takes the sign for the one between an option and an empty value.
    private static func withSeparator(_ arguments: [String], of path: [String]) -> [String] {
        guard [["produce"], ["consume"]].contains(path) else { return arguments }
        let end = arguments.firstIndex(of: "--") ?? arguments.endIndex
        return arguments[..<end].flatMap { $0.hasPrefix("-K=") ? ["-K", String($0.dropFirst(2))] : [$0] }
            + arguments[end...]
    }
}
