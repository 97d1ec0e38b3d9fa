import ArgumentParser

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

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
