import ArgumentParser
import KrunDiagnostics

/// What is said of a command line that the parser does not take: its words, with our own hint at what was meant.
struct UsageText {
    /// Lines that are safe for a terminal, with a line end.
    let text: String

    /// - Parameter message: the parser's, with its usage.
    init(_ message: String, arguments: [String], style: TextStyle) {
        let mark = "Error: "
        var lines = message.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if lines[0].hasPrefix(mark) {
            let title = UsageText.hinted(String(lines[0].dropFirst(mark.count)), arguments)
            // As the one printer of diagnostics begins.
            lines[0] = style.bold(style.red("error:")) + " " + style.bold(TerminalText.safe(title))
        } else {
            lines[0] = TerminalText.safe(lines[0])
        }
        text = (lines.prefix(1) + lines.dropFirst().map(TerminalText.safe)).joined(separator: "\n") + "\n"
    }

    private static func hinted(_ title: String, _ arguments: [String]) -> String {
        let path = CommandTable.path(of: arguments)
        if let option = quoted(in: title, after: "Unknown option '") {
            return unknown(option, path, CommandTable.options(of: path))
        }
        // What is missing may have been said in another tool's words, and what is wrong be a value of theirs.
        if case let options = CommandTable.options(of: path),
            let option = arguments.prefix(while: { $0 != "--" }).first(where: {
                !options.contains($0) && ForeignOption.own(for: $0, path: path, options: options) != nil
            })
        {
            return unknown(option, path, options)
        }
        return title
    }

    private static func unknown(_ option: String, _ path: [String], _ options: [String]) -> String {
        let title = "Unknown option '\(option)'"
        if let own = ForeignOption.own(for: option, path: path, options: options) {
            return "\(title). In krun this is: \(own)"
        }
        let name = option.drop { $0 == "-" }
        // One letter is near to every other.
        let names = options.filter { $0.hasPrefix("--") }.map { String($0.dropFirst(2)) }
        if name.count > 1, let near = Spelling.nearest(to: String(name), among: names) {
            return "\(title). Did you mean '--\(near)'?"
        }
        // As kcat's, with the value behind the letter.
        if !option.hasPrefix("--"), option.count > 2,
            let own = ForeignOption.own(for: String(option.prefix(2)), path: path, options: options)
        {
            return "\(title). In krun '\(option.prefix(2))' is: \(own)"
        }
        return title
    }

    private static func quoted(in title: String, after opening: String) -> String? {
        guard title.hasPrefix(opening) else { return nil }
        let rest = title.dropFirst(opening.count)
        let end =
            rest.firstRange(of: "'. Did you mean '")?.lowerBound
            ?? (rest.hasSuffix("'") ? rest.dropLast().endIndex : nil)
        return end.map { String(rest[..<$0]) }
    }
}
