import KrunOutcome
import Synchronization
import Testing

@testable import KrunBroker

/// `aborted-invisible` and `fenced-silent` broken on purpose in a whole run; and the same trouble with which they hold.
@Suite(.serialized, .timeLimit(.minutes(2))) struct TransactionsBrokenTests {
    // MARK: aborted-invisible

    /// Somebody makes the topic anew and puts back what stood in it, as from a copy without the markers of transactions: what was aborted,
    /// or is open, is read. Where the copy is aborted, too, it is not.
    @Test(arguments: ["abort", "open"], [false, true])
    func somebodyRestoresATopic(transaction: String, asItWas: Bool) async throws {
        let somebody = try Somebody()
        defer { somebody.cluster.close() }
        let outcome = try await run(
            """
            { "name": "test", "topics": [{ "name": "orders" }], "steps": [
              { "produce": "orders", "count": 3, "producer": "till", "transaction": "\(transaction)" },
              { "consume": "orders", "isolation": "read_committed" } ] }
            """,
            somebody.options([
                "2": {
                    try $0.makeAnew("orders")
                    try $0.write(3, to: "orders", asItWas ? .aborted : .plain(partitioner: nil))
                }
            ]))
        #expect(somebody.troubles == [])
        #expect(outcome.consumed(2)?.messages == (asItWas ? 0 : 3))
        let kind = transaction == "open" ? "an open" : "an aborted"
        let seen = InvariantOutcome.Verdict.broken(
            3, "orders/0 offsets 0 to 2 of \(kind) transaction of producer till were read")
        #expect(outcome.verdict(.abortedInvisible, step: 2) == (asItWas ? .held : seen))
        #expect(outcome.status == (asItWas ? .passed : .failed))
    }

    /// Somebody has the topic compacted, and its configs say so no more when it is read: of a committed transaction the last record of each key stays.
    @Test(arguments: [(1, false), (3, true)]) func somebodyCompacts(keys: Int, holds: Bool) async throws {
        let somebody = try Somebody()
        defer { somebody.cluster.close() }
        let outcome = try await run(
            """
            { "name": "test", "allow": ["no-loss"], "topics": [{ "name": "orders" }], "steps": [
              { "produce": "orders", "count": 3, "key": "{{index % \(keys)}}", "value": "{{index}}", "producer": "till",
                "transaction": "commit" },
              { "consume": "orders", "isolation": "read_committed" } ] }
            """, somebody.options(["2": { try $0.compact("orders") }]))
        #expect(somebody.troubles == [])
        #expect(outcome.consumed(2)?.messages == (holds ? 3 : 1))
        let missed = InvariantOutcome.Verdict.broken(
            2, "orders/0 offsets 0 to 1 of a committed transaction of producer till were not read")
        #expect(outcome.verdict(.abortedInvisible, step: 2) == (holds ? .held : missed))
        #expect(outcome.status == (holds ? .passed : .failed))
    }

    /// Somebody gets ready with the scenario's transactional id: that aborts what is open, whatever the scenario believes, and nobody reads it.
    @Test func somebodyFencesTheProducer() async throws {
        let somebody = try Somebody()
        defer { somebody.cluster.close() }
        let outcome = try await run(
            """
            { "name": "test", "topics": [{ "name": "orders" }], "steps": [
              { "produce": "orders", "count": 3, "producer": "till", "transaction": "open" },
              { "consume": "orders", "isolation": "read_committed" },
              { "transaction": "till", "end": "commit", "expect": { "error": "PRODUCER_FENCED" } },
              { "consume": "orders", "isolation": "read_committed" } ] }
            """, somebody.options(["2": { try $0.fence("till") }]))
        #expect(somebody.troubles == [])
        #expect(outcome.printedDiagnostics == "")
        #expect([2, 4].map { outcome.consumed($0)?.messages } == [0, 0])
        #expect([2, 4].map { outcome.verdict(.abortedInvisible, step: $0) } == [.held, .held])
        #expect(outcome.status == .passed)
    }

    // MARK: fenced-silent

    /// A topic that is made anew knows of no epoch: what a fenced producer still sends to it is acknowledged, unless its leader asks the
    /// coordinator whether that transaction is open, as Kafka does since 3.6 (KIP-890).
    @Test(arguments: [false, true]) func aNewLogKnowsOfNoFencing(verifies: Bool) async throws {
        let somebody = try Somebody(configs: ["transaction.partition.verification.enable": "\(verifies)"])
        defer { somebody.cluster.close() }
        let outcome = try await run(
            """
            { "name": "test", "topics": [{ "name": "orders" }], "steps": [
              { "produce": "orders", "count": 2, "producer": "one", "transaction": "open", "transactionalId": "till" },
              { "produce": "orders", "count": 1, "producer": "two", "transaction": "commit", "transactionalId": "till" },
              { "produce": "orders", "producer": "one", "transaction": "open", "messages": [{ "key": "a" }, { "key": "b" }],
                "expect": { "error": { "oneOf": [null, "PRODUCER_FENCED"] } } } ] }
            """, somebody.options(["3": { try $0.makeAnew("orders") }]))
        #expect(somebody.troubles == [])
        #expect(outcome.produced(3)?.messages == (verifies ? 0 : 2))
        let heard = InvariantOutcome.Verdict.broken(
            2, "orders/0 offset 0, key \"a\", was acknowledged after its producer was fenced",
            "orders/0 offset 1, key \"b\", was acknowledged after its producer was fenced")
        #expect(outcome.verdict(.fencedSilent, step: 3) == (verifies ? .held : heard))
        #expect(outcome.status == (verifies ? .passed : .failed))
    }

    /// A coordinator that loses the last of what it wrote, as after an unclean election, lets the producer before the last one commit.
    @Test(arguments: [false, true]) func aCoordinatorForgets(isSound: Bool) async throws {
        let somebody = try Somebody()
        defer { somebody.cluster.close() }
        let before = Mutex<TransactionCoordinator?>(nil)
        let outcome = try await run(
            """
            { "name": "test", "topics": [{ "name": "orders" }], "steps": [
              { "produce": "orders", "messages": [{ "key": "a" }], "producer": "one", "transaction": "commit",
                "transactionalId": "till" },
              { "produce": "orders", "count": 0, "producer": "two", "transaction": "commit", "transactionalId": "till" },
              { "produce": "orders", "messages": [{ "key": "b" }], "producer": "one", "transaction": "commit",
                "expect": { "error": { "oneOf": [null, "PRODUCER_FENCED"] } } } ] }
            """,
            somebody.options([
                "2": { somebody in
                    let known = try somebody.cluster.onLoop { core throws(ClusterError) in core.transactions }
                    before.withLock { $0 = known }
                },
                "3": { somebody in
                    guard !isSound, let known = before.withLock({ $0 }) else { return }
                    try somebody.cluster.onLoop { core throws(ClusterError) in core.transactions = known }
                },
            ]))
        #expect(somebody.troubles == [])
        #expect(outcome.produced(3)?.messages == (isSound ? 0 : 1))
        let heard = InvariantOutcome.Verdict.broken(
            2, "orders/0 offset 2, key \"b\", was acknowledged after its producer was fenced",
            "a transaction of producer one was committed after it was fenced")
        #expect(outcome.verdict(.fencedSilent, step: 3) == (isSound ? .held : heard))
        #expect(outcome.status == (isSound ? .passed : .failed))
    }
}
