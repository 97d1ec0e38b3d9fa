import KrunConnection
import KrunKafka
import KrunOutcome
import KrunRunner
import Testing

/// Transactions on a cluster that others use, too: names get a suffix, and nothing is left open.
@Suite(.serialized, .timeLimit(.minutes(3)))
struct TransactionTests {
    private static let topics = #""topics": [{ "name": "orders", "partitions": 2 }, { "name": "meals" }]"#

    @Test func isolationAndTheEnd() async throws {
        let outcome = try await run(
            """
            { "name": "test", \(patience), \(Self.topics), "steps": [
              { "produce": "orders", "count": 4, "partition": "{{index % 2}}", "transaction": "commit" },
              { "produce": "orders", "count": 4, "partition": "{{index % 2}}", "transaction": "abort" },
              { "produce": "orders", "count": 2, "partition": "{{index % 2}}", "producer": "till", "transaction": "open" },
              { "consume": "orders", "group": "committed", "isolation": "read_committed" },
              { "consume": "orders", "group": "all" }
            ] }
            """)
        #expect(outcome.printedDiagnostics == "")
        #expect([4, 5].map { outcome.consumed($0)?.messages } == [4, 10])
        #expect([4, 5].map { outcome.consumed($0)?.lag } == [0, 0])
        // Two records and a marker, two aborted ones and theirs, and one of the open transaction.
        let committed = [4, 5].map { step in
            outcome.consumed(step)?.topics["orders"]?.partitions.sorted { $0.key < $1.key }.map(\.value.committed)
        }
        #expect(committed == [[6, 6], [7, 7]])
        #expect(outcome.verdict(.noLoss, step: 4) == .held)
        #expect(outcome.verdict(.abortedInvisible, step: 4) == .held)
        #expect(outcome.verdict(.noLoss, step: 5) == .held)
        try await expectNothingLeft(by: outcome)
    }

    /// Two runs of one file at a time do not fence each other: ids have a suffix, as topics and groups have.
    @Test func runsSideBySideDoNotMeet() async throws {
        let text = """
            { "name": "test", \(patience), \(Self.topics), "steps": [
              { "repeat": 10, "steps": [
                { "produce": "orders", "count": 10, "producer": "till", "transactionalId": "krun-test-till",
                  "transaction": "commit" } ] },
              { "consume": "orders", "isolation": "read_committed", "expect": { "messages": 100 } } ] }
            """
        async let one = run(text)
        async let other = run(text)
        let outcomes = try await [one, other]
        #expect(outcomes.map(\.printedDiagnostics) == ["", ""])
        #expect(outcomes.map(\.status) == [.passed, .passed])
        for outcome in outcomes { try await expectNothingLeft(by: outcome) }
    }

    @Test func fencingAndOffsets() async throws {
        let outcome = try await run(
            """
            { "name": "test", \(patience), \(Self.topics), "steps": [
              { "produce": "orders", "count": 6, "partition": "{{index % 2}}" },
              { "group": "kitchen", "subscribe": "orders", "members": 2 },
              { "consume": "orders", "group": "kitchen", "commit": "none" },
              { "produce": "meals", "count": 6, "producer": "one", "transactionalId": "kitchen", "transaction": "open",
                "offsetsOf": "kitchen" },
              { "produce": "meals", "count": 6, "producer": "two", "transactionalId": "kitchen", "transaction": "commit",
                "offsetsOf": "kitchen" },
              { "transaction": "one", "end": "commit", "expect": { "error": "PRODUCER_FENCED" } },
              { "produce": "meals", "count": 1, "producer": "one", "transaction": "abort",
                "expect": { "messages": 0, "error": "PRODUCER_FENCED" } },
              { "consume": "orders", "group": "kitchen", "commit": "none",
                "expect": { "messages": 0, "lag": 0, "committed": { "0": 3, "1": 3 } } },
              { "consume": "meals", "isolation": "read_committed", "expect": { "messages": 6 } }
            ] }
            """)
        #expect(outcome.printedDiagnostics == "")
        #expect(outcome.invariants.first { $0.invariant == .fencedSilent }?.verdict == .held)
        #expect(outcome.invariants.first { $0.invariant == .abortedInvisible }?.verdict == .held)
        try await expectNothingLeft(by: outcome)
    }

    /// A topic that others go on reading: the end of a run leaves no transaction open in it.
    @Test func nothingIsLeftOpen() async throws {
        let name = SharedKafka.freshName("orders")
        try await blocking { try SharedKafka.create(NewTopic(name: name, partitions: 1)) }
        let outcome = try await run(
            """
            { "name": "test", \(patience), "topics": [{ "name": "\(name)", "existing": true }], "steps": [
              { "produce": "\(name)", "count": 3, "producer": "till", "transaction": "open" },
              { "consume": "\(name)", "expect": { "messages": 4 } } ] }
            """)
        #expect(outcome.status == .failed)
        let ends = try await blocking {
            try ["read_committed", "read_uncommitted"].map { isolation in
                let admin = try AdminClient(
                    properties: SharedKafka.properties.merging([
                        "bootstrap.servers": SharedKafka.addresses, "isolation.level": isolation,
                    ]), log: ClientLog())
                // The marker comes a moment after the answer.
                let deadline = ContinuousClock.now + .seconds(10)
                while true {
                    let end = try admin.endOffsets([TopicPartition(name, 0)], timeout: .seconds(20)).values.first
                    if end == 4 || .now > deadline { return end }
                }
            }
        }
        #expect(ends == [4, 4])
        try await blocking { try SharedKafka.delete(topics: [name]) }
    }
}
