import KrunBroker
import KrunOutcome
import Testing

/// `no-loss` and `key-affinity` broken on purpose in a whole run, mostly by somebody whom the scenario does not know of; and the same
/// trouble with which they hold.
@Suite(.serialized, .timeLimit(.minutes(2))) struct RecordsBrokenTests {
    // MARK: no-loss

    /// Somebody has the topic compacted, and its configs say so no more when it is read: of each key the last record stays.
    @Test(arguments: [(3, false), (10, true)]) func somebodyCompacts(keys: Int, holds: Bool) async throws {
        let somebody = try Somebody()
        defer { somebody.cluster.close() }
        let outcome = try await run(
            """
            { "name": "test", "topics": [{ "name": "orders" }], "steps": [
              { "produce": "orders", "count": 10, "key": "{{index % \(keys)}}", "value": "{{index}}" },
              { "consume": "orders", "group": "kitchen" } ] }
            """, somebody.options(["2": { try $0.compact("orders") }]))
        #expect(somebody.troubles == [])
        #expect(outcome.consumed(2)?.messages == (holds ? 10 : 3))
        let lost = InvariantOutcome.Verdict.broken(7, "orders/0 offsets 0 to 6 were acknowledged but not read")
        #expect(outcome.verdict(.noLoss, step: 2) == (holds ? .held : lost))
        #expect(outcome.status == (holds ? .passed : .failed))
    }

    /// Somebody deletes the topic and makes it anew between two steps that send to it: what the first one sent is gone, and its offsets
    /// are given to what the second one sends. Before the first one nothing is lost.
    @Test(arguments: [(2, false), (1, true)]) func somebodyMakesTheTopicAnew(before step: Int, holds: Bool) async throws
    {
        let somebody = try Somebody()
        defer { somebody.cluster.close() }
        let outcome = try await run(
            """
            { "name": "test", "topics": [{ "name": "orders" }], "steps": [
              { "produce": "orders", "count": 4, "value": "first" },
              { "produce": "orders", "count": 6, "value": "second" },
              { "consume": "orders", "group": "kitchen" } ] }
            """, somebody.options(["\(step)": { try $0.makeAnew("orders") }]))
        #expect(somebody.troubles == [])
        #expect(outcome.consumed(3)?.messages == (holds ? 10 : 6))
        let lost = InvariantOutcome.Verdict.broken(
            4, "orders/0 offsets 0 to 3 were acknowledged twice: what stood there first is gone")
        #expect(outcome.verdict(.noLoss, step: 3) == (holds ? .held : lost))
        #expect(outcome.status == (holds ? .passed : .failed))
    }

    /// A log is cut of which a group has read all. What is sent then it reads where it begins anew; where it goes on behind that, nothing can be
    /// said.
    @Test(arguments: [("earliest", 6), ("committed", 2)]) func theGroupHadReadWhatIsGone(from: String, read: Int)
        async throws
    {
        let somebody = try Somebody()
        defer { somebody.cluster.close() }
        let outcome = try await run(
            """
            { "name": "test", "topics": [{ "name": "orders" }], "steps": [
              { "produce": "orders", "count": 4, "value": "first" },
              { "consume": "orders", "group": "kitchen" },
              { "produce": "orders", "count": 6, "value": "second" },
              { "consume": "orders", "group": "kitchen", "from": "\(from)" } ] }
            """, somebody.options(["3": { try $0.cut("orders") }]))
        #expect(somebody.troubles == [])
        #expect(outcome.printedDiagnostics == "")
        #expect([2, 4].map { outcome.consumed($0)?.messages } == [4, read])
        let behind = InvariantOutcome.Verdict.notJudged(
            "orders/0 offsets 0 to 3 were acknowledged twice: the log was cut or made anew")
        #expect(outcome.verdict(.noLoss, step: 2) == .held)
        #expect(outcome.verdict(.noLoss, step: 4) == (from == "earliest" ? .held : behind))
    }

    /// The broker refuses what it is sent once: who waits for no acknowledgement never hears of it, and nothing can be said of what is there;
    /// who waits sends it again.
    @Test(arguments: ["0", "1", "\"all\""]) func aRefusalThatNobodyHearsOf(acks: String) async throws {
        let outcome = try await run(
            """
            { "name": "test", "topics": [{ "name": "orders" }], "steps": [
              { "fault": "fail", "request": "Produce", "error": "NOT_ENOUGH_REPLICAS", "times": 1 },
              { "produce": "orders", "acks": \(acks), "messages": [{ "value": "only" }] },
              { "fault": "heal", "expect": { "applied": 1 } },
              { "consume": "orders", "group": "kitchen" } ] }
            """)
        #expect(outcome.printedDiagnostics == "")
        #expect(outcome.produced(2)?.messages == 1)
        #expect(outcome.consumed(4)?.messages == (acks == "0" ? 0 : 1))
        let unknown = InvariantOutcome.Verdict.notJudged("the offsets of messages to orders are not known")
        #expect(outcome.verdict(.noLoss, step: 4) == (acks == "0" ? unknown : .held))
    }

    // MARK: key-affinity

    /// Somebody adds partitions between two steps. Of three, "anna" is on another than the one that there was; "bob" stays.
    @Test(arguments: [("anna", false), ("bob", true)]) func somebodyAddsPartitions(key: String, holds: Bool)
        async throws
    {
        let somebody = try Somebody()
        defer { somebody.cluster.close() }
        let outcome = try await run(
            """
            { "name": "test", "topics": [{ "name": "orders" }], "steps": [
              { "produce": "orders", "count": 2, "key": "\(key)" },
              { "produce": "orders", "count": 3, "key": "\(key)" } ] }
            """, somebody.options(["2": { try $0.addPartitions(to: "orders", total: 3) }]))
        #expect(somebody.troubles == [])
        let moved = InvariantOutcome.Verdict.broken(1, "key \"anna\" was placed on orders/0 and also on orders/1")
        #expect(outcome.verdict(.keyAffinity, step: 1) == .held)
        #expect(outcome.verdict(.keyAffinity, step: 2) == (holds ? .held : moved))
        #expect(outcome.status == (holds ? .passed : .failed))
    }

    /// Somebody writes the scenario's key with a partitioner that puts it elsewhere, or with the same one.
    @Test(arguments: [("consistent_random", false), ("murmur2_random", true)])
    func somebodyHashesOtherwise(partitioner: String, holds: Bool) async throws {
        let somebody = try Somebody()
        defer { somebody.cluster.close() }
        let outcome = try await run(
            """
            { "name": "test", "allow": ["no-duplicates"], "topics": [{ "name": "orders", "partitions": 3 }], "steps": [
              { "produce": "orders", "count": 2, "key": "anna" },
              { "consume": "orders", "group": "kitchen" } ] }
            """,
            somebody.options([
                "2": { try $0.write(key: "anna", to: "orders", .plain(partitioner: partitioner)) }
            ]))
        #expect(somebody.troubles == [])
        #expect(outcome.consumed(2)?.messages == 3)
        let elsewhere = InvariantOutcome.Verdict.broken(
            1, "key \"anna\" was placed on orders/1 but read from orders/0")
        #expect(outcome.verdict(.keyAffinity, step: 2) == (holds ? .held : elsewhere))
        #expect(outcome.status == (holds ? .passed : .failed))
        // The record is a stranger either way.
        let stranger = holds ? "orders/1 offset 2" : "orders/0 offset 0"
        #expect(
            outcome.verdict(.noDuplicates, step: 2)
                == .broken(
                    count: 1,
                    cases: ["\(stranger), key \"anna\", was never acknowledged: it stands in the log a second time"],
                    allowed: true))
    }
}
