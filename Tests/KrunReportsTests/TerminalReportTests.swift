import KrunDiagnostics
import KrunOutcome
import KrunReports
import Testing

/// How a run reads as a whole: the broker's line, what sets scenarios apart, the totals.
@Suite struct TerminalReportTests {
    @Test func theBrokerIsNamedWhenItChanges() {
        var report = TerminalReport(
            style: .plain, options: TerminalReport.Options(isCompact: true))
        var other = Fixtures.embedded
        other.address = "127.0.0.1:50001"
        var chosen = Fixtures.embedded
        chosen.chosenBy = "--embedded"
        chosen.brokers = 1
        var unasked = Fixtures.kafka
        unasked.brokers = nil
        unasked.chosenBy = "KRUN_BROKERS"
        let texts = [nil, Fixtures.embedded, other, chosen, Fixtures.kafka, unasked].map { broker in
            var scenario = ScenarioOutcome(file: "a.json", name: "A", status: .passed)
            scenario.broker = broker
            return report.scenario(scenario)
        }
        #expect(
            texts == [
                "✓ a.json  A   (0 ms)\n",
                """

                embedded broker, 3 brokers at 127.0.0.1:41123 (default; --brokers host:port for a real Kafka)

                ✓ a.json  A   (0 ms)

                """,
                "✓ a.json  A   (0 ms)\n",
                "\nembedded broker, 1 broker at 127.0.0.1:41123 (from --embedded)\n\n✓ a.json  A   (0 ms)\n",
                "\nKafka at localhost:9092, 1 broker (from --brokers)\n\n✓ a.json  A   (0 ms)\n",
                "\nKafka at localhost:9092 (from KRUN_BROKERS)\n\n✓ a.json  A   (0 ms)\n",
            ])
    }

    @Test(
        arguments: [
            ([], "0 scenarios (0.9 s)\n"),
            ([.passed], "1 scenario: 1 passed (0.9 s)\n"),
            ([.passed, .failed, .passed, .skipped], "4 scenarios: 2 passed, 1 failed, 1 skipped (0.9 s)\n"),
            (
                [.error, .error, .invalid, .interrupted],
                "4 scenarios: 2 errors, 1 invalid, 1 interrupted (0.9 s)\n"
            ),
        ] as [([Status], String)])
    func totals(_ statuses: [Status], _ text: String) {
        #expect(
            TerminalReport(style: .plain).text(RunTotals(statuses, duration: .milliseconds(920))) == text)
    }

    /// At words, and not in a pipe.
    @Test func totalsAreFolded() {
        let totals = RunTotals([.passed, .failed, .error, .skipped], duration: .milliseconds(920))
        #expect(
            TerminalReport(style: .plain, options: .init(width: 50)).text(totals) == """
                4 scenarios: 1 passed, 1 failed, 1 error, 1
                  skipped (0.9 s)

                """)
    }

    @Test func aRunOfSeveralScenarios() {
        let scenarios = [Fixtures.passed, Fixtures.skipped, Fixtures.skipped, Fixtures.interrupted]
        let report = TerminalReport(
            style: .plain, options: TerminalReport.Options(isCompact: true))
        #expect(
            report.whole(RunOutcome(scenarios: scenarios, duration: .seconds(126))) == """
                embedded broker, 3 brokers at 127.0.0.1:41123 (default; --brokers host:port for a real Kafka)

                ✓ scenarios/orders.json  Messages with the same key land on the same partition   (0.4 s)
                  1  produce orders               5 messages to 2 of 3 partitions, murmur2_random   12 ms
                  2  consume orders as baristas   5 messages by 2 members, joined in 0.1 s, lag 0   0.4 s
                  invariants: 8 held

                - scenarios/compaction.json  Compaction keeps the last value   skipped: topic config needs a real Kafka
                - scenarios/compaction.json  Compaction keeps the last value   skipped: topic config needs a real Kafka

                Kafka at localhost:9092, 1 broker (from --brokers)

                ! scenarios/orders.json  Messages with the same key land on the same partition   interrupted after 2 min 5 s
                  1  produce orders   5 messages to 2 of 3 partitions, murmur2_random   12 ms
                  step 2 was not run

                  seed 42 (--seed 42 draws the same random values again)
                  kept orders

                4 scenarios: 1 passed, 2 skipped, 1 interrupted (2 min 6 s)

                """)
    }

    /// A name with an escape sequence must not act on the terminal.
    @Test func foreignTextIsMadeVisible() {
        var report = TerminalReport(style: .plain)
        var scenario = ScenarioOutcome(file: "a\u{7}.json", name: "\u{1b}[2JA", status: .skipped)
        scenario.skipReason = "later\r"
        #expect(report.scenario(scenario) == "- a\\u0007.json  \\u001B[2JA   skipped: later\\u000D\n")
    }
}
