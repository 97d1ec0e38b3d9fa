import KrunBroker
import KrunDiagnostics
import KrunOutcome
import KrunRunner
import Testing

/// Messages that the broker removes before they can be read.
@Suite(.timeLimit(.minutes(1))) struct RemovedMessagesTests {
    /// The log begins behind them by the time that the group reads.
    @Test func retentionIsNamedWhereMessagesAreMissing() async throws {
        let outcome = try await run(
            """
            { "name": "test", "topics": [{ "name": "orders" }, { "name": "quiet" }],
              "steps": [
                { "produce": "orders", "count": 5, "value": "x", "timestamp": "2001-01-01T00:00:00Z" },
                { "consume": "quiet", "until": { "idle": "3s" } },
                { "consume": "orders", "group": "billing", "expect": { "messages": 5 } },
                { "produce": "orders", "messages": [{ "value": "new" }] },
                { "consume": "orders", "group": "billing" }
              ] }
            """)
        #expect(outcome.stepStatuses == [.passed, .passed, .failed, .passed, .passed])
        #expect(
            printed(outcome.steps.flatMap(\.diagnostics)) == """
                error: another number of messages was read than expected
                 --> test.json:5:72
                  |
                  | consume orders as billing                                     step 3 of 5
                5 |     { "consume": "orders", "group": "billing", "expect": { "messages": 5 } },
                  |                                                                        ^ actual: 0
                  |
                  = 5 acknowledged messages had been removed from orders/0 before they were read
                  = retention.ms of orders is 604800000 (7 days, Kafka's default): a message whose timestamp is older is removed; "config": { "retention.ms": "-1" } on the topic keeps it
                """)
        let title = "messages to orders are older than the topic keeps them: they may be gone before they are read"
        #expect(outcome.diagnostics.map(\.title) == [title])
        #expect(outcome.diagnostics.map(\.kind) == [.warning])
        #expect(outcome.consumed(3)?.topics["orders"]?.partitions[0]?.removed == 5)
        let reason = InvariantOutcome.Verdict.notJudged(
            "acknowledged records before offset 5 of orders/0 were removed before they were read")
        #expect(outcome.verdict(.noLoss, step: 3) == reason)
        #expect(outcome.verdict(.noLoss, step: 5) == .held)
        // That another step could be judged is no reason to say that nothing is lost.
        #expect(outcome.invariants.first { $0.invariant == .noLoss }?.verdict == reason)
    }

    @Test func withoutRetentionTheyStay() async throws {
        let outcome = try await run(
            """
            { "name": "test", "topics": [{ "name": "orders", "config": { "retention.ms": "-1" } }],
              "steps": [
                { "produce": "orders", "count": 5, "value": "x", "timestamp": "2001-01-01T00:00:00Z" },
                { "consume": "orders", "until": { "idle": "2s" } },
                { "consume": "orders", "expect": { "messages": 5 } }
              ] }
            """)
        #expect(outcome.printedDiagnostics == "")
        #expect(outcome.verdict(.noLoss, step: 3) == .held)
    }
}
