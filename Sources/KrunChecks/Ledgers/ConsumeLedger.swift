import KrunNames
import KrunOutcome
import KrunScenario
import Synchronization

/// What one consume step's members owned and read. May be called from every member's thread; `topic` is always the
/// position in the step's list of topics, `member` a number from 0.
public final class ConsumeLedger: Sendable {
    private let scenario: ScenarioLedger
    private let group: String?
    /// Their indexes in the scenario's ledger.
    private let topics: [Int]
    private let judgesLoss: Bool
    private let isolation: ConsumeStep.Isolation
    private let state: Mutex<ConsumeBatch>
    private let messageCount = Atomic(0)

    init(
        scenario: ScenarioLedger, group: String?, topics: [Int], judgesLoss: Bool, isolation: ConsumeStep.Isolation,
        batch: ConsumeBatch
    ) {
        self.scenario = scenario
        self.group = group
        self.topics = topics
        self.judgesLoss = judgesLoss
        self.isolation = isolation
        state = Mutex(batch)
    }

    /// Where reading starts, per topic and partition; nil where it is not known. To be called before the first
    /// record; the start counts as read.
    public func starts(at positions: [[Int64?]]) {
        state.withLock { batch in
            for (topic, offsets) in positions.enumerated() {
                for (partition, offset) in offsets.enumerated() {
                    batch.topics[topic].partitions[partition].start = offset
                    batch.topics[topic].partitions[partition].position = offset
                }
            }
        }
    }

    /// What was committed before the step by a group that existed before the scenario; it is not judged.
    public func wasCommitted(_ offsets: [[Int64?]]) {
        state.withLock { batch in
            for (topic, offsets) in offsets.enumerated() {
                for (partition, offset) in offsets.enumerated() {
                    batch.topics[topic].partitions[partition].committedBefore = offset
                }
            }
        }
    }

    /// What a group of the scenario's own had committed when the step began: no more than what it had read by then.
    public func foundCommitted(_ offsets: [[Int64?]]) {
        state.withLock { batch in
            for (topic, offsets) in offsets.enumerated() {
                for (partition, offset) in offsets.enumerated() {
                    batch.topics[topic].partitions[partition].committedFound = offset
                }
            }
        }
    }

    /// Partitions that were added to the topic while the step reads it, of which it reads the first records, too: there are so many now.
    public func grow(topic: Int, to count: Int) {
        state.withLock { batch in
            while batch.topics[topic].partitions.count < count {
                batch.topics[topic].partitions.append(PartitionReading(start: 0, position: 0))
            }
        }
    }

    /// A member that comes while the others read; returns its number.
    public func join(_ name: String) -> Int { state.withLock { $0.join(name) } }

    /// What was read belongs to what the group has read in earlier steps, for steps that begin from now on. To be called once, when the
    /// step's members read no more.
    public func remember() {
        guard let group else { return }
        state.withLock { batch in
            scenario.state.withLock { memory in
                for (topic, index) in topics.enumerated() {
                    var known = memory.reads[group]?[index] ?? []
                    for (number, partition) in batch.topics[topic].partitions.enumerated() {
                        if number == known.count { known.append(IntervalSet()) }
                        known[number].formUnion(partition.read)
                    }
                    memory.reads[group, default: [:]][index] = known
                }
            }
        }
    }

    /// The member owns these too from now on. To be called in the rebalance callback.
    public func assigned(member: Int, _ partitions: [StepPartition]) {
        state.withLock { batch in
            for one in partitions { batch.topics[one.topic].assign(member, one.partition) }
        }
    }

    /// The member owns these no more. To be called in the rebalance callback, before it gives them up.
    public func revoked(member: Int, _ partitions: [StepPartition]) {
        state.withLock { batch in
            for one in partitions { batch.topics[one.topic].revoke(member, one.partition) }
        }
    }

    /// Every member is in the same generation and has its final assignment. The first time is what the outcome shows.
    ///
    /// - Parameter leftOut: partitions that are kept for members that are away.
    public func stable(leavingOut leftOut: Set<StepPartition> = []) {
        state.withLock { $0.stable(leavingOut: leftOut) }
    }

    /// Takes the lock once for the records of one call of librdkafka.
    public func withBatch(member: Int, _ body: (inout ConsumeBatch) -> Void) {
        state.withLock { batch in
            batch.member = member
            if batch.isBehind { catchUp(&batch) }
            body(&batch)
            messageCount.store(batch.messages, ordering: .relaxed)
        }
    }

    private func catchUp(_ batch: inout ConsumeBatch) {
        scenario.state.withLock { memory in
            for (topic, index) in topics.enumerated() where batch.topics[topic].isBehind {
                batch.topics[topic].catchUp(memory.topics[index])
            }
        }
    }

    /// The position is at least here, though no record was read: markers of transactions, compaction.
    public func reached(_ partition: StepPartition, offset: Int64) {
        state.withLock { $0.reached(topic: partition.topic, partition: partition.partition, offset: offset) }
    }

    /// The next offset to read; nil before the start is known and nothing was read.
    public func position(_ partition: StepPartition) -> Int64? {
        state.withLock { $0.topics[partition.topic].partitions[Int(partition.partition)].position }
    }

    /// Records read so far; cheap, without the lock.
    public var messages: Int { messageCount.load(ordering: .relaxed) }

    /// Judges. To be called once, when the step has ended and nothing is at work beside it, also after an error.
    public func conclude(_ ending: ConsumeEnding) -> ConsumeFindings {
        state.withLock { batch in
            scenario.state.withLock { memory in
                let isCommitted = isolation == .readCommitted
                return ConsumeConclusion(
                    batch: batch, group: group, topics: topics, judgesLoss: judgesLoss, isolation: isolation,
                    ending: ending,
                    hidden: isCommitted
                        ? topics.map { memory.records(topic: $0, in: [.open, .aborted, .unknown]) } : []
                ).findings(in: &memory)
            }
        }
    }
}
