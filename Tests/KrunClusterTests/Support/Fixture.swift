import KrunBrokerTestSupport
import KrunWire
import NIOCore
import Testing

@testable import KrunBroker

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A value changed in one expression.
func with<Value>(_ value: Value, _ change: (inout Value) throws -> Void) rethrows -> Value {
    var value = value
    try change(&value)
    return value
}

extension EmbeddedCluster {
    /// Where the brokers listen, in the order of their ids.
    var ports: [Int] {
        bootstrapServers.split(separator: ",").map { Int($0.split(separator: ":").last ?? "") ?? 0 }
    }

    func client(of broker: Int32 = 1, id: String = "test") async throws -> TestClient {
        try await TestClient.connect(port: ports[Int(broker) - 1], id: id)
    }

    func leader(of topic: String, _ partition: Int32 = 0) throws -> Int32 {
        try #require(try onLoop { core throws(ClusterError) in core.topics[topic]?.partition(partition)?.leader })
    }

    /// A client of a partition's leader.
    func leaderClient(of topic: String, _ partition: Int32 = 0, id: String = "test") async throws -> TestClient {
        try await client(of: leader(of: topic, partition), id: id)
    }

    func coordinator(ofGroup group: String) throws -> Int32 {
        try #require(
            try onLoop { core throws(ClusterError) in
                core.coordinator(.group, group)
            })
    }

    func coordinator(ofTransactionalID id: String) throws -> Int32 {
        try #require(
            try onLoop { core throws(ClusterError) in
                core.coordinator(.transaction, id)
            })
    }

    func topicID(_ topic: String) throws -> KafkaUUID {
        try #require(try onLoop { core throws(ClusterError) in core.topics[topic]?.id })
    }

    /// The values of all records that a partition keeps, control records as their types.
    func values(of topic: String, _ partition: Int32 = 0) throws -> [String] {
        let bytes = try onLoop { core throws(ClusterError) -> [UInt8] in
            guard let log = core.topics[topic]?.partition(partition)?.log else { return [] }
            return ((try? log.read(from: log.logStartOffset, maxBytes: .max, minOneBatch: true, upTo: .logEnd))?.bytes)
                ?? []
        }
        return try LogFixture.batches(bytes).flatMap { batch in
            let isControl = try batch.withUnsafeBytes { try RecordBatchHeader(parsing: $0).isControl }
            return try RecordBatchReader.records(in: batch).map { record in
                isControl ? (record.key?.last == 1 ? "commit" : "abort") : LogFixture.text(record.value) ?? "null"
            }
        }
    }
}

/// Requests with few words.
enum Ask {
    static let now = SystemClock.milliseconds

    static func batch(
        _ values: [String], key: String? = "k", timestamp: Int64 = now,
        producer: (id: Int64, epoch: Int16, sequence: Int32)? = nil, isTransactional: Bool = false
    ) -> ByteBuffer {
        ByteBuffer(
            bytes: LogFixture.batch(
                values.map { (key, $0, timestamp) }, producer: producer, isTransactional: isTransactional))
    }

    static func produce(
        _ topic: String, _ partitions: [Int32: ByteBuffer], acks: Int16 = -1, transactionalID: String? = nil
    ) -> ProduceRequest {
        with(ProduceRequest()) { request in
            request.acks = acks
            request.timeoutMs = 1000
            request.transactionalId = transactionalID
            request.topicData = [
                with(ProduceRequest.TopicProduceData()) { data in
                    data.name = topic
                    data.partitionData = partitions.sorted { $0.key < $1.key }.map { index, records in
                        with(ProduceRequest.PartitionProduceData()) {
                            $0.index = index
                            $0.records = records
                        }
                    }
                }
            ]
        }
    }

    static func produce(_ topic: String, _ values: [String], acks: Int16 = -1) -> ProduceRequest {
        produce(topic, [0: batch(values)], acks: acks)
    }

    static func fetch(
        _ topic: String = "", id: KafkaUUID = .zero, partition: Int32 = 0, from offset: Int64 = 0, wait: Int32 = 0,
        min: Int32 = 1, epoch: Int32 = -1, committed: Bool = false
    ) -> FetchRequest {
        with(FetchRequest()) { request in
            request.maxWaitMs = wait
            request.minBytes = min
            request.isolationLevel = committed ? 1 : 0
            request.topics = [
                with(FetchRequest.FetchTopic()) { item in
                    item.topic = topic
                    item.topicId = id
                    item.partitions = [
                        with(FetchRequest.FetchPartition()) {
                            $0.partition = partition
                            $0.fetchOffset = offset
                            $0.currentLeaderEpoch = epoch
                            $0.partitionMaxBytes = 1 << 20
                        }
                    ]
                }
            ]
        }
    }

    static func join(
        _ group: String, member: String = "", instance: String? = nil, session: Int32 = 10_000,
        rebalance: Int32 = 10_000, protocols: [String] = ["range"]
    ) -> JoinGroupRequest {
        with(JoinGroupRequest()) { request in
            request.groupId = group
            request.sessionTimeoutMs = session
            request.rebalanceTimeoutMs = rebalance
            request.memberId = member
            request.groupInstanceId = instance
            request.protocolType = "consumer"
            request.protocols = protocols.map { name in
                with(JoinGroupRequest.JoinGroupRequestProtocol()) {
                    $0.name = name
                    $0.metadata = [1]
                }
            }
        }
    }

    static func sync(
        _ group: String, member: String, generation: Int32, assignments: [String: [UInt8]] = [:],
        instance: String? = nil
    ) -> SyncGroupRequest {
        with(SyncGroupRequest()) { request in
            request.groupId = group
            request.memberId = member
            request.generationId = generation
            request.groupInstanceId = instance
            request.protocolType = "consumer"
            request.protocolName = "range"
            request.assignments = assignments.sorted { $0.key < $1.key }.map { member, bytes in
                with(SyncGroupRequest.SyncGroupRequestAssignment()) {
                    $0.memberId = member
                    $0.assignment = bytes
                }
            }
        }
    }

    static func coordinator(of key: String, transactional: Bool = false) -> FindCoordinatorRequest {
        with(FindCoordinatorRequest()) {
            $0.coordinatorKeys = [key]
            $0.keyType = transactional ? 1 : 0
        }
    }

    static func topic(
        _ name: String, _ partitions: Int32 = 1, factor: Int16 = -1, on brokers: [Int32]? = nil
    ) -> CreateTopicsRequest {
        with(CreateTopicsRequest()) { request in
            request.topics = [
                with(CreateTopicsRequest.CreatableTopic()) { topic in
                    topic.name = name
                    topic.numPartitions = brokers == nil ? partitions : -1
                    topic.replicationFactor = factor
                    if let brokers {
                        topic.assignments = [
                            with(CreateTopicsRequest.CreatableReplicaAssignment()) { $0.brokerIds = brokers }
                        ]
                    }
                }
            ]
        }
    }

    static func heartbeat(_ group: String, member: String, generation: Int32) -> HeartbeatRequest {
        with(HeartbeatRequest()) {
            $0.groupId = group
            $0.memberId = member
            $0.generationId = generation
        }
    }

    static func metadata(_ names: [String]?, creating: Bool = false) -> MetadataRequest {
        with(MetadataRequest()) { request in
            request.allowAutoTopicCreation = creating
            request.topics = names?.map { name in with(MetadataRequest.MetadataRequestTopic()) { $0.name = name } }
        }
    }
}

extension FetchResponse {
    /// What came for the one partition that was asked for.
    var only: PartitionData { responses.first?.partitions.first ?? PartitionData() }
}

extension FetchResponse.PartitionData {
    var values: [String] {
        get throws {
            let bytes = Array((records ?? ByteBuffer()).readableBytesView)
            return try LogFixture.batches(bytes).flatMap { batch in
                try batch.withUnsafeBytes { try RecordBatchHeader(parsing: $0).isControl }
                    ? [] : RecordBatchReader.records(in: batch).map { LogFixture.text($0.value) ?? "null" }
            }
        }
    }
}

extension ProduceResponse {
    var only: PartitionProduceResponse { responses.first?.partitionResponses.first ?? PartitionProduceResponse() }
}

/// The limit of open files, which tests with thousands of connections need to be higher than usual.
enum OpenFiles {
    /// - Returns: how many files may be open now.
    static func raise() -> Int {
        var limit = rlimit()
        #if canImport(Glibc)
            let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        #else
            let resource = RLIMIT_NOFILE
        #endif
        guard getrlimit(resource, &limit) == 0 else { return 0 }
        let most = min(limit.rlim_max, 26_000)
        guard limit.rlim_cur < most else { return Int(clamping: limit.rlim_cur) }
        var raised = limit
        raised.rlim_cur = most
        return Int(clamping: setrlimit(resource, &raised) == 0 ? raised.rlim_cur : limit.rlim_cur)
    }
}
