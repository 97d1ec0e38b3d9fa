import KrunWire
import NIOCore
import Testing

@testable import KrunBroker

/// What `cluster.events` tells of what clients ask for.
@Suite(.timeLimit(.minutes(1)))
struct EventWireTests {
    /// All that was told but requests and connections, ids of members as `m`.
    private static func told(_ cluster: EmbeddedCluster) -> [String] {
        cluster.settle()
        return cluster.events.recent.compactMap { event in
            switch event.kind {
            case .requestServed, .connectionOpened, .brokerStarted, .groupChanged: nil
            default: "\(event.kind)".replacing(/test-[0-9a-f-]{36}/, with: "m")
            }
        }
    }

    @Test
    func tellsWhatAdministratorsDo() async throws {
        let cluster = try EmbeddedCluster(ClusterOptions(brokers: 1))
        defer { cluster.close() }
        let client = try await cluster.client(id: "admin")
        _ = try await client.send(Self.versions, version: 3)
        _ = try await client.send(Ask.metadata(["auto"], creating: true), version: 9)
        let topic = with(CreateTopicsRequest.CreatableTopic()) {
            $0.name = "t"
            $0.numPartitions = 2
            $0.replicationFactor = 1
        }
        _ = try await client.send(with(CreateTopicsRequest()) { $0.topics = [topic] }, version: 7)
        // Nothing comes of what is only to be checked.
        let other = with(topic) { $0.name = "u" }
        _ = try await client.send(
            with(CreateTopicsRequest()) {
                $0.topics = [other]
                $0.validateOnly = true
            }, version: 7)
        let more = with(CreatePartitionsRequest.CreatePartitionsTopic()) {
            $0.name = "t"
            $0.count = 3
            $0.assignments = nil
        }
        let added = try await client.send(with(CreatePartitionsRequest()) { $0.topics = [more] }, version: 3)
        #expect(added.results.map(\.errorMessage) == [nil])
        // The second says nothing new.
        for _ in 0..<2 {
            _ = try await client.send(
                Self.configs(["max.message.bytes": "5000", "retention.ms": "1000"]), version: 1)
        }
        _ = try await client.send(Self.configs(["retention.ms": nil]), version: 1)
        _ = try await client.send(Ask.produce("t", ["a", "b", "c"]), version: 9)
        let records = with(DeleteRecordsRequest()) { request in
            request.topics = [
                with(DeleteRecordsRequest.DeleteRecordsTopic()) { topic in
                    topic.name = "t"
                    topic.partitions = [
                        with(DeleteRecordsRequest.DeleteRecordsPartition()) {
                            $0.partitionIndex = 0
                            $0.offset = 2
                        }
                    ]
                }
            ]
        }
        let deleted = try await client.send(records, version: 2)
        #expect(deleted.topics.flatMap(\.partitions).map(\.errorCode) == [.none])
        _ = try await client.send(with(DeleteTopicsRequest()) { $0.topicNames = ["t"] }, version: 5)
        #expect(
            Self.told(cluster).map { $0.replacing(/\d+ B/, with: "n B") } == [
                "broker 1: connection 1 is admin, tester 1.0", "auto: created automatically with 1 partition by admin",
                "t: created with 2 partitions by admin", "t: has 3 partitions now by admin",
                "t: max.message.bytes = 5000, retention.ms = 1000 by admin", "t: retention.ms by default by admin",
                "t 0: 3 records at 0, n B", "t 0: records before 2 deleted by admin", "t: deleted by admin",
            ])
    }

    /// What is not served ends the connection, and is named with who asked and what is served.
    @Test
    func tellsWhatIsNotServed() async throws {
        let cluster = try EmbeddedCluster(ClusterOptions(brokers: 1))
        defer { cluster.close() }
        func ask(_ key: Int16, _ version: Int16, client id: String?) async throws {
            let client = try await cluster.client()
            var body = ByteBuffer()
            body.writeInteger(key)
            body.writeInteger(version)
            body.writeInteger(Int32(1))
            body.writeInteger(id.map { Int16($0.utf8.count) } ?? -1)
            body.writeString(id ?? "")
            var frame = ByteBuffer(integer: Int32(body.readableBytes))
            frame.writeImmutableBuffer(body)
            try await client.write(frame)
            #expect(try await client.closed() == 0)
        }
        try await ask(1, 2, client: "sarama-1")
        try await ask(8, 10, client: nil)
        try await ask(76, 0, client: "app")
        try await ask(75, 1, client: "app\n")
        try await ask(999, 3, client: nil)
        #expect(
            Self.told(cluster) == [
                "broker 1: connection 1 is sarama-1",
                "broker 1: Fetch v2 from sarama-1 is not served: v4 to v17 are served",
                "broker 1: connection 1 closed: a request that this broker does not serve",
                "broker 1: OffsetCommit v10 is not served: v0 to v9 are served",
                "broker 1: connection 2 closed: a request that this broker does not serve",
                "broker 1: connection 3 is app",
                "broker 1: ShareGroupHeartbeat v0 from app is not served: no version of it is",
                "broker 1: connection 3 closed: a request that this broker does not serve",
                "broker 1: connection 4 is app\u{FFFD}",
                "broker 1: DescribeTopicPartitions v1 from app\u{FFFD} is not served: only v0 is served",
                "broker 1: connection 4 closed: a request that this broker does not serve",
                "broker 1: API 999 v3 is not served: no version of it is",
                "broker 1: connection 5 closed: a request that this broker does not serve",
            ])
    }

    @Test
    func tellsWhatGroupsDo() async throws {
        let cluster = try EmbeddedCluster(ClusterOptions(brokers: 1))
        defer { cluster.close() }
        try cluster.createTopic("t", partitions: 2)
        let member = try await GroupClient(cluster, "g")
        try await member.greet()
        let joined = try await member.join()
        let assignment: [UInt8] = [0, 1, 0, 0, 0, 1, 0, 1, 116, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 1]
        _ = try await member.sync(joined, assignments: [joined.memberId: assignment])
        let commit = with(GroupWireTests.commit("g", [0: 5, 1: 7], version: 8)) {
            $0.memberId = joined.memberId
            $0.generationIdOrMemberEpoch = joined.generationId
        }
        _ = try await member.client.send(commit, version: 8)
        _ = try await member.leave(joined)
        _ = try await member.client.send(with(DeleteTopicsRequest()) { $0.topicNames = ["t"] }, version: 5)
        _ = try await member.client.send(with(DeleteGroupsRequest()) { $0.groupsNames = ["g"] }, version: 2)
        #expect(
            Self.told(cluster) == [
                "t: created with 2 partitions", "broker 1: connection 1 is test",
                "group g: member m of client test joined",
                "group g: rebalances after generation 0 (memberJoined): m",
                "group g: generation 1 by range: m: t 0, 1", "group g: committed t 0 at 5, t 1 at 7 by m",
                "group g: member m left: left", "group g: rebalances after generation 1 (membersRemoved): m",
                "group g: offsets of 2 partitions deleted", "t: deleted by test", "group g: deleted",
            ])
    }

    private static let versions = with(ApiVersionsRequest()) {
        $0.clientSoftwareName = "tester"
        $0.clientSoftwareVersion = "1.0"
    }

    /// Nil deletes.
    private static func configs(_ configs: [String: String?]) -> IncrementalAlterConfigsRequest {
        with(IncrementalAlterConfigsRequest()) { request in
            request.resources = [
                with(IncrementalAlterConfigsRequest.AlterConfigsResource()) { resource in
                    resource.resourceType = ConfigResourceType.topic
                    resource.resourceName = "t"
                    resource.configs = configs.sorted { $0.key < $1.key }.map { name, value in
                        with(IncrementalAlterConfigsRequest.AlterableConfig()) {
                            $0.name = name
                            $0.value = value
                            $0.configOperation = value == nil ? 1 : 0
                        }
                    }
                }
            ]
        }
    }
}
