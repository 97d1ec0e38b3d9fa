import KrunOutcome
import KrunScenario
import Testing

@testable import KrunChecks

/// A step that reads what another one sends beside it.
@Suite(.timeLimit(.minutes(1))) struct ConcurrentLedgerTests {
    private struct Pair {
        let scenario: ScenarioLedger
        let producer: ProduceLedger
        let consumer: ConsumeLedger

        init(acknowledgedBefore: Int64 = 0) {
            scenario = ScenarioLedger(seed: 1)
            _ = scenario.addTopic("orders", partitions: 1, createdHere: true)
            producer = scenario.beginProduce(topic: 0, partitioner: .murmur2Random, acks: .all)
            Self.acknowledge(0..<acknowledgedBefore, by: producer)
            consumer = scenario.beginConsume(group: nil, topics: [0], members: 1, judgesLoss: true)
            consumer.starts(at: [[0]])
        }

        func acknowledge(_ offsets: Range<Int64>) { Self.acknowledge(offsets, by: producer) }

        private static func acknowledge(_ offsets: Range<Int64>, by producer: ProduceLedger) {
            producer.withBatch { batch in
                for offset in offsets {
                    batch.acknowledged(
                        sequence: UInt64(offset), partition: 0, offset: offset, key: nil, value: nil,
                        placedByPartitioner: true)
                }
            }
        }

        func read(_ offsets: Range<Int64>) {
            consumer.withBatch(member: 0) { batch in
                for offset in offsets { batch.record(topic: 0, partition: 0, offset: offset, key: nil, value: nil) }
            }
        }

        /// Both have ended.
        func invariants() -> [InvariantOutcome] {
            _ = producer.conclude(allow: [])
            return consumer.conclude(ConsumeEnding()).invariants
        }
    }

    @Test func whatIsReadBeforeItsAcknowledgementIsNoDuplicate() {
        let pair = Pair()
        pair.read(0..<3)
        pair.acknowledge(0..<3)
        #expect(pair.invariants()[.noDuplicates] == .held)
        let never = Pair()
        never.read(0..<3)
        never.acknowledge(0..<2)
        #expect(
            never.invariants()[.noDuplicates]
                == .once("orders/0 offset 2, no key, was never acknowledged: it stands in the log a second time")
        )
    }

    /// However many records are read before their acknowledgements come, one that never gets any is found.
    @Test func aDuplicateIsFoundBehindManyLateAcknowledgements() {
        let pair = Pair()
        for start in stride(from: Int64(0), to: 300_000, by: 2_000) {
            pair.read(start..<start + 2_000)
            if start > 0 { pair.acknowledge(start - 2_000..<start) }
        }
        pair.acknowledge(298_000..<299_999)
        #expect(
            pair.invariants()[.noDuplicates]
                == .once("orders/0 offset 299999, a key, was never acknowledged: it stands in the log a second time"))
    }

    @Test func theScenarioKnowsAtOnceWhatIsAcknowledged() {
        let pair = Pair()
        #expect(pair.scenario.acknowledgedEnds(topic: 0) == [0])
        pair.acknowledge(0..<5)
        #expect(pair.scenario.acknowledgedEnds(topic: 0) == [5])
        #expect(pair.producer.outcome(duration: .zero).records.partitions[0]?.last == 4)
    }

    @Test func whatIsSentBehindTheEndOfReadingIsNotLost() {
        let pair = Pair(acknowledgedBefore: 2)
        pair.read(0..<3)
        pair.acknowledge(2..<10)
        #expect(pair.invariants()[.noLoss] == .held)
    }

    @Test func whatIsPassedOverIsLost() {
        let pair = Pair(acknowledgedBefore: 2)
        pair.read(0..<3)
        pair.read(4..<5)
        pair.acknowledge(2..<10)
        #expect(pair.invariants()[.noLoss] == .once("orders/0 offset 3 was acknowledged but not read"))
    }

    /// What stood there before the step is to be read to the end.
    @Test func whatWasThereBeforeIsLostAlsoBehindTheLastRecord() {
        let pair = Pair(acknowledgedBefore: 4)
        pair.read(0..<3)
        pair.acknowledge(4..<10)
        #expect(pair.invariants()[.noLoss] == .once("orders/0 offset 3 was acknowledged but not read"))
    }
}
