internal import CRdKafka

extension AdminClient {
    /// The brokers alone, in the order of their numbers, which is cheap however many topics there are; throws at the deadline
    /// while nobody answers.
    public func brokers(timeout: Duration) throws(KafkaError) -> [ClusterMetadata.Broker] {
        defer { serveErrors() }
        let activity = "asking for the cluster's brokers"
        let deadline = CallDeadline(after: timeout)
        while true {
            let brokers = try client.metadata(.own, activity: activity, deadline: deadline).brokers
            if !brokers.isEmpty { return brokers.sorted { $0.id < $1.id } }
            guard !deadline.hasPassed else {
                try KafkaError.fail(RD_KAFKA_RESP_ERR__TIMED_OUT, activity, reason: "the cluster names no brokers")
            }
            try client.pause(.milliseconds(50), until: deadline, activity: activity)
        }
    }

    /// The brokers and all topics.
    public func metadata(timeout: Duration) throws(KafkaError) -> ClusterMetadata {
        defer { serveErrors() }
        return try client.metadata(
            .all, activity: "asking for the cluster's metadata", deadline: CallDeadline(after: timeout))
    }

    /// These topics, in this order, without creating any: one that is not there carries its error. For none,
    /// the brokers only.
    public func metadata(topics: [String], timeout: Duration) throws(KafkaError) -> ClusterMetadata {
        guard !topics.isEmpty else { return ClusterMetadata(brokers: try brokers(timeout: timeout), topics: []) }
        // Asking for a topic by name may create it where the properties say so; asking for all never does.
        var answer = try metadata(timeout: timeout)
        let found = Dictionary(answer.topics.map { ($0.name, $0) }, uniquingKeysWith: { $1 })
        answer.topics = topics.map { name in
            let missing = KafkaError(
                code: RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART.rawValue,
                activity: "asking for the metadata of topic \(name)")
            return found[name] ?? ClusterMetadata.Topic(name: name, partitions: [], error: missing)
        }
        return answer
    }

    /// Why the metadata of all topics has no topic of this name, in the cluster's words: it is unknown, or this user may not see
    /// it (`TOPIC_AUTHORIZATION_FAILED`); nil when it is there by now.
    public func metadataError(of topic: String, timeout: Duration) throws(KafkaError) -> KafkaError? {
        defer { serveErrors() }
        let activity = "asking for the metadata of topic \(topic)"
        try ProtocolString.check(topics: [topic], activity)
        let handle = try handle(of: topic, activity: activity)
        let deadline = CallDeadline(after: timeout)
        return try client.metadata(.one(handle), activity: activity, deadline: deadline).topics.first?.error
    }

    /// Waits until each topic has so many partitions and each of them a leader that answers; throws at the deadline, naming
    /// what is missing.
    public func waitUntilReady(_ topics: [String: Int], timeout: Duration) throws(KafkaError) {
        defer { serveErrors() }
        try ProtocolString.check(topics: topics.keys, "waiting for the leaders of topics")
        let deadline = CallDeadline(after: timeout)
        for (topic, partitions) in topics.sorted(by: { $0.key < $1.key }) {
            let activity = "waiting for the leaders of topic \(topic)"
            let handle = try handle(of: topic, activity: activity)
            _ = try client.waitForLeaders(
                of: [handle], counts: [partitions], activity: activity, deadline: deadline)
        }
        // Metadata names a leader before that broker knows of it. A first message would be refused then and sent again,
        // behind later ones: so each leader is asked for something.
        let partitions = topics.flatMap { topic, count in (0..<Int32(count)).map { TopicPartition(topic, $0) } }
        while true {
            do {
                _ = try endOffsets(partitions, timeout: deadline.remaining)
                return
            } catch {
                let isNews = ["UNKNOWN_TOPIC_OR_PART", "_UNKNOWN_PARTITION", "_UNKNOWN_TOPIC"].contains(error.name)
                guard isNews, !deadline.hasPassed else { throw error }
                try client.pause(
                    .milliseconds(20), until: deadline, activity: "waiting for the leaders of topics to answer")
            }
        }
    }

    /// Creates topics; the result has an entry for each, nil where it was created.
    public func createTopics(_ topics: [NewTopic], timeout: Duration) throws(KafkaError) -> [String: KafkaError?] {
        guard !topics.isEmpty else { return [:] }
        try ProtocolString.check(topics: topics.lazy.map(\.name), "creating topics")
        let activity = "creating " + Self.list(topics.map(\.name), one: "topic", many: "topics")
        var requests: [OpaquePointer?] = []
        defer { rd_kafka_NewTopic_destroy_array(&requests, requests.count) }
        for topic in topics {
            let (request, reason) = withErrorText { text, size in
                rd_kafka_NewTopic_new(
                    topic.name, Int32(clamping: topic.partitions), Int32(clamping: topic.replicationFactor), text, size)
            }
            guard let request else {
                try KafkaError.fail(RD_KAFKA_RESP_ERR__INVALID_ARG, "creating topic \(topic.name)", reason: reason)
            }
            requests.append(request)
            for (name, value) in topic.config.sorted(by: { $0.key < $1.key }) {
                try KafkaError.check(
                    rd_kafka_NewTopic_set_config(request, name, value), "creating topic \(topic.name)")
            }
        }
        return try request(RD_KAFKA_ADMIN_OP_CREATETOPICS, activity: activity, timeout: timeout) { options, queue in
            // The broker waits itself until the topics are there, within the request's time.
            _ = withErrorText { text, size in
                rd_kafka_AdminOptions_set_operation_timeout(options, max(1, timeout.timeoutMilliseconds), text, size)
            }
            rd_kafka_CreateTopics(client.pointer, &requests, requests.count, options, queue)
        } read: { event throws(KafkaError) in
            var count = 0
            let results = rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event), &count)
            return topicResults(results, count, verb: "creating")
        }
    }

    /// Creates one topic and waits for the answer.
    public func createTopic(_ topic: NewTopic, timeout: Duration) throws(KafkaError) {
        let answers = try createTopics([topic], timeout: timeout)
        if let error = answers[topic.name] ?? nil { throw error }
    }

    /// Deletes topics; the result has an entry for each, nil where it was deleted.
    public func deleteTopics(_ topics: [String], timeout: Duration) throws(KafkaError) -> [String: KafkaError?] {
        guard !topics.isEmpty else { return [:] }
        try ProtocolString.check(topics: topics, "deleting topics")
        let activity = "deleting " + Self.list(topics, one: "topic", many: "topics")
        var requests: [OpaquePointer?] = topics.map { rd_kafka_DeleteTopic_new($0) }
        defer { rd_kafka_DeleteTopic_destroy_array(&requests, requests.count) }
        return try request(RD_KAFKA_ADMIN_OP_DELETETOPICS, activity: activity, timeout: timeout) { options, queue in
            _ = withErrorText { text, size in
                rd_kafka_AdminOptions_set_operation_timeout(options, max(1, timeout.timeoutMilliseconds), text, size)
            }
            rd_kafka_DeleteTopics(client.pointer, &requests, requests.count, options, queue)
        } read: { event throws(KafkaError) in
            var count = 0
            let results = rd_kafka_DeleteTopics_result_topics(rd_kafka_event_DeleteTopics_result(event), &count)
            return topicResults(results, count, verb: "deleting")
        }
    }

    func topicResults(
        _ results: UnsafeMutablePointer<OpaquePointer?>?, _ count: Int, verb: String
    ) -> [String: KafkaError?] {
        var answers: [String: KafkaError?] = [:]
        for index in 0..<count {
            guard let result = results?[index] else { continue }
            let name = String(cString: rd_kafka_topic_result_name(result))
            let error = ifAny(
                rd_kafka_topic_result_error(result), rd_kafka_topic_result_error_string(result),
                activity: "\(verb) topic \(name)")
            answers.updateValue(error, forKey: name)
        }
        return answers
    }

    private func handle(of topic: String, activity: String) throws(KafkaError) -> CObject {
        guard let pointer = rd_kafka_topic_new(client.pointer, topic, nil) else {
            try KafkaError.fail(rd_kafka_last_error(), activity)
        }
        return CObject(pointer, keeping: client.object) { rd_kafka_topic_destroy($0) }
    }

    /// `topic a` or `topics a, b, c`.
    static func list(_ names: [String], one: String, many: String) -> String {
        "\(names.count == 1 ? one : many) \(names.joined(separator: ", "))"
    }
}

/// A topic to be created.
public struct NewTopic: Hashable, Sendable {
    public var name: String
    public var partitions: Int
    /// −1 leaves it to the broker.
    public var replicationFactor: Int
    public var config: [String: String]

    public init(name: String, partitions: Int, replicationFactor: Int = -1, config: [String: String] = [:]) {
        self.name = name
        self.partitions = partitions
        self.replicationFactor = replicationFactor
        self.config = config
    }
}

// MARK: - Records

extension AdminClient {
    /// Deletes the records before an offset of each partition; nil for the end of its log. The result has an entry for each partition, nil where
    /// that was done.
    public func deleteRecords(
        before offsets: [TopicPartition: Int64?], timeout: Duration
    ) throws(KafkaError) -> [TopicPartition: KafkaError?] {
        guard !offsets.isEmpty else { return [:] }
        let activity = "deleting records"
        try ProtocolString.check(topics: offsets.keys.lazy.map(\.topic), activity)
        let list = PartitionList(
            offsets.map { TopicPartitionOffset($0.key.topic, $0.key.partition, $0.value ?? LogicalOffset.end) })
        var requests: [OpaquePointer?] = [rd_kafka_DeleteRecords_new(list.pointer)]
        defer { rd_kafka_DeleteRecords_destroy_array(&requests, requests.count) }
        return try request(RD_KAFKA_ADMIN_OP_DELETERECORDS, activity: activity, timeout: timeout) { options, queue in
            _ = withErrorText { text, size in
                rd_kafka_AdminOptions_set_operation_timeout(options, max(1, timeout.timeoutMilliseconds), text, size)
            }
            rd_kafka_DeleteRecords(client.pointer, &requests, requests.count, options, queue)
        } read: { event throws(KafkaError) in
            let result = rd_kafka_event_DeleteRecords_result(event)
            return PartitionList.errors(of: rd_kafka_DeleteRecords_result_offsets(result), activity: activity)
        }
    }
}

// MARK: - Partitions

extension AdminClient {
    /// Gives a topic more partitions: so many in all. Kafka cannot take any away.
    public func createPartitions(_ topic: String, total: Int, timeout: Duration) throws(KafkaError) {
        try ProtocolString.check(topics: [topic], "adding partitions to a topic")
        let activity = "adding partitions to topic \(topic)"
        let (new, reason) = withErrorText { text, size in
            rd_kafka_NewPartitions_new(topic, max(0, total), text, size)
        }
        guard let new else { try KafkaError.fail(RD_KAFKA_RESP_ERR__INVALID_ARG, activity, reason: reason) }
        var requests: [OpaquePointer?] = [new]
        defer { rd_kafka_NewPartitions_destroy(new) }
        let answers = try request(
            RD_KAFKA_ADMIN_OP_CREATEPARTITIONS, activity: activity, timeout: timeout
        ) { options, queue in
            _ = withErrorText { text, size in
                rd_kafka_AdminOptions_set_operation_timeout(options, max(1, timeout.timeoutMilliseconds), text, size)
            }
            rd_kafka_CreatePartitions(client.pointer, &requests, requests.count, options, queue)
        } read: { event throws(KafkaError) in
            var count = 0
            let results = rd_kafka_CreatePartitions_result_topics(
                rd_kafka_event_CreatePartitions_result(event), &count)
            return topicResults(results, count, verb: "adding partitions to")
        }
        if let error = answers[topic] ?? nil { throw error }
    }
}
