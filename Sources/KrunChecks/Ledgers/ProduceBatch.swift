import KrunOutcome
import KrunScenario

/// What a produce step remembers of a key.
struct SentNote: Sendable {
    /// Where the partitioner put it; -1 before it did.
    var placed: Int32 = -1
    /// Whether a message named its partition itself.
    var explicit = false
    /// Of the message that was sent last; meaningless while `lastOffset` is negative.
    var lastSequence: UInt64 = 0
    var lastOffset: Int64 = -1
}

/// The delivery reports of one call of librdkafka, on top of all earlier ones of the step.
public struct ProduceBatch: Sendable {
    struct PartitionTally: Sendable {
        var messages = 0
        /// The lowest and the highest acknowledged offset.
        var first: Int64?
        var last: Int64?
        /// Acknowledged since the scenario was told last.
        var news = IntervalSet()

        @inline(__always)
        mutating func acknowledge(_ offset: Int64) {
            news.insert(offset)
            if let last, offset > last {
                self.last = offset
            } else {
                last = max(last ?? offset, offset)
                first = min(first ?? offset, offset)
            }
        }
    }

    let topic: String
    let partitioner: Partitioner
    let acks: ProduceStep.Acks
    let hashesKeys: Bool
    let hashesEmptyKeys: Bool
    private var partitions: [PartitionTally]
    private(set) var keys: KeyBook<SentNote>
    private(set) var messages = 0
    private(set) var failed = 0
    private(set) var errors: [String: Int] = [:]
    private(set) var refusedByClient: [String: Int] = [:]
    /// Whether the partitioner placed an acknowledged message.
    private(set) var isPlaced = false
    private(set) var hasUnknownOffsets = false
    /// Since the scenario was told last: how many failed, and hash of key and value → how many of them had that content.
    private var newFailures = 0
    private var newFailedContents: [UInt64: Int] = [:]
    private var latencies = LatencyTally()
    /// Whether the scenario does not know all of it yet.
    private(set) var hasNews = false
    /// The number of the transaction that the messages belong to; nil without one.
    var transaction: Int?
    /// The first message that was sent after its producer was fenced; nil while it is not.
    var fencedFrom: UInt64?
    /// Acknowledged all the same.
    private(set) var afterFencing = CaseList()
    let seed: UInt64
    /// How often partitions had been added to the topic when the step began.
    let growth: Int32
    /// Known once the step is concluded.
    var movedKeys = MovedKeys()

    init(
        topic: String, partitions: Int, partitioner: Partitioner, acks: ProduceStep.Acks, keys: KeyBook<SentNote>,
        seed: UInt64, growth: Int32 = 0
    ) {
        self.topic = topic
        self.partitioner = partitioner
        self.acks = acks
        self.keys = keys
        self.seed = seed
        self.growth = growth
        hashesKeys = partitioner.algorithm != nil
        hashesEmptyKeys = partitioner.hashes(key: [])
        self.partitions = Array(repeating: PartitionTally(), count: partitions)
    }

    /// Notes an acknowledged message.
    ///
    /// - Parameters:
    ///   - sequence: the 0-based number of the message in the step, in the order of sending.
    ///   - reported: the offset; nil where it is unknown, as with `acks: 0`.
    ///   - key: nil for none; borrowed for the call.
    ///   - value: nil for a tombstone; borrowed for the call.
    ///   - placedByPartitioner: whether the message named no partition itself.
    public mutating func acknowledged(
        sequence: UInt64, partition: Int32, offset reported: Int64?, key: UnsafeRawBufferPointer?,
        value: UnsafeRawBufferPointer?, placedByPartitioner: Bool
    ) {
        // With acks 0 librdkafka makes offsets up.
        let offset = acks == .none || reported ?? -1 < 0 ? nil : reported
        messages += 1
        if placedByPartitioner { isPlaced = true }
        let index = Int(partition)
        while index >= partitions.count { partitions.append(PartitionTally()) }
        partitions[index].messages += 1
        if let offset {
            partitions[index].acknowledge(offset)
        } else {
            hasUnknownOffsets = true
        }
        hasNews = true
        if let fencedFrom, sequence >= fencedFrom {
            afterFencing.add(
                "\(topic)/\(partition) offset \(offset ?? -1), \(KeyText.named(key)), was acknowledged after its "
                    + "producer was fenced")
        }
        guard let key else {
            keys.countNull(partition: partition, order: sequence, value: value)
            return
        }
        guard let number = keys.count(key, partition: partition, order: sequence, value: value) else { return }
        if !placedByPartitioner {
            keys.entries[number].note.explicit = true
        } else if hashesKeys, hashesEmptyKeys || key.count > 0 {
            place(number, sequence, partition, offset)
        }
    }

    /// How long a message's acknowledgement took.
    public mutating func took(microseconds: Int64) { latencies.add(microseconds: microseconds) }

    /// Checks a message that the partitioner placed against the earlier ones with its key.
    @inline(__always)
    private mutating func place(_ number: Int, _ sequence: UInt64, _ partition: Int32, _ offset: Int64?) {
        let note = keys.entries[number].note
        if note.placed != partition {
            if note.placed >= 0 {
                stray(number, partition, offset, from: note.placed)
                return
            }
            keys.entries[number].note.placed = partition
        }
        guard let offset else { return }
        if note.lastOffset < 0 || sequence > note.lastSequence && offset > note.lastOffset {
            keys.entries[number].note.lastSequence = sequence
            keys.entries[number].note.lastOffset = offset
        } else {
            misorder(number, sequence, partition, offset)
        }
    }

    private mutating func stray(_ number: Int, _ partition: Int32, _ offset: Int64?, from placed: Int32) {
        if keys.strays[number] != nil {
            keys.strays[number]?.count += 1
        } else {
            keys.strays[number] = .init(partition: partition, offset: offset, other: Int64(placed))
        }
    }

    /// A message whose report came late may be in its place all the same: only one that was sent before the last one
    /// and stands after it, or the other way round, is out of order.
    private mutating func misorder(_ number: Int, _ sequence: UInt64, _ partition: Int32, _ offset: Int64) {
        let note = keys.entries[number].note
        let isLater = sequence > note.lastSequence
        if isLater {
            keys.entries[number].note.lastSequence = sequence
        } else if offset < note.lastOffset {
            return
        }
        keys.entries[number].note.lastOffset = max(offset, note.lastOffset)
        if keys.misorders[number] != nil {
            keys.misorders[number]?.count += 1
        } else {
            keys.misorders[number] = .init(
                partition: partition, offset: min(offset, note.lastOffset), other: max(offset, note.lastOffset),
                messages: (max(sequence, note.lastSequence), min(sequence, note.lastSequence)))
        }
    }

    /// Notes a message that was refused or ran out of time; it may stand in the log all the same.
    ///
    /// - Parameter isRefusedByClient: whether no broker was asked.
    public mutating func failed(
        sequence: UInt64, errorName: String, key: UnsafeRawBufferPointer?, value: UnsafeRawBufferPointer?,
        isRefusedByClient: Bool = false
    ) {
        failed += 1
        newFailures += 1
        hasNews = true
        if isRefusedByClient { refusedByClient[errorName, default: 0] += 1 }
        errors[errorName, default: 0] += 1
        if failed <= TopicMemory.failureLimit {
            newFailedContents[TopicMemory.content(key, value, seed: seed), default: 0] += 1
        }
    }

    /// Tells the scenario what stands in the log now, and what may.
    mutating func tell(_ memory: inout TopicMemory) {
        hasNews = false
        for number in partitions.indices where !partitions[number].news.isEmpty {
            for run in partitions[number].news.ranges { memory.acknowledge(run, in: number) }
            if let transaction { memory.add(partitions[number].news, to: transaction, partition: number) }
            partitions[number].news.removeAll()
        }
        if hasUnknownOffsets { memory.hasUnknownOffsets = true }
        memory.failureCount += newFailures
        memory.failures.merge(newFailedContents) { $0 + $1 }
        newFailures = 0
        newFailedContents = [:]
    }

    func outcome(duration: Duration) -> ProduceOutcome {
        var records = keys.records()
        records.placement = keys.keeping.placedBy.map { keys.placement(by: $0, partitions: [partitions.count]) }
        for (number, tally) in partitions.enumerated() {
            records.partitions[Int32(number)] = PartitionOutcome(
                messages: tally.messages, first: tally.first, last: tally.last)
        }
        var outcome = ProduceOutcome(
            topic: topic, messages: messages, failed: failed, errors: errors, partitioner: partitioner.rawValue,
            records: records, duration: duration)
        outcome.refusedByClient = refusedByClient
        outcome.movedKeys = movedKeys
        outcome.latency = latencies.outcome
        return outcome
    }
}
