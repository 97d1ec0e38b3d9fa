import KrunKafka
import KrunReports

/// A topic's partitions and the ends of their logs.
struct TopicFigures: Hashable, Sendable {
    struct Partition: Hashable, Sendable {
        var number: Int32
        /// Nil while there is none.
        var leader: Int32?
        var replicas: [Int32]
        var inSyncReplicas: [Int32]
        /// The first offset still there; nil where it was not asked for or nobody leads.
        var first: Int64?
        /// The offset behind the last record; nil as `first`.
        var end: Int64?

        /// Offsets from the first to the end: what compaction took out and the markers of transactions count too.
        var messages: Int64? {
            guard let first, let end else { return nil }
            return max(0, end - first)
        }
    }

    var name: String
    /// In the order of their numbers.
    var partitions: [Partition]

    /// Nil where it is not known of every partition.
    var messages: Int64? {
        partitions.reduce(0) { sum, partition in
            guard let sum, let messages = partition.messages else { return nil }
            return sum + messages
        }
    }

    var replicationFactor: Int { partitions.map(\.replicas.count).max() ?? 0 }
    var isInternal: Bool { Self.internalNames.contains(name) }

    /// What keeps the topic from working as it should, such as `partitions 0, 2 have no leader`; nil when nothing does.
    var trouble: String? {
        let leaderless = partitions.filter { $0.leader == nil }
        let behind = partitions.filter { $0.leader != nil && $0.inSyncReplicas.count < $0.replicas.count }
        let parts = [
            Self.sentence(leaderless, "has no leader", "have no leader"),
            Self.sentence(behind, "is under-replicated", "are under-replicated"),
        ]
        let said = parts.compactMap { $0 }
        return said.isEmpty ? nil : said.joined(separator: "; ")
    }

    /// Those that Kafka keeps for itself.
    private static let internalNames: Set<String> = [
        "__consumer_offsets", "__transaction_state", "__share_group_state",
    ]

    private static func sentence(_ partitions: [Partition], _ one: String, _ many: String) -> String? {
        guard !partitions.isEmpty else { return nil }
        let numbers = Amounts.list(partitions.map { String($0.number) })
        return partitions.count == 1 ? "partition \(numbers) \(one)" : "partitions \(numbers) \(many)"
    }
}

extension TopicFigures {
    /// Without the ends of the logs.
    init(_ topic: ClusterMetadata.Topic) {
        self.init(
            name: topic.name,
            partitions: topic.partitions.map {
                Partition(
                    number: $0.id, leader: $0.leader < 0 ? nil : $0.leader, replicas: $0.replicas,
                    inSyncReplicas: $0.inSyncReplicas)
            })
    }

    /// Asks the leaders where the logs begin and end.
    static func read(
        _ topics: [ClusterMetadata.Topic], admin: AdminClient, timeout: Duration
    ) throws(KafkaError) -> [TopicFigures] {
        var topics = topics.map { TopicFigures($0) }
        let led = topics.flatMap { topic in
            topic.partitions.filter { $0.leader != nil }.map { TopicPartition(topic.name, $0.number) }
        }
        let first = try admin.beginningOffsets(led, timeout: timeout)
        let end = try admin.endOffsets(led, timeout: timeout)
        for topic in topics.indices {
            let name = topics[topic].name
            for index in topics[topic].partitions.indices {
                let partition = TopicPartition(name, topics[topic].partitions[index].number)
                topics[topic].partitions[index].first = first[partition]
                topics[topic].partitions[index].end = end[partition]
            }
        }
        return topics
    }
}

extension KafkaError {
    /// A topic went, or changed, between two requests.
    var isUnknownTopic: Bool {
        ["UNKNOWN_TOPIC_OR_PART", "_UNKNOWN_PARTITION", "_UNKNOWN_TOPIC"].contains(name)
    }
}
