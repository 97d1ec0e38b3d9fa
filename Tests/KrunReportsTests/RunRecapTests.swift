import KrunDiagnostics
import KrunOutcome
import Testing

@testable import KrunReports

/// How a run of many is told: a line for what passed, all of what did not, and the end.
@Suite struct RunRecapTests {
    @Test func aRunOfMany() {
        var repeated = Fixtures.failed
        repeated.repetition = 2
        var skipped = Fixtures.skipped
        skipped.startedAt = 1
        let scenarios = [Fixtures.passed, skipped, flaky, Fixtures.error, Fixtures.failed, repeated]
        let report = TerminalReport(style: .plain, options: .init(isMany: true))
        let lines = report.whole(RunOutcome(scenarios: scenarios, duration: .seconds(3))).split(
            separator: "\n", omittingEmptySubsequences: false)
        #expect(
            lines.prefix(6) == [
                "embedded broker, 3 brokers at 127.0.0.1:41123 (default; --brokers host:port for a real Kafka)", "",
                "✓ scenarios/orders.json  Messages with the same key land on the same partition   (0.4 s)",
                "- scenarios/compaction.json  Compaction keeps the last value   skipped: topic config needs a real Kafka",
                "",
                "✓ scenarios/flaky.json  Now and then   (0.4 s, run 3, passed at the 3rd attempt)",
            ])
        #expect(
            lines[6...7] == [
                "  attempt 1: failed (seed 17): key \"alice\" is elsewhere", "  attempt 2: error",
            ])
        #expect(
            lines.contains("  1  produce orders               5 messages to 2 of 3 partitions, murmur2_random    12 ms")
        )
        let end = lines.firstIndex(of: "not passed:") ?? lines.startIndex
        #expect(
            lines[end...].joined(separator: "\n") == """
                not passed:
                  ! scenarios/orders.json  Messages with the same key land on the same partition
                  ✗ scenarios/orders.json:14:39  Messages with the same key land on the same partition  (2 times)

                flaky:
                  ~ scenarios/orders.json  Messages with the same key land on the same partition
                    3 of 4 runs did not pass, first with seed 42
                  ~ scenarios/flaky.json  Now and then
                    2 of 3 runs did not pass, first with seed 17

                6 scenarios: 2 passed, 2 failed, 1 error, 1 skipped; 25 messages sent, 20 read (3.0 s)

                """)
    }

    /// What was said of one scenario stays as it was, but for what was flaky.
    @Test func ofOneScenarioOnlyThatItWasFlaky() {
        var report = TerminalReport(style: .plain, options: .init(isCompact: true))
        var recap = RunRecap()
        _ = report.scenario(flaky)
        recap.add(flaky) { "krun flaky.json --seed \($0 ?? 0)" }
        #expect(
            report.text(recap, duration: .seconds(1)) == """

                flaky:
                  ~ scenarios/flaky.json  Now and then
                    2 of 3 runs did not pass, first with seed 17
                    `krun flaky.json --seed 17` runs it so again

                1 scenario: 1 passed (1.0 s)

                """)
        var failed = RunRecap()
        failed.add(Fixtures.failed, rerun: nil)
        #expect(report.text(failed, duration: .seconds(1)) == "\n1 scenario: 1 failed (1.0 s)\n")
    }

    /// What the end of a run kept from beginning is no news, one by one.
    @Test func whatWasNotBegunIsCounted() {
        var skipped = ScenarioOutcome(file: "b.json", name: "B", status: .skipped)
        skipped.skipReason = "a.json did not pass (--fail-fast)"
        let failed = ScenarioOutcome(file: "a.json", name: "A", status: .failed)
        let run = RunOutcome(scenarios: [failed, skipped, skipped], duration: .zero)
        #expect(
            TerminalReport(style: .plain, options: .init(isMany: true)).whole(run) == """
                ✗ a.json  A   (0 ms)

                not passed:
                  ✗ a.json  A
                not begun: 2 scenarios, a.json did not pass (--fail-fast)

                3 scenarios: 1 failed, 2 skipped (0 ms)

                """)
        let interrupted = ScenarioOutcome(file: "b.json", name: "B", status: .interrupted)
        #expect(
            TerminalReport(style: .plain, options: .init(isMany: true)).whole(
                RunOutcome(scenarios: [interrupted], duration: .zero)) == """
                    not begun: 1 scenario, interrupted

                    1 scenario: 1 interrupted (0 ms)

                    """)
    }

    @Test func manyTroublesAreCounted() {
        var recap = RunRecap()
        for number in 1...52 {
            recap.add(ScenarioOutcome(file: "\(number)\u{7}.json", name: "", status: .invalid), rerun: nil)
        }
        let report = TerminalReport(style: .plain, options: .init(isMany: true))
        let lines = report.text(recap, duration: .zero).split(separator: "\n")
        #expect(lines.count == 53)
        #expect(lines[1] == "  ✗ 1\\u0007.json")
        #expect(lines[51...] == ["  … and 2 more", "52 scenarios: 52 invalid (0 ms)"])
    }

    @Test func longLinesAreFolded() {
        let report = TerminalReport(style: .plain, options: .init(width: 50, isMany: true))
        var recap = RunRecap()
        recap.add(flaky) { _ in "krun scenarios/flaky.json --seed 17 --brokers localhost:9092" }
        recap.add(Fixtures.failed, rerun: nil)
        let lines = report.text(recap, duration: .zero).split(separator: "\n", omittingEmptySubsequences: false)
        #expect(
            lines.prefix(10) == [
                "not passed:", "  ✗ scenarios/orders.json:14:39  Messages with the",
                "      same key land on the same partition", "", "flaky:", "  ~ scenarios/flaky.json  Now and then",
                "    2 of 3 runs did not pass, first with seed 17",
                "    `krun scenarios/flaky.json --seed 17 --brokers", "      localhost:9092` runs it so again", "",
            ])
    }

    @Test func attemptsAreInTheJSONReport() {
        let text = JSONReport(version: "1").whole(RunOutcome(scenarios: [flaky], duration: .zero))
        #expect(
            text.contains(
                """
                      "status": "passed",
                      "repetition": 3,
                      "attempts": [
                        {
                          "status": "failed",
                          "seed": "17",
                          "duration": "5ms",
                          "reason": "key \\"alice\\" is elsewhere"
                        },
                        {
                          "status": "error",
                          "duration": "6ms"
                        },
                        {
                          "status": "passed",
                          "seed": "19",
                          "duration": "7ms"
                        }
                      ],

                """), "\(text)")
    }

    @Test(arguments: [
        (1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (13, "13th"), (22, "22nd"), (111, "111th"),
    ])
    func ordinals(_ number: Int, _ text: String) {
        #expect(Amounts.ordinal(number) == text)
    }

    private var flaky: ScenarioOutcome { Fixtures.flaky }
}
