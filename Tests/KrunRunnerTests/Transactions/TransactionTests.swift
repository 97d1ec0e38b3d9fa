import KrunDiagnostics
import KrunOutcome
import Testing

@testable import KrunRunner

/// Producers by name, their transactions, and who reads what of them.
@Suite(.serialized, .timeLimit(.minutes(3))) struct TransactionTests {
    private static let file = #""name": "test", "timeouts": { "deliver": "20s" }"#

    private func steps(_ steps: String, topics: String = #"[{ "name": "orders" }]"#) async throws -> ScenarioOutcome {
        try await run(#"{ \#(Self.file), "topics": \#(topics), "steps": [\#(steps)] }"#)
    }

    private func transactions(_ outcome: ScenarioOutcome) -> [String?] {
        outcome.steps.map { step in
            switch step.result {
            case .produce(let outcome): outcome.transaction?.rawValue
            case .transaction(let outcome): "\(outcome.producer): \(outcome.error ?? outcome.end.rawValue)"
            default: nil
            }
        }
    }

    /// A transaction goes on from step to step until one ends it, and its marker takes an offset.
    @Test func aTransactionGoesOn() async throws {
        let outcome = try await steps(
            """
            { "produce": "orders", "count": 2, "value": "a", "producer": "till", "transaction": "open" },
            { "produce": "orders", "count": 2, "value": "b", "producer": "till", "transaction": "open" },
            { "consume": "orders", "group": "one", "isolation": "read_committed" },
            { "produce": "orders", "count": 1, "value": "c", "producer": "till", "transaction": "commit" },
            { "consume": "orders", "group": "one", "isolation": "read_committed" },
            { "produce": "orders", "count": 1, "value": "d", "producer": "till", "transaction": "open" },
            { "transaction": "till", "end": "abort" },
            { "consume": "orders", "group": "one", "isolation": "read_committed" },
            { "consume": "orders" }
            """)
        #expect(outcome.printedDiagnostics == "")
        #expect(transactions(outcome) == ["open", "open", nil, "committed", nil, "open", "till: abort", nil, nil])
        #expect([1, 2, 4, 6].map { outcome.produced($0)?.records.partitions[0]?.first } == [0, 2, 4, 6])
        #expect([3, 5, 8, 9].map { outcome.consumed($0)?.messages } == [0, 5, 0, 6])
        // Behind the marker of the commit, and of the abort.
        #expect([3, 5, 8].map { outcome.consumed($0)?.committed } == [[0], [6], [8]])
        #expect([3, 5, 8].map { outcome.consumed($0)?.lag } == [0, 0, 0])
        for step in [3, 5, 8] {
            #expect(outcome.verdict(.noLoss, step: step) == .held)
            #expect(outcome.verdict(.abortedInvisible, step: step) == .held)
        }
        #expect(outcome.verdict(.noLoss, step: 9) == .held)
        #expect(outcome.verdict(.noDuplicates, step: 9) == .held)
        #expect(outcome.verdict(.abortedInvisible, step: 9) == .nothingToJudge("with read_uncommitted all is read"))
        #expect(outcome.invariants.first { $0.invariant == .abortedInvisible }?.verdict == .held)
        #expect(
            outcome.invariants.first { $0.invariant == .fencedSilent }?.verdict
                == .nothingToJudge("no producer was fenced"))
    }

    /// A transaction over several topics and partitions is seen whole or not at all.
    @Test func severalTopicsInOne() async throws {
        let outcome = try await steps(
            """
            { "produce": "orders", "count": 30, "partition": "{{index % 3}}", "producer": "till", "transaction": "open" },
            { "produce": "bills", "count": 10, "partition": "{{index % 2}}", "producer": "till", "transaction": "open" },
            { "consume": ["orders", "bills"], "isolation": "read_committed" },
            { "transaction": "till", "end": "commit" },
            { "consume": ["orders", "bills"], "group": "all", "members": 2, "isolation": "read_committed" }
            """, topics: #"[{ "name": "orders", "partitions": 3 }, { "name": "bills", "partitions": 2 }]"#)
        #expect(outcome.printedDiagnostics == "")
        #expect([3, 5].map { outcome.consumed($0)?.messages } == [0, 40])
        #expect(outcome.consumed(5)?.topics["orders"]?.partitions.values.map(\.committed) == [11, 11, 11])
        #expect(outcome.consumed(5)?.topics["bills"]?.partitions.values.map(\.committed) == [6, 6])
        #expect(outcome.consumed(5)?.lag == 0)
        #expect(outcome.verdict(.abortedInvisible, step: 5) == .held)
    }

    /// What is in no transaction and stands behind an open one is not lost, and lag counts to the first record of that.
    @Test func lagCountsToTheLastStableOffset() async throws {
        let outcome = try await steps(
            """
            { "produce": "orders", "count": 3, "value": "a" },
            { "produce": "orders", "count": 2, "value": "b", "producer": "till", "transaction": "open" },
            { "produce": "orders", "count": 5, "value": "c" },
            { "consume": "orders", "group": "committed", "isolation": "read_committed", "commit": "none" },
            { "consume": "orders", "group": "all", "commit": "none" }
            """)
        #expect(outcome.printedDiagnostics == "")
        #expect([4, 5].map { outcome.consumed($0)?.messages } == [3, 10])
        #expect([4, 5].map { outcome.consumed($0)?.lag } == [3, 10])
        #expect([4, 5].map { outcome.verdict(.noLoss, step: $0) } == [.held, .held])
    }

    @Test func aSecondProducerFencesTheFirst() async throws {
        let outcome = try await steps(
            """
            { "produce": "orders", "count": 2, "producer": "one", "transaction": "open", "transactionalId": "till" },
            { "produce": "orders", "count": 3, "producer": "two", "transaction": "commit", "transactionalId": "till" },
            { "produce": "orders", "count": 4, "producer": "one", "transaction": "commit",
              "expect": { "messages": 0, "failed": 4, "error": "PRODUCER_FENCED" } },
            { "produce": "orders", "count": 4, "producer": "one", "transaction": "abort", "expect": { "error": "_FENCED" } },
            { "produce": "orders", "count": 1, "producer": "two", "transaction": "commit" },
            { "consume": "orders", "isolation": "read_committed", "expect": { "messages": 4 } }
            """)
        #expect(outcome.printedDiagnostics == "")
        #expect(outcome.produced(3)?.errors == ["PRODUCER_FENCED": 4])
        #expect(
            [1, 2, 3, 4, 5].map { outcome.produced($0)?.error } == [
                nil, nil, "PRODUCER_FENCED", "PRODUCER_FENCED", nil,
            ])
        #expect(transactions(outcome) == ["open", "committed", "aborted", nil, "committed", nil])
        let fenced = [1, 2, 3, 4].map { outcome.verdict(.fencedSilent, step: $0) }
        let nobody = InvariantOutcome.Verdict.nothingToJudge("no producer was fenced")
        #expect(fenced == [nobody, nobody, .held, .held])
        #expect(outcome.invariants.first { $0.invariant == .fencedSilent }?.verdict == .held)
        #expect(outcome.verdict(.abortedInvisible, step: 6) == .held)
    }

    /// Side by side, each new producer fences the one before it, whenever that comes: whole transactions are read, and nobody is told
    /// anything after it was fenced.
    @Test func producersFenceEachOtherSideBySide() async throws {
        func branch(_ name: String) -> String {
            """
            { "repeat": 8, "steps": [{ "produce": "orders", "count": 25, "partition": "{{index % 3}}", "producer": "\(name)-{{round}}",
              "transactionalId": "till", "transaction": "commit",
              "expect": { "error": { "oneOf": [null, "PRODUCER_FENCED"] } } }] }
            """
        }
        let outcome = try await steps(
            """
            { "together": [\(branch("one")), \(branch("two")), \(branch("three"))] },
            { "consume": "orders", "isolation": "read_committed" }
            """, topics: #"[{ "name": "orders", "partitions": 3 }]"#)
        #expect(printed(outcome.allSteps.flatMap(\.diagnostics)) == "")
        let produced = outcome.allSteps.compactMap { step -> ProduceOutcome? in
            if case .produce(let outcome)? = step.result { outcome } else { nil }
        }
        #expect(produced.count == 24)
        #expect(produced.allSatisfy { ($0.error == nil) == ($0.transaction == .committed) })
        let committed = produced.count { $0.transaction == .committed }
        #expect(outcome.consumed(2)?.messages == 25 * committed)
        #expect(outcome.verdict(.noLoss, step: 2) == .held)
        #expect(outcome.verdict(.abortedInvisible, step: 2) == .held)
        for case .broken(_, let cases, _)? in [outcome.invariants.first { $0.invariant == .fencedSilent }?.verdict] {
            Issue.record("fenced-silent is broken: \(cases)")
        }
    }

    /// An open transaction for longer than its producer said is aborted by its coordinator, and the producer fenced.
    @Test func aTransactionRunsOutOfTime() async throws {
        let outcome = try await steps(
            """
            { "produce": "orders", "count": 2, "producer": "slow", "transaction": "open",
              "client": { "transaction.timeout.ms": 1000 } },
            { "pause": "2s" },
            { "transaction": "slow", "end": "commit", "expect": { "error": { "matches": "FENCED|INVALID_PRODUCER" } } },
            { "consume": "orders", "isolation": "read_committed", "expect": { "messages": 0 } }
            """)
        #expect(outcome.printedDiagnostics == "")
        #expect(outcome.verdict(.abortedInvisible, step: 4) == .held)
    }

    @Test func whatFailsWithoutBeingMeantToIsTold() async throws {
        let outcome = try await steps(
            """
            { "produce": "orders", "count": 1, "producer": "one", "transaction": "open", "transactionalId": "till" },
            { "produce": "orders", "count": 1, "producer": "two", "transaction": "commit", "transactionalId": "till" },
            { "transaction": "one", "end": "commit" },
            { "consume": "orders" }
            """)
        #expect(outcome.status == .error)
        #expect(outcome.stepStatuses == [.passed, .passed, .error])
        #expect(
            outcome.printedDiagnostics.replacing(/: Failed to end transaction.*/, with: ": …") == """
                error: the transaction of producer one failed
                 --> test.json:3:18
                  |
                  | transaction one: commit                                       step 3 of 4
                3 | { "transaction": "one", "end": "commit" },
                  |                  ^^^^^
                  |
                  = _FENCED while committing a transaction: …
                  = another producer with its transactional id has got ready since, or transaction.timeout.ms ran out: what was open is aborted
                  = a step that is meant to fail says so: "expect": { "error": "PRODUCER_FENCED" }
                """)
    }

    @Test func whatIsMeantToFailAndDoesNotIsTold() async throws {
        let outcome = try await steps(
            """
            { "produce": "orders", "count": 1, "transaction": "commit", "expect": { "error": "PRODUCER_FENCED" } },
            { "produce": "orders", "count": 2, "expect": { "error": { "MSG_SIZE_TOO_LARGE": 1 } } },
            { "produce": "orders", "messages": [{ "value": { "bytes": 3000000 } }, { "value": "x" }],
              "expect": { "error": { "MSG_SIZE_TOO_LARGE": 1 } } },
            { "produce": "orders", "messages": [{ "value": { "bytes": 3000000 } }], "expect": { "error": "MSG_SIZE_TOO_LARGE" } }
            """)
        #expect(outcome.stepStatuses == [.failed, .failed, .passed, .passed])
        #expect(
            outcome.steps.flatMap(\.diagnostics).map(\.title) == [
                "the step ended otherwise than expected",
                "another number of messages failed with MSG_SIZE_TOO_LARGE than expected",
            ])
        #expect(outcome.steps.flatMap(\.diagnostics).map(\.label) == ["actual: null", "actual: 0"])
    }

    /// One client sends for all steps that name it: a burst without keys goes on where it was.
    @Test func stepsShareAProducer() async throws {
        let sticky = #""client": { "sticky.partitioning.linger.ms": 900000 }"#
        let named = (0..<4).map { _ in #"{ "produce": "orders", "count": 5, "producer": "till", \#(sticky) }"# }
        let outcome = try await steps(
            named.joined(separator: ","), topics: #"[{ "name": "orders", "partitions": 50 }]"#)
        #expect(outcome.printedDiagnostics == "")
        let places = (1...4).map { step in
            outcome.produced(step)?.records.partitions.filter { $0.value.messages > 0 }.map(\.key) ?? []
        }
        #expect(Set(places).count == 1)
        #expect(places[0].count == 1)
        #expect((1...4).map { outcome.produced($0)?.producer } == ["till", "till", "till", "till"])
    }

    // MARK: Read, process, write

    private static let group =
        #"{ "group": "kitchen", "subscribe": "orders", "members": ["ann", "bob"], "assignor": "range" }"#
    private static let two = #"[{ "name": "orders", "partitions": 2 }, { "name": "meals" }]"#

    /// Positions are committed with the transaction, or not at all.
    @Test func offsetsGoIntoTheTransaction() async throws {
        let outcome = try await steps(
            """
            { "produce": "orders", "count": 10, "partition": "{{index % 2}}" },
            \(Self.group),
            { "consume": "orders", "group": "kitchen", "commit": "none", "expect": { "lag": 10 } },
            { "produce": "meals", "count": 10, "transaction": "abort", "offsetsOf": "kitchen" },
            { "consume": "orders", "group": "kitchen", "commit": "none", "expect": { "messages": 0, "lag": 10 } },
            { "produce": "meals", "count": 10, "producer": "cook", "transaction": "open", "offsetsOf": "kitchen" },
            { "consume": "orders", "group": "kitchen", "commit": "none", "expect": { "messages": 0, "lag": 10 } },
            { "produce": "meals", "count": 1, "producer": "cook", "transaction": "commit", "offsetsOf": "kitchen" },
            { "consume": "orders", "group": "kitchen", "commit": "none",
              "expect": { "messages": 0, "lag": 0, "committed": { "0": 5, "1": 5 } } },
            { "consume": "meals", "isolation": "read_committed", "expect": { "messages": 11 } }
            """, topics: Self.two)
        #expect(outcome.printedDiagnostics == "")
        #expect(outcome.verdict(.commitNotAhead, step: 9) == .held)
        #expect(outcome.verdict(.abortedInvisible, step: 10) == .held)
    }

    /// Where those stood who have left goes into no transaction.
    @Test func whoHasLeftHasNoPosition() async throws {
        let outcome = try await steps(
            """
            { "produce": "orders", "count": 4, "partition": 0 },
            \(Self.group),
            { "consume": "orders", "group": "kitchen", "commit": "none" },
            { "group": "kitchen", "members": [] },
            { "group": "kitchen", "members": ["ann"] },
            { "produce": "meals", "count": 1, "transaction": "commit", "offsetsOf": "kitchen" },
            { "consume": "orders", "group": "kitchen", "commit": "none", "expect": { "messages": 4, "redelivered": 4 } }
            """, topics: Self.two)
        // Nobody who is there has read anything: nothing is committed.
        #expect(outcome.printedDiagnostics == "")
        #expect(outcome.consumed(7)?.committed == [nil, nil])
    }
}
