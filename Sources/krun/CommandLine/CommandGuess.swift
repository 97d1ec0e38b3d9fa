import ArgumentParser
import KrunDiagnostics

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Which command was meant where the first words name none, in spelling or in what other tools call it.
enum CommandGuess {
    /// Words of other tools, and ours for them.
    private static let synonyms = [
        "": [
            "validate": "check", "lint": "check", "server": "broker", "serve": "broker", "start": "broker",
            "send": "produce", "publish": "produce", "read": "consume", "subscribe": "consume", "tail": "consume",
            "dump": "record", "export": "record", "exec": "run", "execute": "run", "init": "new",
            "hash": "partition", "format": "fmt", "prettier": "fmt", "jsonschema": "schema", "json-schema": "schema",
        ],
        "topics": [
            "ls": "list", "new": "create", "rm": "delete", "remove": "delete", "show": "describe",
            "alter": "add-partitions",
        ],
        "groups": ["ls": "list", "rm": "delete", "remove": "delete", "show": "describe"],
    ]

    /// What is wrong with the words that name a command; nil where nothing is, or where they may as well be names of files.
    ///
    /// - Parameter isThere: whether there is a file or folder of that name, which is then what is meant.
    static func trouble(
        with arguments: [String],
        isThere: (String) -> Bool = { FileManager.default.fileExists(atPath: $0) }
    ) -> Diagnostic? {
        guard let first = arguments.first else { return nil }
        if first == "help" { return troubleWithHelp(Array(arguments.dropFirst())) }
        if CommandTable.subcommands(of: []).contains(first) {
            guard let rest = guess(below: first, Array(arguments.dropFirst())) else { return nil }
            return Diagnostic(.usage, "krun \(first) has no command \(arguments[1]); \(meaning(rest))")
        }
        guard !isThere(first), let command = nearest(to: first, below: []) else { return nil }
        var rest = Array(arguments.dropFirst())
        let meant = guess(below: command, rest)
        // Names alone are of what is to be shown.
        if meant == nil, let word = rest.first, !word.hasPrefix("-"),
            case let names = CommandTable.subcommands(of: [command]), !names.isEmpty, !names.contains(word)
        {
            rest.insert("describe", at: 0)
        }
        return Diagnostic(.usage, "there is no command or file \(first); \(meaning(meant ?? [command] + rest))")
    }

    /// As a command line with a command that has others should be; nil where it needs no change, or nothing is near.
    private static func guess(below command: String, _ arguments: [String]) -> [String]? {
        let names = CommandTable.subcommands(of: [command])
        guard let word = arguments.first, !word.hasPrefix("-"), !names.isEmpty, !names.contains(word) else {
            return nil
        }
        if word == "help" { return ["help", command] + arguments.dropFirst() }
        return nearest(to: word, below: [command]).map { [command, $0] + arguments.dropFirst() }
    }

    /// The parser shows the help of what it knows of these words, and says nothing of the others.
    private static func troubleWithHelp(_ words: [String]) -> Diagnostic? {
        var path: [String] = []
        for (index, word) in words.enumerated() where !word.hasPrefix("-") {
            let names = CommandTable.subcommands(of: path)
            if names.contains(word) || path.isEmpty && word == "help" {
                path.append(word)
                continue
            }
            let owner = (["krun"] + path).joined(separator: " ")
            let title = "\(owner) has no command \(word)"
            if let near = nearest(to: word, below: path) {
                return Diagnostic(.usage, "\(title); \(meaning(["help"] + path + [near] + words[(index + 1)...]))")
            }
            let notes = names.isEmpty ? [] : ["it has \(names.joined(separator: ", "))"]
            return Diagnostic(.usage, title, notes: notes)
        }
        return nil
    }

    /// Nil where no command is near.
    static func nearest(to word: String, below path: [String]) -> String? {
        // What has a dot, a slash or a digit is a file's name, or a topic's.
        guard word.count > 1, word.first != "-", word.allSatisfy({ $0.isASCII && $0.isLetter || $0 == "-" }) else {
            return nil
        }
        let word = word.lowercased()
        let names = CommandTable.subcommands(of: path)
        if let own = synonyms[path.joined(separator: " ")]?[word], names.contains(own) { return own }
        if let near = Spelling.nearest(to: word, among: names) { return near }
        // `rec` and `recording`, but not `topic` of every name that begins like that.
        let beginning = names.filter { $0.hasPrefix(word) || $0.count > 4 && word.hasPrefix($0) }
        return beginning.count == 1 ? beginning[0] : nil
    }

    /// The command line to type instead, without what may be a secret and all behind it.
    private static func meaning(_ arguments: [String]) -> String {
        let shown = arguments.prefix { !$0.hasPrefix("-X") && !$0.hasPrefix("--variable") }
        return "did you mean: krun "
            + (shown.map(OldSpelling.quoted) + (shown.count < arguments.count ? ["…"] : [])).joined(separator: " ")
    }
}

/// krun's commands and their options, as the parser has them.
///
/// A path is a command's words without `krun`: `["topics", "create"]`; the empty one is krun itself.
enum CommandTable {
    /// The names of the commands below a path; none where it is no command with others.
    static func subcommands(of path: [String]) -> [String] {
        command(path)?.configuration.subcommands.compactMap { $0.configuration.commandName } ?? []
    }

    /// Which command a command line is for, with the default where none is named; empty for help, and for what the parser answers itself.
    static func path(of arguments: [String]) -> [String] {
        var path: [String] = []
        if arguments.first == "help" { return [] }
        for word in arguments {
            guard subcommands(of: path).contains(word) else { break }
            path.append(word)
        }
        while let name = command(path)?.configuration.defaultSubcommand?.configuration.commandName { path.append(name) }
        return path
    }

    /// The options that a command takes, as they are typed: `--topic`, `-X`.
    static func options(of path: [String]) -> [String] {
        guard let command = command(path),
            let help = try? JSONDecoder().decode(Help.self, from: Data(command._dumpHelp().utf8))
        else { return [] }
        return help.command.arguments.flatMap { argument in
            (argument.names ?? []).map { $0.kind == "long" ? "--\($0.name)" : "-\($0.name)" }
        }
    }

    private static func command(_ path: [String]) -> (any ParsableCommand.Type)? {
        path.reduce(Krun.self as (any ParsableCommand.Type)?) { command, name in
            command?.configuration.subcommands.first { $0.configuration.commandName == name }
        }
    }

    /// What is read here of the parser's own description of a command.
    private struct Help: Decodable {
        struct Command: Decodable {
            let arguments: [Argument]
        }

        struct Argument: Decodable {
            let names: [Name]?
        }

        struct Name: Decodable {
            let kind: String
            let name: String
        }

        let command: Command
    }
}
