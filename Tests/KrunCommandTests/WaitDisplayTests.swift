import Foundation
import KrunBroker
import Testing

/// What a terminal shows while something is waited for.
@Suite(
    .gated, .timeLimit(.minutes(10)), .enabled(if: PseudoTerminal.isAvailable, "the system gives no pseudo-terminal"))
struct WaitDisplayTests {
    private static let erasure = "\r\u{1B}[2K"
    /// Of two lines.
    private static let areaErasure = "\r\u{1B}[2K\u{1B}[1A\u{1B}[2K"

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
        let line = "scenario.json  waiting for an answer of 127.0.0.1:1, for"
        #expect(run.text.hasPrefix("\(Self.erasure)scenario.json  waiting for an answer of 127.0.0.1:1"))
        #expect(run.text.contains("\(line) 1 s\n  connection refused, trying again\r"))
        #expect(run.text.contains("\(Self.areaErasure)\(line) 2 s\n  connection refused, trying again\r"))
        // It makes way for the report, and is not there at the end.
        #expect(run.text.contains("\(Self.areaErasure)! scenario.json  test   ("))
        #expect(run.settled.hasPrefix("! scenario.json  test   ("))
        #expect(!run.settled.contains("trying again"))
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
        let bar = #/consume orders: reading, for 1 s\n  \[#{25}-{5}\]  83 %  5 of 6  [\d.]+ messages/s/#
        #expect(run.text.contains(bar))
        #expect(run.settled.contains("\n✗ scenario.json  test   ("))
        #expect(!run.settled.contains("messages/s"))
    }

    /// Several side by side, no more redraws than ten a second, and nothing of it is left; nor when Ctrl+C ends it.
    @Test(arguments: [false, true])
    func manyAreShownTogether(_ isInterrupted: Bool) async throws {
        let folder = try TemporaryFolder()
        let scenario = """
            { "name": "test", "topics": [{ "name": "orders" }],
              "steps": [{ "produce": "orders", "count": 30, "value": "x", "rate": 10 }] }
            """
        let names = ["a.json", "b.json", "c.json"]
        for name in names { try Data(scenario.utf8).write(to: folder.url.appending(path: name)) }
        let clock = ContinuousClock.now
        let run = try await PseudoTerminal.krun(
            ["--jobs", "3"] + names, in: folder.url, environment: [:],
            lines: isInterrupted ? [.init(prompt: "left\r", typed: "^C", signal: SIGINT)] : [])
        let seconds = (ContinuousClock.now - clock) / .seconds(1)
        let draws = run.text.matches(of: #/\r\x1B\[(2K|J)/#).count
        #expect(draws >= (isInterrupted ? 2 : 5) && Double(draws) <= 10 * seconds, "\(draws) in \(seconds) s")
        let bar = #/a.json  step 1 of 1: produce orders: delivering.*\n  \[#*-+\]  \d+ %  \d+ of 30/#
        #expect(run.text.contains(bar))
        #expect(!run.settled.contains("delivering"), "\(run.settled)")
        #expect(!run.settled.contains("messages/s"), "\(run.settled)")
        #expect(run.exitCode == (isInterrupted ? 130 : 0))
        if isInterrupted {
            #expect(run.settled.contains("interrupted: stopping and cleaning up (once more to stop at once)\n"))
        } else {
            #expect(run.settled.contains("\n✓ a.json  test"))
        }
        #expect(!run.text.contains("\u{1B}[?25l"))
    }

    @Test func aPipeGetsNothingOfIt() async throws {
        let folder = try TemporaryFolder()
        let scenario = """
            { "name": "test", "topics": [{ "name": "orders" }],
              "steps": [{ "produce": "orders", "count": 40, "value": "x", "rate": 10 }] }
            """
        try Data(scenario.utf8).write(to: folder.url.appending(path: "a.json"))
        let run = try await CommandRun.krun(["a.json"], in: folder.url)
        #expect(run.exitCode == 0)
        let told = #/a.json  step 1 of 1: produce orders: delivering, for [34] s: \d+ of 40 messages acknowledged\n/#
        #expect(run.error.wholeMatch(of: told) != nil, "\(run.error)")
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
