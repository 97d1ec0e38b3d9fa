import KrunOutcome
import KrunScenario
import Testing

@testable import KrunChecks

/// What a produce step's reports come to.
@Suite struct ProduceLedgerTests {
    let scenario = ScenarioLedger(seed: 1)

    private func begin(
        _ partitioner: Partitioner = .murmur2Random, acks: ProduceStep.Acks = .all, keeping: KeptValues = .none
    ) -> ProduceLedger {
        let topic = scenario.addTopic("orders", partitions: 3, createdHere: true)
        return scenario.beginProduce(topic: topic, partitioner: partitioner, acks: acks, keeping: keeping)
    }

    @Test func countsPartitionsKeysAndValues() {
        let ledger = begin(keeping: KeptValues(named: [], keys: [Array("alice".utf8)], nullKey: true))
        // The report of the last message comes first: values are in the order of sending all the same.
        ledger.acknowledge(Sent(partition: 0, offset: 0, key: "alice", value: "espresso"), sequence: 0)
        ledger.acknowledge(Sent(partition: 2, offset: 0, key: nil, value: "late"), sequence: 4)
        ledger.acknowledge(Sent(partition: 1, offset: 7, key: nil, value: nil), sequence: 2)
        ledger.acknowledge(Sent(partition: 0, offset: 1, key: "alice", value: nil), sequence: 3)
        ledger.acknowledge(Sent(partition: 1, offset: 8, key: ""), sequence: 5)
        ledger.fail(key: "bob", value: "x")
        ledger.fail(key: "bob", value: "x", error: "MSG_SIZE_TOO_LARGE")
        #expect(ledger.messages == 5)
        #expect(ledger.failures == 2)
        let (outcome, invariants) = ledger.finish(duration: .seconds(1), allow: [])
        #expect(
            outcome
                == ProduceOutcome(
                    topic: "orders", messages: 5, failed: 2, errors: ["_MSG_TIMED_OUT": 1, "MSG_SIZE_TOO_LARGE": 1],
                    partitioner: "murmur2_random",
                    records: TopicRecords(
                        partitions: [
                            0: PartitionOutcome(messages: 2, first: 0, last: 1),
                            1: PartitionOutcome(messages: 2, first: 7, last: 8),
                            2: PartitionOutcome(messages: 1, first: 0, last: 0),
                        ],
                        keys: [
                            KeyOutcome(key: [], messages: 1, partitions: [1]),
                            KeyOutcome(
                                key: Array("alice".utf8), messages: 2, partitions: [0],
                                values: [Array("espresso".utf8), nil]),
                        ],
                        nullKey: KeyOutcome(
                            key: [], messages: 2, partitions: [1, 2], values: [nil, Array("late".utf8)]),
                        distinctKeys: 2),
                    duration: .seconds(1)))
        #expect(
            invariants == [InvariantOutcome(.keyAffinity, .held), InvariantOutcome(.perKeyOrder, .held)])
        #expect(scenario.acknowledgedEnds(topic: 0) == [2, 9, 1])
        #expect(scenario.partitioners == ["orders": [.murmur2Random]])
        #expect(scenario.partitionCounts == ["orders": 3])
    }

    @Test func findsAKeyOnTwoPartitions() {
        let ledger = begin()
        ledger.acknowledge([
            Sent(partition: 0, offset: 0, key: "alice"), Sent(partition: 2, offset: 5, key: "alice"),
            Sent(partition: 1, offset: 0, key: "bob"),
        ])
        let (_, invariants) = ledger.finish(duration: .zero, allow: [])
        #expect(
            invariants[.keyAffinity]
                == .once("key \"alice\" was placed on orders/0 and also on orders/2 (offset 5)"))
        #expect(invariants[.perKeyOrder] == .held)
    }

    @Test func findsAKeyThatMovedBetweenSteps() {
        let first = begin()
        first.acknowledge([Sent(partition: 0, offset: 0, key: "alice")])
        #expect(first.finish(duration: .zero, allow: []).1[.keyAffinity] == .held)
        let second = scenario.beginProduce(topic: 0, partitioner: .murmur2Random, acks: .all)
        second.acknowledge([Sent(partition: 1, offset: 0, key: "alice")])
        let (_, invariants) = second.finish(duration: .zero, allow: [.keyAffinity])
        #expect(
            invariants[.keyAffinity]
                == .broken(
                    count: 1, cases: ["key \"alice\" was placed on orders/0 and also on orders/1"], allowed: true))
    }

    @Test func findsMessagesThatOvertook() {
        let ledger = begin()
        ledger.acknowledge(Sent(partition: 0, offset: 0, key: "alice"), sequence: 3)
        ledger.acknowledge(Sent(partition: 0, offset: 1, key: "alice"), sequence: 1)
        ledger.acknowledge(Sent(partition: 0, offset: 2, key: "alice"), sequence: 4)
        let (_, invariants) = ledger.finish(duration: .zero, allow: [])
        #expect(
            invariants[.perKeyOrder]
                == .once(
                    "orders/0 key \"alice\": message 3 stands at offset 0, before message 1 at offset 1, "
                        + "which was sent earlier"))
        #expect(invariants[.keyAffinity] == .held)
    }

    /// A retried batch is reported later and stands later, or reported later and stands where it belongs.
    @Test func aLateReportIsNoDisorder() {
        let ledger = begin()
        ledger.acknowledge(Sent(partition: 0, offset: 5, key: "alice"), sequence: 3)
        ledger.acknowledge(Sent(partition: 0, offset: 1, key: "alice"), sequence: 1)
        ledger.acknowledge(Sent(partition: 0, offset: 6, key: "alice"), sequence: 4)
        #expect(ledger.finish(duration: .zero, allow: []).1[.perKeyOrder] == .held)
    }

    @Test func saysWhyItDoesNotJudge() {
        func verdicts(_ ledger: ProduceLedger, _ messages: [Sent]) -> [InvariantOutcome.Verdict?] {
            ledger.acknowledge(messages)
            let invariants = ledger.finish(duration: .zero, allow: []).1
            return [invariants[.keyAffinity], invariants[.perKeyOrder]]
        }
        let scattered = [Sent(partition: 0, offset: 0, key: "alice"), Sent(partition: 1, offset: 0, key: "alice")]
        #expect(
            verdicts(begin(.random), scattered)
                == Array(repeating: .notJudged("the partitioner random looks at no key"), count: 2))
        let nothing = InvariantOutcome.Verdict.nothingToJudge(
            "no message with a key was placed on orders by the partitioner")
        #expect(
            verdicts(begin(), scattered.map { Sent(partition: $0.partition, offset: 0, key: nil) }) == [
                nothing, nothing,
            ])
        let named = scattered.map { Sent(partition: $0.partition, offset: 0, key: "alice", named: true) }
        let spread = InvariantOutcome.Verdict.notJudged(
            "messages with key \"alice\" name their partitions themselves: it is on several of orders")
        #expect(verdicts(begin(), named) == [spread, nothing])
        #expect(verdicts(begin(), Array(named.prefix(1))) == [nothing, nothing])
        let both =
            scattered + [
                Sent(partition: 1, offset: 1, key: "bob"), Sent(partition: 2, offset: 1, key: "bob", named: true),
            ]
        #expect(
            verdicts(begin(), Array(both.suffix(2))) == [
                .notJudged("messages with key \"bob\" name their partitions themselves: it is on several of orders"),
                .held,
            ])
        let empty = scattered.map { Sent(partition: $0.partition, offset: 0, key: "") }
        #expect(verdicts(begin(.consistentRandom), empty) == [nothing, nothing])
        let blind = [Sent(partition: 0, offset: -1001, key: "alice"), Sent(partition: 0, offset: 7, key: "alice")]
        #expect(
            verdicts(begin(acks: .none), blind)
                == [.held, .notJudged("the offsets of messages to orders are not known")])
    }

    @Test func twoPartitionersAreNotJudged() {
        let first = begin()
        first.acknowledge([Sent(partition: 0, offset: 0, key: "alice")])
        _ = first.finish(duration: .zero, allow: [])
        let second = scenario.beginProduce(topic: 0, partitioner: .consistentRandom, acks: .all)
        second.acknowledge([Sent(partition: 1, offset: 0, key: "alice")])
        let reason = InvariantOutcome.Verdict.notJudged(
            "several partitioners were used on orders: consistent_random and murmur2_random")
        let invariants = second.finish(duration: .zero, allow: []).1
        #expect(invariants[.keyAffinity] == reason)
        #expect(invariants[.perKeyOrder] == reason)
    }

    /// An empty key is left to chance by one of them, and placed by the other.
    @Test func norIsAKeyThatOneLeavesToChance() {
        let first = begin(.consistentRandom)
        first.acknowledge([Sent(partition: 2, offset: 0, key: "")])
        _ = first.finish(duration: .zero, allow: [])
        let second = scenario.beginProduce(topic: 0, partitioner: .consistent, acks: .all)
        second.acknowledge([Sent(partition: 0, offset: 0, key: "")])
        let invariants = second.finish(duration: .zero, allow: []).1
        #expect(
            invariants[.keyAffinity]
                == .notJudged("several partitioners were used on orders: consistent and consistent_random"))
    }

    /// Beyond the limit the outcome says so, and keys that an expectation names are all there.
    @Test func samplesKeysBeyondTheLimit() {
        let small = ScenarioLedger(seed: 4, keyLimit: 100)
        let topic = small.addTopic("orders", partitions: 100, createdHere: true)
        let named = Array("key-77".utf8)
        let ledger = small.beginProduce(
            topic: topic, partitioner: .murmur2Random, acks: .all,
            keeping: KeptValues(named: [named], keys: [], nullKey: false))
        for index in 0..<3_000 {
            let key = index % 1_000
            ledger.acknowledge(
                Sent(partition: Int32(key % 100), offset: Int64(index / 1_000 * 10 + key / 100), key: "key-\(key)"),
                sequence: UInt64(index))
        }
        let (outcome, invariants) = ledger.finish(duration: .zero, allow: [])
        #expect(outcome.messages == 3_000)
        #expect(outcome.records.keysAreSampled)
        #expect(outcome.records.keys.count <= 100)
        #expect(outcome.records.keys.contains { $0.key == named && $0.messages == 3 && $0.partitions == [77] })
        #expect(outcome.records.keys.allSatisfy { $0.messages == 3 && $0.partitions.count == 1 })
        #expect(outcome.records.distinctKeys > 100)
        #expect(invariants[.keyAffinity] == .held)
        #expect(invariants[.perKeyOrder] == .held)
    }
}
