import KrunDiagnostics
import KrunOutcome
import Testing

/// When a group commits, and what it reads again when its member dies.
@Suite(.serialized, .timeLimit(.minutes(2))) struct CommitTests {
    /// A member reads ten and dies; how many of them its successor reads again is what was not committed.
    @Test(arguments: [
        ("\"none\"", 10), ("\"end\"", 0), ("\"each\"", 0), ("{ \"every\": 4 }", 2), ("{ \"auto\": \"1h\" }", 10),
    ])
    func whatACrashLeaves(commit: String, redelivered: Int) async throws {
        let outcome = try await run(
            """
            { "name": "test", "topics": [{ "name": "orders", "partitions": 1 }], "steps": [
              { "produce": "orders", "count": 10, "key": "{{index}}" },
              { "group": "kitchen", "subscribe": "orders", "members": ["ann"],
                "client": { "session.timeout.ms": 1000, "heartbeat.interval.ms": 100 } },
              { "consume": "orders", "group": "kitchen", "commit": \(commit) },
              { "group": "kitchen", "crash": "ann" },
              { "consume": "orders", "group": "kitchen" } ] }
            """)
        #expect(outcome.printedDiagnostics == "")
        #expect(outcome.consumed(3)?.messages == 10)
        #expect(
            outcome.consumed(3)?.topics["orders"]?.partitions[0]?.committed
                == (redelivered == 10 ? nil : 10 - Int64(redelivered)))
        #expect(outcome.consumed(5)?.redelivered == redelivered)
        #expect(outcome.consumed(5)?.messages == redelivered)
    }

    /// A timer commits while it reads, and leaving commits the rest.
    @Test func theClientCommitsByItself() async throws {
        let outcome = try await run(
            """
            { "name": "test", "topics": [{ "name": "orders", "partitions": 2 }], "steps": [
              { "produce": "orders", "count": 10, "key": "{{index}}" },
              { "consume": "orders", "group": "kitchen", "commit": "auto", "expect": { "lag": 0 } },
              { "produce": "orders", "count": 10, "key": "{{index}}" },
              { "group": "kitchen", "subscribe": "orders", "members": ["ann"] },
              { "consume": "orders", "group": "kitchen", "commit": { "auto": "100ms" }, "until": { "idle": "600ms" },
                "expect": { "lag": 0, "redelivered": 0, "messages": 10 } } ] }
            """)
        #expect(outcome.printedDiagnostics == "")
    }

    /// Nothing may come after the end; what comes is told.
    @Test func whatComesAfterTheEnd() async throws {
        let outcome = try await run(
            """
            { "name": "test", "topics": [{ "name": "orders", "partitions": 1 }], "steps": [
              { "produce": "orders", "count": 3, "key": "{{index}}" },
              { "consume": "orders", "settle": "100ms", "expect": { "messages": 3 } },
              { "consume": "orders", "until": { "messages": 2 }, "settle": "300ms" } ] }
            """)
        #expect(outcome.stepStatuses == [.passed, .passed, .failed])
        #expect(outcome.consumed(2)?.late == 0)
        #expect(outcome.consumed(3)?.late == 1)
        #expect(outcome.consumed(3)?.messages == 3)
        #expect(
            printed(outcome.steps[2].diagnostics) == """
                error: 1 more message came after the end
                 --> test.json:4:64
                  |
                  | consume orders                                                step 3 of 3
                4 |   { "consume": "orders", "until": { "messages": 2 }, "settle": "<time>" } ] }
                  |                                                                ^^^^^^^ nothing was to come for so long
                """)
    }

    /// What is delayed takes so long, and a pace is kept.
    @Test func ratesAndLatencies() async throws {
        let outcome = try await run(
            """
            { "name": "test", "topics": [{ "name": "orders", "partitions": 1 }], "steps": [
              { "fault": "delay", "request": "Produce", "by": "200ms", "times": 1 },
              { "produce": "orders", "messages": [{ "value": "a" }],
                "expect": { "latency": { "p50": { "min": "190ms" }, "max": { "min": "190ms", "max": "2s" } } } },
              { "produce": "orders", "count": 100, "rate": 200, "linger": "0ms",
                "expect": { "rate": { "min": 100, "max": 220 }, "latency": { "p50": { "max": "150ms" } } } },
              { "produce": "orders", "count": 0, "expect": { "rate": null } },
              { "consume": "orders", "expect": { "latency": { "p50": { "max": "20s" } }, "rate": { "min": 100 } } },
              { "produce": "orders", "messages": [{ "value": "old", "timestamp": "{{1767225600000}}" }] },
              { "consume": "orders", "expect": { "latency": { "max": "1h" } } } ] }
            """)
        #expect(outcome.stepStatuses.dropLast().allSatisfy { $0 == .passed })
        #expect(outcome.steps[6].diagnostics.map(\.title) == ["the latency is not as expected"])
        // More than a day is a day.
        #expect(outcome.consumed(7)?.latency.map { $0.max >= .seconds(85_000) } == true)
        #expect(outcome.produced(4)?.latency == nil)
    }
}
