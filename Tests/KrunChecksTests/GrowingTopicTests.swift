import KrunOutcome
import KrunScenario
import Testing

@testable import KrunChecks

/// What the ledger makes of partitions that are added, and of groups that are told to go on elsewhere.
@Suite struct GrowingTopicTests {
    let scenario = ScenarioLedger(seed: 1)

    /// A step that sends one message with each key to the partition that is said of it.
    private func send(_ places: [(key: String, partition: Int32, offset: Int64)], topic: Int) -> ProduceLedger {
        let ledger = scenario.beginProduce(topic: topic, partitioner: .murmur2Random, acks: .all)
        ledger.acknowledge(places.map { Sent(partition: $0.partition, offset: $0.offset, key: $0.key) })
        return ledger
    }

    @Test func aKeyThatMovesWithThePartitionsIsTold() {
        let topic = scenario.addTopic("orders", partitions: 2, createdHere: true)
        let first = send([("alice", 0, 0), ("bob", 1, 0)], topic: topic)
        #expect(first.conclude(allow: [])[.keyAffinity] == .held)
        scenario.grow(topic: topic, to: 4)
        #expect(scenario.partitionCounts == ["orders": 4])
        #expect(scenario.acknowledgedEnds(topic: topic) == [1, 1, 0, 0])
        let second = send([("alice", 2, 0), ("bob", 1, 1)], topic: topic)
        #expect(second.conclude(allow: [])[.keyAffinity] == .held)
        #expect(second.movedKeys.count == 1)
        #expect(second.movedKeys.first == [.init(key: Array("alice".utf8), from: 0, to: 2)])
        // Once more, and nothing was added since.
        let third = send([("alice", 0, 1), ("bob", 1, 2)], topic: topic)
        #expect(
            third.conclude(allow: [])[.keyAffinity]
                == .broken(
                    count: 1, cases: ["key \"alice\" was placed on orders/2 and also on orders/0"], allowed: false))
        #expect(third.movedKeys.count == 0)
    }

    /// A step that was sending when they were added.
    @Test func aKeyMovesWithinAStep() {
        let topic = scenario.addTopic("orders", partitions: 2, createdHere: true)
        let ledger = scenario.beginProduce(topic: topic, partitioner: .murmur2Random, acks: .all)
        ledger.acknowledge(Sent(partition: 0, offset: 0, key: "alice"), sequence: 0)
        scenario.grow(topic: topic, to: 3)
        ledger.acknowledge(Sent(partition: 2, offset: 0, key: "alice"), sequence: 1)
        #expect(ledger.conclude(allow: [])[.keyAffinity] == .held)
        #expect(ledger.movedKeys.first == [.init(key: Array("alice".utf8), from: 0, to: 2)])
    }

    /// The first ten by their bytes, whichever were acknowledged first.
    @Test func manyMoves() {
        var moved = MovedKeys()
        for number in (10..<40).reversed() {
            moved.add(.init(key: Array("k\(number)".utf8), from: 0, to: 1))
        }
        #expect(moved.count == 30)
        #expect(moved.first.map { String(decoding: $0.key, as: UTF8.self) } == (10..<20).map { "k\($0)" })
    }

    private func read(
        _ places: [(key: String, partition: Int32, offset: Int64)], of topic: Int, starts: [Int64]
    ) -> ConsumeLedger {
        let ledger = scenario.beginConsume(
            group: "billing", topics: [topic], members: 1, judgesLoss: true)
        ledger.starts(at: [starts])
        ledger.assign(0, starts.indices.map { Int32($0) })
        ledger.stable()
        for place in places { ledger.read(place.partition, place.offset, key: place.key) }
        return ledger
    }

    private func ending(_ committed: [Int64?]) -> ConsumeEnding {
        var ending = ConsumeEnding()
        ending.committed = [committed]
        ending.ends = [committed]
        ending.logStarts = [committed.map { _ in 0 }]
        return ending
    }

    @Test func readersFindAKeyWhereItWasAndIs() {
        let topic = scenario.addTopic("orders", partitions: 1, createdHere: true)
        _ = send([("alice", 0, 0), ("bob", 0, 1)], topic: topic).conclude(allow: [])
        scenario.grow(topic: topic, to: 2)
        _ = send([("alice", 1, 0), ("bob", 0, 2)], topic: topic).conclude(allow: [])
        let ledger = read(
            [("alice", 0, 0), ("bob", 0, 1), ("bob", 0, 2), ("alice", 1, 0)], of: topic, starts: [0, 0])
        let invariants = ledger.conclude(ending([3, 1])).invariants
        #expect(invariants[.keyAffinity] == .held)
        #expect(invariants[.noLoss] == .held)
        #expect(
            invariants[.perKeyOrder]
                == .notJudged(
                    "key \"alice\" moved when partitions were added to orders: between its partitions there is no order"
                ))
    }

    /// What was added after a step began is the next one's, unless the step was given it.
    @Test func aStepIsNotToReadWhatWasAddedMeanwhile() {
        let topic = scenario.addTopic("orders", partitions: 1, createdHere: true)
        _ = send([("alice", 0, 0)], topic: topic).conclude(allow: [])
        let ledger = read([("alice", 0, 0)], of: topic, starts: [0])
        scenario.grow(topic: topic, to: 2)
        _ = send([("alice", 1, 0)], topic: topic).conclude(allow: [])
        #expect(ledger.conclude(ending([1, nil])).invariants[.noLoss] == .held)
    }

    @Test func aStepReadsWhatItIsGiven() {
        let topic = scenario.addTopic("orders", partitions: 1, createdHere: true)
        let ledger = read([], of: topic, starts: [0])
        scenario.grow(topic: topic, to: 2)
        ledger.grow(topic: 0, to: 2)
        ledger.assign(0, [1])
        _ = send([("alice", 1, 0), ("bob", 1, 1), ("cid", 1, 2)], topic: topic).conclude(allow: [])
        ledger.read(1, 0, key: "alice")
        ledger.read(1, 2, key: "cid")
        let findings = ledger.conclude(ending([0, 3]))
        #expect(findings.topics["orders"]?.partitions[1]?.messages == 2)
        // It went past bob.
        #expect(
            findings.invariants[.noLoss]
                == .broken(count: 1, cases: ["orders/1 offset 1 was acknowledged but not read"], allowed: false))
    }

    /// What a reset passes over the file asked to pass over; what it goes back to is not ahead of anything.
    @Test func aGroupIsToldToGoOnElsewhere() {
        let topic = scenario.addTopic("orders", partitions: 2, createdHere: true)
        _ = send((0..<10).map { ("k\($0)", Int32($0 % 2), Int64($0 / 2)) }, topic: topic).conclude(allow: [])
        scenario.reset(group: "billing", topic: topic, [0: (first: 0, offset: 3), 1: (first: 0, offset: 0)])
        let ledger = read(
            [3, 4].map { ("k\($0 * 2)", 0, Int64($0)) } + (0..<5).map { ("k\($0 * 2 + 1)", 1, Int64($0)) }, of: topic,
            starts: [3, 0])
        let invariants = ledger.conclude(ending([5, 5])).invariants
        #expect(invariants[.noLoss] == .held)
        #expect(
            invariants[.commitNotAhead]
                == .notJudged(
                    "billing committed offset 5 of orders/0 without reading offsets 0 to 2: \"from\" or \"reset\" passed over them"
                ))
        // It goes back, and reads them after all.
        scenario.reset(group: "billing", topic: topic, [0: (first: 0, offset: 0)])
        let again = read((0..<5).map { ("k\($0 * 2)", 0, Int64($0)) }, of: topic, starts: [0, 5])
        #expect(again.conclude(ending([5, 5])).invariants[.commitNotAhead] == .held)
    }
}
