import Foundation
import Testing

/// `--color` and `NO_COLOR` count for everything that a command says, what is thrown before it begins too.
@Suite(.gated, .timeLimit(.minutes(10)))
struct ColorTests {
    private static let mark = "\u{1B}[1m\u{1B}[31merror:\u{1B}[0m\u{1B}[0m "

    /// Each command with something wrong that it finds out itself.
    static let failing = [
        "run --config missing x.json", "check --variables-file missing x.json",
        "plan --variables-file missing x.json", "fmt - x.json", "broker --port 0 --topic a --topic a",
        "broker --port 0 --users missing", "produce --config missing", "consume --config missing",
        "topics list --config missing", "topics create a --config missing", "topics describe --config missing",
        "topics delete a --config missing", "topics add-partitions a --to 2 --config missing",
        "groups list --config missing", "groups describe --config missing", "groups delete a --config missing",
        "groups reset a --to earliest --config missing", "record --config missing", "clean --config missing",
        "topics list --brokers 127.0.0.1:1 --timeout 100ms", "record --brokers 127.0.0.1:1 --timeout 100ms",
        "consume --brokers 127.0.0.1:1 --timeout 100ms", "produce a --brokers 127.0.0.1:1 --timeout 100ms",
    ]

    /// What the parser refuses, or finds to be no command.
    static let refused =
        [
            "run", "check", "plan", "fmt", "broker", "produce", "consume", "topics list", "topics create",
            "topics describe",
            "topics delete", "topics add-partitions", "groups list", "groups describe", "groups delete", "groups reset",
            "record", "clean",
        ].map { $0 + " --nonsense" } + [
            "clean", "topic list", "help nosuch", "-mode observer", "consume --from nowhere",
        ]

    @Test(arguments: failing + refused)
    func alwaysAndNever(_ command: String) async throws {
        let scratch = try TemporaryFolder()
        let arguments = command.split(separator: " ").map(String.init)
        for color in [["--color", "always"], ["--color=always"]] where command != "-mode observer" {
            let run = try await CommandRun.krun(arguments + color, in: scratch.url)
            #expect(run.error.hasPrefix(Self.mark), "\(run.error)")
            #expect(run.exitCode == 1 || run.exitCode == 3)
        }
        let plain = try await CommandRun.krun(arguments + ["--color", "never"], in: scratch.url)
        #expect(plain.error.contains("error: ") && !plain.error.contains("\u{1B}"), "\(plain.error)")
        let auto = try await CommandRun.krun(arguments, in: scratch.url)
        #expect(auto.error.contains("error: ") && !auto.error.contains("\u{1B}"), "\(auto.error)")
    }

    /// On a terminal colours are the default, and NO_COLOR and `--color never` take them away.
    @Test(
        .enabled(if: PseudoTerminal.isAvailable, "there are no pseudo terminals here"),
        arguments: ["topics list --config missing", "consume --nonsense", "topic list"])
    func terminals(_ command: String) async throws {
        let scratch = try TemporaryFolder()
        let arguments = command.split(separator: " ").map(String.init)
        func said(_ more: [String], _ environment: [String: String]) async throws -> String {
            let surroundings = ["TERM": "xterm"].merging(environment) { $1 }
            return try await PseudoTerminal.krun(arguments + more, in: scratch.url, environment: surroundings).text
        }
        #expect(try await said([], ["NO_COLOR": ""]).hasPrefix(Self.mark))
        #expect(try await !said([], ["NO_COLOR": "1"]).contains("\u{1B}"))
        #expect(try await !said([], ["NO_COLOR": "", "TERM": "dumb"]).contains("\u{1B}"))
        #expect(try await !said(["--color", "never"], ["NO_COLOR": ""]).contains("\u{1B}"))
        #expect(try await said(["--color", "always"], ["NO_COLOR": "1"]).hasPrefix(Self.mark))
    }

    /// Behind `--` stands what is sent, not what is asked for.
    @Test func messagesAreNoOptions() async throws {
        let scratch = try TemporaryFolder()
        let run = try await CommandRun.krun(
            ["produce", "--config", "missing", "--", "--color", "always"], in: scratch.url)
        #expect(run.error == "error: there is no file or folder missing\n")
    }
}
