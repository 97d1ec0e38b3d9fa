import KrunDiagnostics
import KrunOutcome
import KrunRunner
import Testing

/// Where a group stands, and is told to go on.
@Suite(.timeLimit(.minutes(1))) struct OffsetsStepTests {
    /// Ten records in partition 0, five in partition 1, a day apart, and a group that has read all of them.
    private func offsets(_ steps: String) async throws -> ScenarioOutcome {
        try await run(
            """
            { "name": "test", "topics": [{ "name": "orders", "partitions": 2, "config": { "retention.ms": -1 } }, { "name": "quiet" }],
              "steps": [
                { "produce": "orders", "count": 10, "partition": 0, "timestamp": "{{1767225600000 + index * 86400000}}" },
                { "produce": "orders", "count": 5, "partition": 1, "timestamp": "{{1767225600000 + index * 86400000}}" },
                { "consume": "orders", "group": "billing", "expect": { "messages": 15 } },
                \(steps)
              ] }
            """)
    }

    @Test func aLookChangesNothing() async throws {
        let outcome = try await offsets(
            """
            { "offsets": "billing", "topic": ["orders", "quiet"],
              "expect": { "committed": { "orders": { "0": 10, "1": 5 }, "quiet": { "0": null } }, "lag": 0 } },
            { "offsets": "billing", "expect": { "lag": 0 } },
            { "offsets": "nobody", "topic": "orders", "expect": { "committed": { "0": null }, "lag": 15 } }
            """)
        #expect(outcome.printedDiagnostics == "")
        let look = try #require(outcome.offsets(4))
        #expect(!look.resets)
        #expect(look.topics["quiet"]?[0] == PartitionOffsets(committed: nil, first: 0, end: 0))
        #expect(look.topics["orders"]?[1] == PartitionOffsets(committed: 5, first: 0, end: 5))
        // Without topics: what the group has committed in.
        #expect(outcome.offsets(5)?.topics.keys.sorted() == ["orders"])
    }

    @Test(arguments: [
        (#""earliest""#, [0, 0], 15), (#""latest""#, [10, 5], 0), ("-3", [7, 2], 6), ("-8", [2, 0], 13),
        (#""2026-01-04T00:00:00Z""#, [3, 3], 9), ("1767571200000", [4, 4], 7), (#""2026-01-08T00:00:00Z""#, [7, 5], 3),
        (#"{ "0": 4 }"#, [4, 5], 6), (#"{ "0": "latest", "1": -2 }"#, [10, 3], 2),
        (#"{ "orders": { "1": 0 } }"#, [10, 0], 5),
    ])
    func aResetGoesWhereItIsTold(to: String, committed: [Int64], lag: Int64) async throws {
        let outcome = try await offsets(
            """
            { "offsets": "billing", "topic": "orders", "reset": \(to) },
            { "consume": "orders", "group": "billing" },
            { "offsets": "billing", "expect": { "lag": 0 } }
            """)
        #expect(outcome.printedDiagnostics == "")
        let reset = try #require(outcome.offsets(4))
        #expect([0, 1].map { reset.topics["orders"]?[$0]?.committed } == committed)
        #expect(reset.lag == lag)
        #expect(outcome.consumed(5)?.messages == Int(lag))
        #expect(outcome.consumed(5)?.redelivered == Int(lag))
        #expect(outcome.verdict(.noLoss, step: 5) != nil)
        #expect(outcome.invariants.allSatisfy { if case .broken = $0.verdict { false } else { true } })
    }

    @Test func whatIsNotThereIsNoted() async throws {
        let outcome = try await offsets(
            """
            { "topic": "orders", "deleteRecords": { "0": 2 } },
            { "offsets": "billing", "topic": "orders", "reset": { "0": 1, "1": 50 } },
            { "offsets": "billing", "topic": "orders", "reset": -20 },
            { "offsets": "billing", "topic": "orders", "reset": "2030-01-01T00:00:00Z" }
            """)
        #expect(outcome.printedDiagnostics == "")
        func notes(_ step: Int) -> [OffsetNote?] {
            [0, 1].map { outcome.offsets(step)?.topics["orders"]?[$0]?.note }
        }
        #expect(notes(5) == [.beforeFirst(1), .beyondEnd(50)])
        #expect(notes(6) == [.fewer(than: 20), .fewer(than: 20)])
        #expect(notes(7) == [.noRecordAsLate, .noRecordAsLate])
        #expect(outcome.offsets(5)?.topics["orders"]?[0]?.committed == 2)
        #expect(outcome.offsets(5)?.topics["orders"]?[0]?.before == 10)
        #expect(outcome.offsets(5)?.moved == 1)
    }

    /// What a reset passes over nobody was to read: that is no loss, and the group's commits are not ahead of it.
    @Test func whatIsPassedOverIsNotLost() async throws {
        let outcome = try await run(
            """
            { "name": "test", "topics": [{ "name": "orders" }],
              "steps": [
                { "produce": "orders", "count": 10 },
                { "offsets": "billing", "topic": "orders", "reset": { "0": 6 } },
                { "consume": "orders", "group": "billing", "expect": { "messages": 4 } }
              ] }
            """)
        #expect(outcome.printedDiagnostics == "")
        #expect(outcome.verdict(.noLoss, step: 3) == .held)
        #expect(
            outcome.verdict(.commitNotAhead, step: 3)
                == .notJudged(
                    "billing committed offset 10 of orders/0 without reading offsets 0 to 5: \"from\" or \"reset\" passed over them"
                ))
    }

    @Test func aLiveMemberKeepsItsOffsets() async throws {
        let outcome = try await offsets(
            """
            { "group": "billing", "subscribe": "orders", "members": 1 },
            { "offsets": "billing", "reset": "earliest", "expect": { "error": "UNKNOWN_MEMBER_ID", "committed": { "orders": { "0": 10 } } } },
            { "offsets": "billing", "reset": "earliest" }
            """)
        #expect(outcome.stepStatuses == [.passed, .passed, .passed, .passed, .passed, .error])
        #expect(outcome.offsets(5)?.error == "UNKNOWN_MEMBER_ID")
        #expect(
            outcome.printedDiagnostics == """
                error: the offsets of group billing were not reset
                 --> test.json:8:14
                  |
                  | reset offsets of billing                                      step 6 of 6
                8 | { "offsets": "billing", "reset": "earliest" }
                  |              ^^^^^^^^^
                  |
                  = UNKNOWN_MEMBER_ID while committing offsets for group billing: Broker: Unknown member
                """)
    }

    @Test func anErrorThatDoesNotComeIsAFailure() async throws {
        let outcome = try await offsets(
            """
            { "offsets": "billing", "reset": "earliest", "expect": { "error": "UNKNOWN_MEMBER_ID" } }
            """)
        #expect(
            outcome.printedDiagnostics == """
                error: the step ended otherwise than expected
                 --> test.json:6:71
                  |
                  | reset offsets of billing                                      step 4 of 4
                6 |     { "offsets": "billing", "reset": "earliest", "expect": { "error": "UNKNOWN_MEMBER_ID" } }
                  |                                                                       ^^^^^^^^^^^^^^^^^^^ actual: null
                """)
    }
}

extension ScenarioOutcome {
    func offsets(_ step: Int) -> OffsetsOutcome? {
        guard steps.count >= step, case .offsets(let outcome)? = steps[step - 1].result else { return nil }
        return outcome
    }

    func topic(_ step: Int) -> TopicStepOutcome? {
        guard steps.count >= step, case .topic(let outcome)? = steps[step - 1].result else { return nil }
        return outcome
    }
}
