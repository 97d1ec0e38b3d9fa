import Foundation
import Testing

/// krun's commands with the options that each takes, as the parser of the built krun describes them.
struct CommandHelp: Sendable {
    /// By the command's words, such as `topics create`; the options as they are typed.
    let options: [String: Set<String>]

    static func read() async throws -> CommandHelp {
        let scratch = try TemporaryFolder()
        let run = try await CommandRun.krun(["--experimental-dump-help"], in: scratch.url)
        let root = try JSONDecoder().decode(Root.self, from: Data(run.output.utf8)).command
        var options: [String: Set<String>] = [:]
        func add(_ command: Command, _ path: [String]) {
            let own = command.arguments?.flatMap { $0.names ?? [] } ?? []
            options[path.joined(separator: " ")] = Set(own.map { ($0.kind == "long" ? "--" : "-") + $0.name })
            for sub in command.subcommands ?? [] { add(sub, path + [sub.commandName]) }
        }
        add(root, [])
        return CommandHelp(options: options)
    }

    private struct Root: Decodable {
        let command: Command
    }

    private struct Command: Decodable {
        let commandName: String
        let arguments: [Argument]?
        let subcommands: [Command]?
    }

    private struct Argument: Decodable {
        let names: [Name]?
    }

    private struct Name: Decodable {
        let kind: String
        let name: String
    }
}
