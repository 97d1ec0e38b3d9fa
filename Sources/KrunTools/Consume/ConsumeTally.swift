import KrunKafka

/// What was read of each partition, and how far it is committed.
package struct ConsumeTally {
    struct Partition {
        var read = 0
        /// The next offset to be read by this member; below 0 while that is not known.
        var next = LogicalOffset.unknown
        /// What the group knows: a commit of the same offset would say nothing new. Nil where it knows nothing.
        var committed: Int64?
        /// Whether the group has a committed offset here.
        var isCommitted = false
        var isOwned = false
        var wasOwned = false
        /// Where to end; nil without `--exit-at-end`.
        var target: Int64?

        /// Where it stands is not known any more.
        mutating func forget() {
            next = LogicalOffset.unknown
            committed = nil
            isCommitted = false
        }
    }

    let topics: [String]
    /// By topic and partition.
    private(set) var partitions: [[Partition]]
    /// Of all partitions.
    private(set) var read = 0

    init(topics: [String]) {
        self.topics = topics
        partitions = topics.map { _ in [] }
    }

    subscript(_ partition: TopicPartition) -> Partition {
        get {
            guard let topic = topics.firstIndex(of: partition.topic),
                partitions[topic].indices.contains(Int(partition.partition))
            else { return Partition() }
            return partitions[topic][Int(partition.partition)]
        }
        set {
            guard let topic = topics.firstIndex(of: partition.topic) else { return }
            grow(topic, partition.partition)
            partitions[topic][Int(partition.partition)] = newValue
        }
    }

    mutating func count(topic: Int, partition: Int32, offset: Int64) {
        grow(topic, partition)
        partitions[topic][Int(partition)].read += 1
        partitions[topic][Int(partition)].next = offset + 1
        read += 1
    }

    mutating func reachEnd(topic: Int, partition: Int32, offset: Int64) {
        grow(topic, partition)
        partitions[topic][Int(partition)].next = max(offset, partitions[topic][Int(partition)].next)
    }

    private mutating func grow(_ topic: Int, _ partition: Int32) {
        while partitions[topic].count <= Int(partition) { partitions[topic].append(Partition()) }
    }

    /// Those that `isIncluded`, in the order of topics and partitions.
    func all(where isIncluded: (Partition) -> Bool) -> [(TopicPartition, Partition)] {
        zip(topics, partitions).flatMap { topic, partitions in
            partitions.enumerated().compactMap { number, partition in
                isIncluded(partition) ? (TopicPartition(topic, Int32(number)), partition) : nil
            }
        }
    }

    var owned: [(TopicPartition, Partition)] { all { $0.isOwned } }

    /// Whether everything that this member owns was read as far as it was there at the beginning.
    var isAtTargets: Bool {
        partitions.allSatisfy { partitions in
            partitions.allSatisfy { partition in
                guard partition.isOwned, let target = partition.target else { return true }
                return partition.next >= target
            }
        }
    }

    /// What a commit of everything would tell the group anew.
    var uncommitted: [TopicPartitionOffset] {
        all { $0.isOwned && $0.next >= 0 && $0.next != $0.committed }.map {
            TopicPartitionOffset($0.topic, $0.partition, $1.next)
        }
    }
}
