import KrunKafka
import KrunOutcome

/// What a group committed, where the logs end, and who reads them.
struct GroupOffsets: Hashable, Sendable {
    struct Row: Hashable, Sendable {
        var partition: TopicPartition
        /// Nil where the group committed nothing.
        var committed: Int64?
        /// The first offset that the log has; asked only where nothing is committed, nil otherwise.
        var first: Int64?
        /// The offset behind the last record; nil where the partition is gone or nobody leads it.
        var end: Int64?
        /// Who was given the partition; nil for nobody.
        var member: String?

        var lag: Int64? { Lag.of(committed: committed, logStart: first, end: end) }
    }

    /// Every partition that was committed in or given to a member, in order.
    var rows: [Row]

    /// Nil where a partition's lag is not known, or there is no partition.
    var totalLag: Int64? { Lag.sum(rows.map(\.lag)) }
    /// Of the partitions whose lag is known.
    var knownLag: Int64 { rows.reduce(0) { $0 + ($1.lag ?? 0) } }

    static func read(of group: GroupFigures, from connection: KafkaConnection) throws -> GroupOffsets {
        let (admin, timeout) = (connection.admin, connection.timeout)
        return try connection.attempt { _ in
            let committed = try admin.groupOffsets(group.name, timeout: timeout)
            var owners: [TopicPartition: String] = [:]
            for member in group.members ?? [] {
                for partition in member.partitions { owners[partition] = member.id }
            }
            let partitions = Set(committed.keys).union(owners.keys)
            let led = try led(of: partitions, admin, timeout)
            let ends = try admin.endOffsets(led, timeout: timeout)
            let firsts = try admin.beginningOffsets(led.filter { committed[$0] == nil }, timeout: timeout)
            let sorted = partitions.sorted { ($0.topic, $0.partition) < ($1.topic, $1.partition) }
            return GroupOffsets(
                rows: sorted.map {
                    Row(
                        partition: $0, committed: committed[$0], first: firsts[$0], end: ends[$0], member: owners[$0])
                })
        }
    }

    /// Those that are there and have a leader.
    private static func led(
        of partitions: Set<TopicPartition>, _ admin: AdminClient, _ timeout: Duration
    ) throws(KafkaError) -> [TopicPartition] {
        guard !partitions.isEmpty else { return [] }
        return try admin.metadata(timeout: timeout).topics.flatMap { topic in
            topic.partitions.filter { $0.leader >= 0 }.map { TopicPartition(topic.name, $0.id) }
        }.filter { partitions.contains($0) }
    }
}
