import Foundation
import KrunBroker
import Testing

/// What a terminal shows while something is waited for.
@Suite(
    .gated, .timeLimit(.minutes(10)), .enabled(if: PseudoTerminal.isAvailable, "the system gives no pseudo-terminal"))
struct WaitDisplayTests {
    private static let erasure = "\r\u{1B}[2K"

    @Test func aRunSaysWhatItWaitsFor() async throws {
        let folder = try TemporaryFolder()
        let scenario = """
            { "name": "test", "timeouts": { "connect": "2500ms" }, "topics": [{ "name": "orders" }],
              "steps": [{ "consume": "orders" }] }
            """
        try Data(scenario.utf8).write(to: folder.url.appending(path: "scenario.json"))
        let run = try await PseudoTerminal.krun(
            ["scenario.json", "--brokers", "127.0.0.1:1"], in: folder.url, environment: [:])
        #expect(run.exitCode == 3)
        // It is never longer than the 80 cells of the terminal, less one.
        let line = "scenario.json  waiting for an answer of 127.0.0.1:1, for"
        #expect(run.text.hasPrefix("\(Self.erasure)\(line) 1 s: connection refuse\r"))
        #expect(run.text.contains("\(Self.erasure)\(line) 2 s: connection refuse\r"))
        // It makes way for the report, and is not there at the end.
        #expect(run.text.contains("\(Self.erasure)! scenario.json  test   ("))
        #expect(run.text.components(separatedBy: Self.erasure).last?.contains("waiting for") == false)
    }

    @Test func aCommandSaysWhatItWaitsFor() async throws {
        let folder = try TemporaryFolder()
        let run = try await PseudoTerminal.krun(
            ["groups", "list", "--brokers", "127.0.0.1:1", "--timeout", "1500ms"], in: folder.url, environment: [:])
        #expect(run.exitCode == 3)
        #expect(
            run.text.hasPrefix(
                "\(Self.erasure)waiting for an answer of 127.0.0.1:1, for 1 s: connection refused"))
        #expect(run.text.contains("\(Self.erasure)error: no broker answers at 127.0.0.1:1\n"))
    }

    @Test func aStepSaysHowFarItIs() async throws {
        let folder = try TemporaryFolder()
        let scenario = """
            { "name": "test", "timeouts": { "receive": "2500ms" }, "topics": [{ "name": "orders" }],
              "steps": [
                { "produce": "orders", "count": 5, "value": "x" },
                { "consume": "orders", "until": { "messages": 6 } }
              ] }
            """
        try Data(scenario.utf8).write(to: folder.url.appending(path: "scenario.json"))
        let run = try await PseudoTerminal.krun(["scenario.json"], in: folder.url, environment: [:])
        #expect(run.exitCode == 4)
        #expect(
            run.text.contains(
                "\(Self.erasure)scenario.json  step 2 of 2: consume orders: reading, for 1 s: 5 of 6 messages"))
    }

    @Test func whatIsDoneAtOnceShowsNothing() async throws {
        let cluster = try EmbeddedCluster(ClusterOptions(brokers: 1))
        defer { cluster.close() }
        let folder = try TemporaryFolder()
        let run = try await PseudoTerminal.krun(
            ["groups", "list", "--brokers", cluster.bootstrapServers], in: folder.url, environment: [:])
        #expect(run.text == "no groups: a consumer with a group.id makes one\n")
    }
}
