package import KrunDiagnostics
import KrunKafka
import KrunOutcome
import KrunReports

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

/// What `krun consume` has done, when it has ended.
package struct ConsumeSummary {
    package enum End: Sendable {
        /// Ctrl+C or the like.
        case interrupted
        case atEnd
        case counted
        /// Nobody reads the records any more.
        case readerGone
    }

    struct Row {
        var partition: TopicPartition
        var read: Int
        /// Nil where nothing is committed.
        var committed: Int64?
        /// Nil where the broker did not say.
        var end: Int64?
        /// The first offset that is there; nil where the broker did not say.
        var first: Int64?

        var lag: Int64? { Lag.of(committed: committed, logStart: first, end: end) }
    }

    package let end: End
    /// What ended it before its time, or why it saw nothing.
    package let trouble: Diagnostic?
    let group: String?
    let rows: [Row]
    let topics: [String]
    package let read: Int

    /// The last words: how much was read, and a table of the partitions that were read from.
    package func summary(_ style: TextStyle) -> String {
        let title = "read \(Amounts.count(read, "record"))" + (group.map { " as group \(TerminalText.safe($0))" } ?? "")
        guard !rows.isEmpty else { return title + "\n" }
        let severalTopics = topics.count > 1
        var table = TextTable(columns: severalTopics ? [.init("topic", .left)] : [])
        table.columns += [.init("partition"), .init("read")]
        if group != nil {
            table.columns += [.init("committed"), .init("end"), .init("lag")]
        } else {
            table.columns += [.init("end")]
        }
        table.rows = rows.map { row in
            let end = row.end.map { Amounts.number($0) } ?? "?"
            let first =
                (severalTopics ? [row.partition.topic] : []) + ["\(row.partition.partition)", Amounts.number(row.read)]
            guard group != nil else { return first + [end] }
            return first + [
                row.committed.map { Amounts.number($0) } ?? "-", end, row.lag.map { Amounts.number($0) } ?? "?",
            ]
        }
        return ([title] + table.lines(style, indent: "  ")).map { $0 + "\n" }.joined()
    }
}
