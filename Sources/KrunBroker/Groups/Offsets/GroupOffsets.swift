/// The offsets of one group: those committed, and those that wait for the end of a transaction.
struct GroupOffsets: Sendable {
    /// An offset and its place among all commits, as the position in `__consumer_offsets` is in Kafka.
    private struct Entry: Sendable {
        var committed: CommittedOffset
        var sequence: UInt64
    }

    /// About how many bytes all offsets take.
    private(set) var heldBytes = 0

    private var committed: [GroupPartition: Entry] = [:]
    /// By producer id.
    private var pending: [Int64: [GroupPartition: Entry]] = [:]
    private var sequence: UInt64 = 0

    init() {}

    var isEmpty: Bool { committed.isEmpty && pending.isEmpty }
    var hasPending: Bool { !pending.isEmpty }
    var producerIds: [Int64] { Array(pending.keys) }
    /// In order.
    var partitions: [GroupPartition] { committed.keys.sorted() }

    subscript(partition: GroupPartition) -> CommittedOffset? { committed[partition]?.committed }

    /// Whether a transaction may still change the partition's offset.
    func isUnstable(_ partition: GroupPartition) -> Bool {
        pending.values.contains { $0[partition] != nil }
    }

    mutating func commit(_ offset: CommittedPartition) {
        sequence &+= 1
        let entry = Entry(committed: offset.committed, sequence: sequence)
        count(offset.partition, entry, replacing: committed.updateValue(entry, forKey: offset.partition))
    }

    mutating func commit(_ offset: CommittedPartition, producerId: Int64) {
        sequence &+= 1
        let entry = Entry(committed: offset.committed, sequence: sequence)
        let before = pending[producerId, default: [:]].updateValue(entry, forKey: offset.partition)
        count(offset.partition, entry, replacing: before)
    }

    /// Applies what waits for a transaction of the producer; what was committed since stays. In order.
    mutating func applyPending(of producerId: Int64) -> [CommittedPartition] {
        var applied: [CommittedPartition] = []
        for (partition, entry) in pending.removeValue(forKey: producerId) ?? [:] {
            count(partition, nil, replacing: entry)
            if let present = committed[partition], present.sequence > entry.sequence { continue }
            count(partition, entry, replacing: committed.updateValue(entry, forKey: partition))
            applied.append(CommittedPartition(partition: partition, committed: entry.committed))
        }
        return applied.sorted { $0.partition < $1.partition }
    }

    /// Forgets what waits for a transaction of the producer. In order.
    mutating func dropPending(of producerId: Int64) -> [GroupPartition] {
        let dropped = pending.removeValue(forKey: producerId) ?? [:]
        for (partition, entry) in dropped { count(partition, nil, replacing: entry) }
        return dropped.keys.sorted()
    }

    /// Forgets the partition's offset and what waits to become it; false when there was neither.
    @discardableResult
    mutating func remove(_ partition: GroupPartition) -> Bool {
        var removed = [committed.removeValue(forKey: partition)]
        for producerId in pending.keys { removed.append(pending[producerId]?.removeValue(forKey: partition)) }
        for entry in removed { count(partition, nil, replacing: entry) }
        return removed.contains { $0 != nil }
    }

    private mutating func count(_ partition: GroupPartition, _ new: Entry?, replacing old: Entry?) {
        for (entry, sign) in [(new, 1), (old, -1)] {
            guard let entry else { continue }
            heldBytes += sign * Self.heldBytes(of: partition, metadata: entry.committed.metadata)
        }
    }

    /// About how many bytes one of them takes.
    static func heldBytes(of partition: GroupPartition, metadata: String?) -> Int {
        partition.topic.utf8.count + (metadata?.utf8.count ?? 0) + 96
    }

    /// Forgets the offsets of all partitions of a topic. In order.
    mutating func remove(topic: String) -> [GroupPartition] {
        let partitions = Set(committed.keys).union(pending.values.flatMap(\.keys)).filter { $0.topic == topic }.sorted()
        for partition in partitions { remove(partition) }
        return partitions
    }
}
