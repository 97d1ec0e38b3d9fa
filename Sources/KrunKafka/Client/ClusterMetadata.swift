internal import CRdKafka

/// The brokers and topics of a cluster at one moment.
public struct ClusterMetadata: Hashable, Sendable {
    public struct Broker: Hashable, Sendable {
        public var id: Int32
        public var host: String
        public var port: Int
    }

    public struct Partition: Hashable, Sendable {
        public var id: Int32
        /// The leading broker, or −1 while there is none.
        public var leader: Int32
        public var replicas: [Int32]
        /// The replicas that have all that was acknowledged.
        public var inSyncReplicas: [Int32]
        /// Such as `LEADER_NOT_AVAILABLE`; nil when all is well.
        public var error: KafkaError?
    }

    public struct Topic: Hashable, Sendable {
        public var name: String
        /// In the order of their numbers.
        public var partitions: [Partition]
        /// Such as `UNKNOWN_TOPIC_OR_PART`; nil when all is well.
        public var error: KafkaError?
    }

    public var brokers: [Broker]
    public var topics: [Topic]
}

// MARK: - Metadata

extension Client {
    /// Which topics to ask about.
    enum MetadataScope {
        case all
        /// librdkafka's topic object.
        case one(CObject)
        /// Those this client has objects of, which is none for one that only asks: then the brokers alone.
        case own
    }

    /// The brokers and the topics asked for; throws at the deadline while nobody answers.
    func metadata(
        _ scope: MetadataScope, activity: String, deadline: CallDeadline
    ) throws(KafkaError) -> ClusterMetadata {
        let (all, topic): (Int32, CObject?) =
            switch scope {
            case .all: (1, nil)
            case .one(let topic): (0, topic)
            case .own: (0, nil)
            }
        return try attempting(until: deadline, activity: activity) { timeout throws(KafkaError) in
            var result: UnsafePointer<rd_kafka_metadata>?
            let code = rd_kafka_metadata(pointer, all, topic?.pointer, &result, timeout.timeoutMilliseconds)
            try KafkaError.check(code, activity)
            guard let result else { try KafkaError.fail(RD_KAFKA_RESP_ERR__FAIL, activity) }
            defer { rd_kafka_metadata_destroy(result) }
            return ClusterMetadata(result.pointee, activity: activity)
        }
    }

    /// Waits until every partition of each topic has a leader, and there are as many as `counts` says where it is given.
    /// At the deadline throws what was missing last.
    ///
    /// - Parameter orMore: whether there may be more than that, as where somebody adds some just now.
    func waitForLeaders(
        of topics: [CObject], counts: [Int]? = nil, orMore: Bool = false, activity: String, deadline: CallDeadline
    ) throws(KafkaError) -> [ClusterMetadata.Topic] {
        var ready: [ClusterMetadata.Topic] = []
        var lastError: KafkaError?
        while ready.count < topics.count {
            do {
                let metadata = try metadata(.one(topics[ready.count]), activity: activity, deadline: deadline)
                let topic = metadata.topics.first
                if let topic,
                    let missing = topic.missing(count: counts?[ready.count], orMore: orMore, activity: activity)
                {
                    lastError = missing
                } else if let topic {
                    ready.append(topic)
                    continue
                }
            } catch  where error.isCancelled {
                throw error
            } catch  where !deadline.hasPassed {
                lastError = error
            } catch {
                // What was missing says more than that time is up.
                throw lastError ?? error
            }
            guard !deadline.hasPassed else {
                throw lastError ?? KafkaError(code: RD_KAFKA_RESP_ERR__TIMED_OUT.rawValue, activity: activity)
            }
            try pause(.milliseconds(20), until: deadline, activity: activity)
        }
        return ready
    }
}

extension ClusterMetadata {
    init(_ metadata: rd_kafka_metadata, activity: String) {
        self.init(
            brokers: UnsafeBufferPointer(start: metadata.brokers, count: Int(metadata.broker_cnt)).map {
                Broker(id: $0.id, host: String(cString: $0.host), port: Int($0.port))
            },
            topics: UnsafeBufferPointer(start: metadata.topics, count: Int(metadata.topic_cnt)).map {
                Topic($0, activity: activity)
            })
    }
}

extension ClusterMetadata.Topic {
    init(_ topic: rd_kafka_metadata_topic, activity: String) {
        func error(_ code: rd_kafka_resp_err_t) -> KafkaError? {
            code == RD_KAFKA_RESP_ERR_NO_ERROR ? nil : KafkaError(code: code.rawValue, activity: activity)
        }
        let partitions = UnsafeBufferPointer(start: topic.partitions, count: Int(topic.partition_cnt)).map {
            ClusterMetadata.Partition(
                id: $0.id, leader: $0.leader,
                replicas: [Int32](UnsafeBufferPointer(start: $0.replicas, count: Int($0.replica_cnt))),
                inSyncReplicas: [Int32](UnsafeBufferPointer(start: $0.isrs, count: Int($0.isr_cnt))),
                error: error($0.err))
        }
        self.init(
            name: String(cString: topic.topic), partitions: partitions.sorted { $0.id < $1.id }, error: error(topic.err)
        )
    }

    /// What keeps the topic from being used; nil when every partition has a leader.
    func missing(count: Int?, orMore: Bool = false, activity: String) -> KafkaError? {
        if let error { return error }
        if partitions.isEmpty {
            return KafkaError(code: RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART.rawValue, activity: activity)
        }
        if let count, orMore ? partitions.count < count : partitions.count != count {
            return KafkaError(
                code: RD_KAFKA_RESP_ERR__TIMED_OUT.rawValue, activity: activity,
                reason: "\(name) has \(partitions.count) of \(count) partitions")
        }
        guard let leaderless = partitions.first(where: { $0.leader < 0 }) else { return nil }
        return KafkaError(
            code: RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE.rawValue, activity: activity,
            reason: "\(name)/\(leaderless.id) has no leader")
    }
}
