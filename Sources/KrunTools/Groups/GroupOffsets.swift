import KrunKafka

/// What a group committed, where the logs end, and who reads them.
struct GroupOffsets: Hashable, Sendable {
    struct Row: Hashable, Sendable {
        var partition: TopicPartition
        /// Nil where the group committed nothing.
        var committed: Int64?
        /// The offset behind the last record; nil where the partition is gone or nobody leads it.
        var end: Int64?
        /// Who was given the partition; nil for nobody.
        var member: String?

        /// Negative where the log ends before what was committed.
        var lag: Int64? {
            guard let committed, let end else { return nil }
            return end - committed
        }
    }

    /// Every partition that was committed in or given to a member, in order.
    var rows: [Row]

    /// Of the partitions whose lag is known.
    var totalLag: Int64 { rows.reduce(0) { $0 + ($1.lag ?? 0) } }

    static func read(of group: GroupFigures, from connection: KafkaConnection) throws -> GroupOffsets {
        let (admin, timeout) = (connection.admin, connection.timeout)
        return try connection.attempt { _ in
            let committed = try admin.groupOffsets(group.name, timeout: timeout)
            var owners: [TopicPartition: String] = [:]
            for member in group.members ?? [] {
                for partition in member.partitions { owners[partition] = member.id }
            }
            let partitions = Set(committed.keys).union(owners.keys)
            let ends = try ends(of: partitions, admin, timeout)
            let sorted = partitions.sorted { ($0.topic, $0.partition) < ($1.topic, $1.partition) }
            return GroupOffsets(
                rows: sorted.map {
                    Row(partition: $0, committed: committed[$0], end: ends[$0], member: owners[$0])
                })
        }
    }

    /// Of those that are there and have a leader.
    private static func ends(
        of partitions: Set<TopicPartition>, _ admin: AdminClient, _ timeout: Duration
    ) throws(KafkaError) -> [TopicPartition: Int64] {
        guard !partitions.isEmpty else { return [:] }
        let led = try admin.metadata(timeout: timeout).topics.flatMap { topic in
            topic.partitions.filter { $0.leader >= 0 }.map { TopicPartition(topic.name, $0.id) }
        }
        return try admin.endOffsets(led.filter { partitions.contains($0) }, timeout: timeout)
    }
}
