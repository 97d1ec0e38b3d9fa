import KrunDiagnostics
import KrunOutcome
import KrunRunner
import Testing

/// Every form of `from`, and what is said of what it passes over.
@Suite(.timeLimit(.minutes(1))) struct ReadingStartTests {
    /// Ten records in partition 0 and five in partition 1, a day apart.
    private func reading(_ steps: String) async throws -> ScenarioOutcome {
        try await run(
            """
            { "name": "test", "topics": [{ "name": "orders", "partitions": 2, "config": { "retention.ms": -1 } }, { "name": "quiet" }],
              "steps": [
                { "produce": "orders", "count": 10, "partition": 0, "timestamp": "{{1767225600000 + index * 86400000}}" },
                { "produce": "orders", "count": 5, "partition": 1, "timestamp": "{{1767225600000 + index * 86400000}}" },
                \(steps)
              ] }
            """)
    }

    @Test(arguments: [
        (#""earliest""#, [10, 5]), (#""latest""#, [0, 0]), ("-3", [3, 3]), ("-8", [8, 5]),
        (#""2026-01-04T00:00:00Z""#, [7, 2]), ("1767571200000", [6, 1]), (#"{ "0": 4 }"#, [6, 5]),
        (#"{ "0": "latest", "1": -2 }"#, [0, 2]), (#"{ "orders": { "1": "2026-01-05T00:00:00Z" } }"#, [10, 1]),
    ])
    func withAndWithoutAGroup(from: String, messages: [Int]) async throws {
        let outcome = try await reading(
            """
            { "consume": "orders", "from": \(from) },
            { "consume": "orders", "group": "billing", "from": \(from), "expect": { "committed": { "0": 10, "1": 5 }, "lag": 0 } }
            """)
        #expect(outcome.printedDiagnostics == "")
        for step in [3, 4] {
            #expect(outcome.consumed(step)?.extents.map(\.messages) == messages)
            // Without a broken one, and without a lost record where the file asked to pass over it.
            let verdict = try #require(outcome.verdict(.noLoss, step: step))
            #expect(verdict == .held || verdict == .nothingToJudge("reading began behind all that was acknowledged"))
        }
    }

    /// With several topics the object says of which; the others begin at the default.
    @Test func byTopic() async throws {
        let outcome = try await reading(
            """
            { "produce": "quiet", "count": 3 },
            { "consume": ["orders", "quiet"], "from": { "quiet": { "0": 1 }, "orders": { "0": -1 } },
              "expect": { "topics": { "quiet": { "partitions": { "0": { "messages": 2, "first": 1 } } },
                                      "orders": { "partitions": { "0": { "first": 9 }, "1": { "messages": 5 } } } } } }
            """)
        #expect(outcome.printedDiagnostics == "")
    }

    @Test func resetsOnlyWhereNothingIsCommitted() async throws {
        let outcome = try await reading(
            """
            { "consume": "orders", "group": "billing", "from": { "1": "latest" }, "until": { "messages": 2 },
              "expect": { "committed": { "0": 2, "1": 5 } } },
            { "consume": "orders", "group": "billing", "from": { "committed": "latest" }, "expect": { "messages": 8 } },
            { "consume": "orders", "group": "new", "from": { "committed": "latest" },
              "expect": { "messages": 0, "committed": { "0": 10, "1": 5 } } },
            { "consume": "orders", "group": "newer", "from": { "committed": "earliest" }, "expect": { "messages": 15 } },
            { "consume": "orders", "group": "newest", "from": { "0": "committed", "1": 4 }, "expect": { "messages": 11 } }
            """)
        #expect(outcome.printedDiagnostics == "")
        #expect(outcome.verdict(.noLoss, step: 4) == .held)
    }

    /// What the log does not have is a warning, and reading begins where it has something.
    @Test func anOffsetThatIsNotThere() async throws {
        let outcome = try await reading(
            """
            { "topic": "orders", "deleteRecords": { "0": 3 } },
            { "consume": "orders", "from": { "0": 1, "1": 9 }, "expect": { "messages": 7 } }
            """)
        #expect(outcome.stepStatuses == [.passed, .passed, .passed, .passed])
        #expect(
            printed(outcome.steps[3].diagnostics) == """
                warning: "from" names an offset that the log does not have
                 --> test.json:6:32
                  |
                  | consume orders                                                step 4 of 4
                6 | { "consume": "orders", "from": { "0": 1, "1": 9 }, "expect": { "messages": 7 } }
                  |                                ^^^^^^^^^^^^^^^^^^
                  |
                  = orders/0: 1 is asked for, and the log begins at 3 and ends at 10: reading began at offset 3
                  = orders/1: 9 is asked for, and the log begins at 0 and ends at 5: reading began at offset 5
                """)
        #expect(
            outcome.verdict(.noLoss, step: 4)
                == .notJudged("acknowledged records before offset 3 of orders/0 were removed before they were read"))
        #expect(outcome.consumed(4)?.topics["orders"]?.partitions[0]?.removed == 2)
    }

    /// `auto.offset.reset` counts as well where what is committed is not there any more.
    @Test func latestOutOfRange() async throws {
        let outcome = try await reading(
            """
            { "consume": "orders", "group": "billing", "until": { "messages": 1 }, "from": { "1": "latest" } },
            { "topic": "orders", "deleteRecords": { "0": 5 } },
            { "consume": "orders", "group": "billing", "from": { "committed": "latest" }, "expect": { "messages": 0 } }
            """)
        #expect(outcome.stepStatuses == [.passed, .passed, .passed, .passed, .passed])
        #expect(
            outcome.consumed(5)?.topics["orders"]?.partitions[0]?.reset
                == OffsetOutOfRange(committed: 1, logStart: 5, end: 10, start: 10))
        // It was the file that deleted them.
        #expect(outcome.printedDiagnostics == "")
    }
}
