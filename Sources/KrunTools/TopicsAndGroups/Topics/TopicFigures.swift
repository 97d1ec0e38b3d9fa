import KrunConnection
import KrunDiagnostics
import KrunKafka
import KrunReports
import KrunScenario

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
    var isInternal: Bool { Self.isInternal(name) }

    /// Whether it is one of those that Kafka keeps for itself.
    static func isInternal(_ name: String) -> Bool { internalNames.contains(name) }

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

// MARK: - Text

extension TopicFigures {
    /// Such as `3 partitions, replication factor 1, 12 messages`.
    var summary: String {
        let messages = messages.map { Amounts.count(Int($0), "message") } ?? "its messages are not known"
        return "\(Amounts.count(partitions.count, "partition")), replication factor \(replicationFactor), \(messages)"
    }

    /// Name, number of partitions, replication factor and messages, for programs.
    var jsonSummary: JSONMembers {
        var object = JSONMembers()
        object.add("name", name)
        object.add("internal", isInternal)
        object.add("partitionCount", partitions.count)
        object.add("replicationFactor", replicationFactor)
        object.add("messages", .nullable(messages))
        return object
    }
}

// MARK: - Topics of a Kafka

extension KafkaConnection {
    /// Topics by their names, in this order and each once.
    ///
    /// - Throws: `Diagnostics` about every name that is none or that no topic has.
    func topics(named names: [String]) throws -> [ClusterMetadata.Topic] {
        let names = try Self.checked(names, of: "topic")
        let deadline = Deadline(after: timeout)
        while true {
            let topics = try attempt { _ in try admin.metadata(topics: names, timeout: deadline.remaining) }.topics
            let missing = try topics.filter { $0.error?.isUnknownTopic == true }.map { topic in
                (topic.name, try attempt { _ in try admin.metadataError(of: topic.name, timeout: deadline.remaining) })
            }
            if missing.isEmpty { return topics }
            let certain = missing.filter { $1 != nil }
            guard certain.isEmpty, !deadline.hasPassed else {
                throw Diagnostics(try (certain.isEmpty ? missing : certain).map(unknownTopic))
            }
            // Another broker has heard of it already.
            try pause(.milliseconds(50))
        }
    }

    /// Each name once, in this order.
    ///
    /// - Throws: `Diagnostics` about every one that Kafka would not take.
    static func checked(_ names: [String], of kind: String) throws(Diagnostics) -> [String] {
        var seen: Set<String> = []
        let names = names.filter { seen.insert($0).inserted }
        let faults = names.compactMap { name in
            KafkaName.fault(of: name, existing: true).map {
                Diagnostic(.usage, "\"\(name)\" is no name for a \(kind)", notes: [$0])
            }
        }
        guard faults.isEmpty else { throw Diagnostics(faults) }
        return names
    }

    /// Waits until each topic has so many partitions, all with a leader.
    ///
    /// - Parameter done: what was done to them before, for the error.
    func waitUntilReady(_ topics: [String: Int], done: String) throws(Diagnostic) {
        do {
            try admin.waitUntilReady(topics, timeout: timeout)
        } catch {
            var diagnostic = diagnostic(error)
            diagnostic.notes.append(done)
            throw diagnostic
        }
    }

    /// - Parameter error: what the cluster says when asked for it by name.
    private func unknownTopic(_ name: String, _ error: KafkaError?) throws -> Diagnostic {
        // A broker with ACLs does not list what one may not see.
        if let error, !error.isUnknownTopic { return diagnostic(error) }
        var missing = try missingTopic(name)
        // Whoever mistyped a name does not want a topic of it.
        if missing.guess != nil { missing.diagnostic.notes.removeLast() }
        return missing.diagnostic
    }
}

extension Diagnostic {
    /// A partition that the command line names and the topic does not have.
    ///
    /// - Parameters:
    ///   - partitions: the numbers of those that it has.
    ///   - advice: how it goes without.
    static func missingPartition(
        _ partition: Int32, of topic: String, having partitions: [Int32], advice: [String] = []
    ) -> Diagnostic {
        let range = partitions.count > 1 ? ": \(partitions.min() ?? 0) to \(partitions.max() ?? 0)" : ", number 0"
        return Diagnostic(
            .usage, "topic \(topic) has no partition \(partition)",
            notes: ["it has \(Amounts.count(partitions.count, "partition"))\(range)"] + advice)
    }
}
