import Foundation
import KrunBroker
import KrunBrokerTestSupport
import Testing

/// Inputs whose sayings are too long to be kept whole.
@Suite(.gated, .timeLimit(.minutes(10)))
struct HostileInputTests {
    /// Some hundreds are shown, and the last line says how many are not.
    @Test func tenThousandErrors() async throws {
        let run = try await check(.manyErrors)
        #expect(run.error.hasSuffix("error: 9500 more errors of scenario.json are not shown\n\n"))
        #expect(run.output == "1 file checked: 10000 errors in 1\n")
        #expect(run.exitCode == 2)
        #expect(run.duration < CommandLineTests.patience)
    }

    /// A thousand are shown, and the last says how many are not.
    @Test func tenThousandDuplicates() async throws {
        let run = try await check(.manyDuplicates)
        #expect(run.output == "1 file checked: 1000 errors in 1\n")
        #expect(
            run.error.hasSuffix(
                """
                error: the name "a" stands twice in the same object
                    --> scenario.json:1005:1
                     |
                1005 | "a": 1,
                     | ^^^
                     |
                     = it stands first in line 5, column 54
                     = 8999 more duplicate names are not shown


                """))
        #expect(run.exitCode == 2)
        #expect(run.duration < CommandLineTests.patience)
    }

    private func check(_ recipe: Recipe) async throws -> CommandRun {
        let folder = try TemporaryFolder()
        try recipe.make(in: folder.url)
        let run = try await CommandRun.krun(["check", "scenario.json"], in: folder.url)
        withExtendedLifetime(folder) {}
        return run
    }
}

/// Whatever names, keys, values, headers, client ids and texts of errors say: on a terminal nothing of it steers the terminal.
@Suite(
    .gated, .serialized, .timeLimit(.minutes(10)),
    .enabled(if: PseudoTerminal.isAvailable, "the system gives no pseudo-terminal"))
struct HostileNamesTests {
    /// Clears the screen, in both ways; turns round what follows; deletes; begins a line; hides itself.
    private static let hostile = "\u{1B}[2J\u{9B}2J\u{202E}\u{2066}\u{7F}\r\u{2028}\u{E0041}x"
    private static let leftover = "\u{1B}[2J\u{9B}2J\u{202E}\u{7F}x-krun-t87x5s-aaaaaaaa"

    private let folder: TemporaryFolder
    private let cluster: EmbeddedCluster

    init() throws {
        folder = try TemporaryFolder()
        cluster = try EmbeddedCluster(ClusterOptions(brokers: 1))
        try cluster.createTopic("orders", partitions: 1)
    }

    @discardableResult
    private func krun(
        _ arguments: String..., typing: PseudoTerminal.Line? = nil, place: SourceLocation = #_sourceLocation
    ) async throws -> PseudoTerminal.Run {
        let run = try await PseudoTerminal.krun(
            arguments, in: folder.url, environment: ["KRUN_BROKERS": cluster.bootstrapServers],
            lines: typing.map { [$0] } ?? [])
        let unsafe = run.settled.unicodeScalars.filter { $0 != "\n" && !isSafe($0) }
        #expect(
            unsafe.isEmpty, "\(arguments) wrote \(Array(unsafe)) in \(run.settled.debugDescription)",
            sourceLocation: place)
        return run
    }

    /// Judged apart from krun's own rule.
    private func isSafe(_ scalar: Unicode.Scalar) -> Bool {
        ![.control, .format, .lineSeparator, .paragraphSeparator].contains(scalar.properties.generalCategory)
    }

    @Test func groupsOfOthers() async throws {
        let hostile = Self.hostile
        try await krun("groups", "reset", hostile, "--topic", "orders", "--to", "earliest", "--yes")
        let port = try #require(cluster.bootstrapServers.split(separator: ":").last.flatMap { Int($0) })
        var words = RawMember.Words(assignment: RawMember.Words.assignment(of: [(hostile, [0])]))
        (words.clientID, words.assignor) = (hostile, hostile)
        let member = try await RawMember.joined(hostile, port: port, words)
        let list = try await krun("groups", "list")
        #expect(list.settled.contains(#"\u001B[2J\u009B2J\u202E\u2066\u007F\u000D\u2028\u{E0041}x"#))
        #expect(try await krun("groups", "describe", hostile).settled.contains(", assignor \\u001B[2J"))
        #expect(
            try await krun("groups", "describe", hostile, "--output", "json").settled.contains(
                #""assignor": "\u001B[2J\u009B2J\u202E\u2066\u007F\r\u2028\uDB40\uDC41x""#))
        try await krun("groups", "list", "--output", "json")
        try await krun("groups", "reset", hostile, "--topic", "orders", "--to", "latest")
        try await krun("groups", "delete", hostile, "--yes")
        try await krun("consume", "--topic", "orders", "--group", hostile, "--exit-at-end", "--timeout", "3s")
        try await krun("topics", "delete", "orders", typing: .init(prompt: "type yes to delete: ", typed: "no\n"))
        member.leave()
        try await krun("record", "--topic", "orders", "--group", hostile)
        try await krun("groups", "delete", hostile, typing: .init(prompt: "type yes to delete: ", typed: "yes\n"))
        try await krun("groups", "delete", hostile, "--yes")
    }

    @Test func whatRunsLeft() async throws {
        try await krun("groups", "reset", Self.leftover, "--topic", "orders", "--to", "earliest", "--yes")
        let run = try await krun(
            "clean", "--brokers", cluster.bootstrapServers, "--older-than", "1s",
            typing: .init(prompt: "type yes to delete: ", typed: "yes\n"))
        #expect(run.settled.contains(#"group  \u001B[2J\u009B2J\u202E"#), "\(run.settled)")
        #expect(run.settled.hasSuffix("deleted 1 group and 0 topics\n"))
    }

    @Test func messages() async throws {
        let hostile = Self.hostile
        try await krun("produce", "--topic", "orders", "\(hostile):\(hostile)", "--header", "\(hostile)=\(hostile)")
        try await krun("produce", "--topic", "orders", "--output", "json", "\(hostile):\(hostile)")
        try await krun("produce", "--topic", "orders", "-X", "client.id=\(hostile)", "-v", "a:b")
        try await krun("consume", "--topic", "orders", "--exit-at-end")
        try await krun("consume", "--topic", "orders", "--no-group", "--exit-at-end", "--output", "json")
        for output in ["raw", "%t %k %s %h|%p", "%s\\n"] {
            let run = try await krun("consume", "--topic", "orders", "--no-group", "--exit-at-end", "--output", output)
            #expect(run.settled.contains(#"\u001B[2J\u009B2J\u202E\u2066\u007F\u000D\u2028\u{E0041}x"#))
        }
        try await krun("record", "--topic", "orders")
        try Data(
            """
            { "name": "\\u001b[2J\\u202E", "description": "\\u009b2J", "topics": [{ "name": "orders", "existing": true }],
              "variables": { "x": "\\u202e" },
              "steps": [
                { "produce": "orders", "key": "\\u202e", "value": "\\u009b", "note": "\\u007f" },
                { "consume": "orders", "group": "\\u202eg", "from": "earliest",
                  "expect": { "messages": 7, "keys": { "\\u202e": { "values": ["\\u001b"] } } } }
              ] }
            """.utf8
        ).write(to: folder.url.appending(path: "\u{202E}scenario.json"))
        try await krun("./\u{202E}scenario.json", "-v")
        try await krun("./\u{202E}scenario.json", "--brokers", cluster.bootstrapServers, "--report", "json=-")
        try await krun("check", "\u{202E}scenario.json")
    }

    @Test func commandLines() async throws {
        let hostile = Self.hostile
        for arguments in [
            [hostile], ["check", hostile], ["consume", hostile], ["consume", "--topic", hostile], ["--\(hostile)"],
            ["produce", "--topic", hostile, "a"], ["topics", "create", hostile], ["topics", "describe", hostile],
            ["topics", "delete", hostile], ["groups", hostile], ["groups", "describe", hostile],
            ["record", "--topic", hostile],
            ["consume", "-X", "\(hostile)=1"], ["consume", "-X", "client.id=\(hostile)", "--exit-at-end", "-v"],
            ["consume", "--output", "%\(hostile)"], ["consume", "--from", hostile], ["-mode", hostile],
            ["topics", "list", "--brokers", "\(hostile):1", "--timeout", "1s"], ["broker", "--topic", hostile],
            ["check", ".", "--variable", "\(hostile)=1"], ["consume", "--output", hostile],
            ["topics", "create", "bills", "--config", "\(hostile)=\(hostile)"],
            ["topics", "create", "bills", "--config", "retention.ms=\(hostile)"],
        ] {
            let run = try await PseudoTerminal.krun(
                arguments, in: folder.url, environment: ["KRUN_BROKERS": cluster.bootstrapServers])
            let unsafe = run.settled.unicodeScalars.filter { $0 != "\n" && !isSafe($0) }
            #expect(unsafe.isEmpty, "\(arguments) wrote \(Array(unsafe)) in \(run.settled.debugDescription)")
            #expect(run.exitCode < 128, "\(arguments): \(run.exitCode)")
        }
    }
}
