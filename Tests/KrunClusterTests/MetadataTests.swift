import KrunWire
import NIOCore
import Testing

@testable import KrunBroker

@Suite(.timeLimit(.minutes(1)))
struct MetadataTests {
    @Test(arguments: Int16(0)...12)
    func describesTopics(version: Int16) async throws {
        let cluster = try EmbeddedCluster()
        defer { cluster.close() }
        try cluster.createTopic("b", partitions: 2, replicationFactor: 2)
        try cluster.createTopic("a", replicationFactor: 1)
        try cluster.stopBroker(3)
        let client = try await cluster.client()
        let up = [(1, 0), (2, 1)].map { id, place in
            with(MetadataResponse.MetadataResponseBroker()) {
                $0.nodeId = Int32(id)
                $0.host = "127.0.0.1"
                $0.port = Int32(cluster.ports[place])
            }
        }
        func partition(_ index: Int32, leader: Int32, epoch: Int32, replicas: [Int32], inSync: [Int32])
            -> MetadataResponse.MetadataResponsePartition
        {
            with(MetadataResponse.MetadataResponsePartition()) {
                $0.partitionIndex = index
                $0.leaderId = leader
                $0.leaderEpoch = version >= 7 ? epoch : -1
                $0.replicaNodes = replicas
                $0.isrNodes = inSync
                $0.offlineReplicas = version >= 5 ? replicas.filter { $0 == 3 } : []
            }
        }
        func topic(_ name: String, _ partitions: [MetadataResponse.MetadataResponsePartition]) throws
            -> MetadataResponse.MetadataResponseTopic
        {
            let id = try cluster.topicID(name)
            return with(MetadataResponse.MetadataResponseTopic()) {
                $0.name = name
                $0.topicId = version >= 10 ? id : .zero
                $0.partitions = partitions
            }
        }
        // The second topic's leaders start one broker further.
        let a = try topic("a", [partition(0, leader: 2, epoch: 0, replicas: [2], inSync: [2])])
        let b = try topic(
            "b",
            [
                partition(0, leader: 1, epoch: 0, replicas: [1, 2], inSync: [1, 2]),
                partition(1, leader: 2, epoch: 0, replicas: [2, 3], inSync: [2]),
            ])
        func expected(_ topics: [MetadataResponse.MetadataResponseTopic]) -> MetadataResponse {
            with(MetadataResponse()) {
                $0.brokers = up
                $0.clusterId = version >= 2 ? cluster.clusterID : nil
                $0.controllerId = version >= 1 ? 1 : -1
                $0.topics = topics
            }
        }
        func ask(_ names: [String]?) -> MetadataRequest { Ask.metadata(names, creating: version < 4) }
        #expect(try await client.send(ask(version == 0 ? [] : nil), version: version) == expected([a, b]))
        if version > 0 { #expect(try await client.send(ask([]), version: version) == expected([])) }
        // Each once, in the order asked for.
        #expect(try await client.send(ask(["b", "a", "b"]), version: version) == expected([b, a]))
        let bad = with(MetadataResponse.MetadataResponseTopic()) {
            $0.name = "what?"
            $0.errorCode = .invalidTopicException
        }
        #expect(try await client.send(ask(["what?"]), version: version) == expected([bad]))
    }

    @Test(arguments: Int16(10)...12)
    func findsTopicsByTheirIDs(version: Int16) async throws {
        let cluster = try EmbeddedCluster(ClusterOptions(brokers: 1))
        defer { cluster.close() }
        try cluster.createTopic("a")
        let id = try cluster.topicID("a")
        let client = try await cluster.client()
        func ask(_ id: KafkaUUID) async throws -> MetadataResponse.MetadataResponseTopic {
            try await client.send(
                with(MetadataRequest()) { request in
                    request.topics = [
                        with(MetadataRequest.MetadataRequestTopic()) {
                            $0.name = nil
                            $0.topicId = id
                        }
                    ]
                }, version: version
            ).topics[0]
        }
        #expect(try await ask(id).name == "a")
        let unknown = KafkaUUID(high: 1, low: 2)
        let expected = with(MetadataResponse.MetadataResponseTopic()) {
            $0.errorCode = .unknownTopicId
            $0.topicId = unknown
            $0.name = version >= 12 ? nil : ""
        }
        #expect(try await ask(unknown) == expected)
    }

    @Test
    func createsWhatIsNamedOnlyIfBothSidesWantIt() async throws {
        let cluster = try EmbeddedCluster(ClusterOptions(brokers: 1, configs: ["num.partitions": "2"]))
        defer { cluster.close() }
        let client = try await cluster.client()
        let no = try await client.send(Ask.metadata(["a"]), version: 12).topics[0]
        #expect(no.errorCode == .unknownTopicOrPartition)
        let yes = try await client.send(Ask.metadata(["a"], creating: true), version: 12).topics[0]
        #expect(yes.errorCode == .none)
        #expect(yes.partitions.map(\.leaderId) == [1, 1])
        // A name whose metrics would be another topic's.
        _ = try await client.send(Ask.metadata(["x.y"], creating: true), version: 12)
        let clash = try await client.send(Ask.metadata(["x_y"], creating: true), version: 12).topics[0]
        #expect(clash.errorCode == .invalidTopicException)

        let other = try EmbeddedCluster(
            ClusterOptions(brokers: 1, configs: ["auto.create.topics.enable": "false"]))
        defer { other.close() }
        let never = try await other.client().send(Ask.metadata(["a"], creating: true), version: 12).topics[0]
        #expect(never.errorCode == .unknownTopicOrPartition)
    }

    @Test
    func spreadsLeaders() async throws {
        let cluster = try EmbeddedCluster()
        defer { cluster.close() }
        try cluster.createTopic("t", partitions: 9)
        let partitions = try await cluster.client().send(Ask.metadata(["t"]), version: 12).topics[0].partitions
        #expect(partitions.map(\.leaderId) == [1, 2, 3, 1, 2, 3, 1, 2, 3])
        #expect(partitions.map(\.replicaNodes).prefix(3) == [[1, 2, 3], [2, 3, 1], [3, 1, 2]])
    }

    // MARK: FindCoordinator

    /// Java: "billing".hashCode() = -109829509, abs % 50 = 9, so broker 9 % 3 + 1; "b".hashCode() = 98, % 50 = 48;
    /// "polygenelubricants".hashCode() = -2147483648, whose absolute value is taken for 0.
    @Test(arguments: [("billing", 9), ("b", 48), ("", 0), ("polygenelubricants", 0), ("é", 33)] as [(String, Int32)])
    func hashesAsJavaDoes(id: String, partition: Int32) {
        #expect(CoordinatorTable.partition(of: id, among: 50) == partition)
    }

    @Test(arguments: Int16(0)...6)
    func findsCoordinators(version: Int16) async throws {
        let cluster = try EmbeddedCluster()
        defer { cluster.close() }
        let client = try await cluster.client()
        // Partition 9 of 50, on the first of three brokers.
        var request = FindCoordinatorRequest()
        if version >= 4 { request.coordinatorKeys = ["billing"] } else { request.key = "billing" }
        let answer = try await client.send(request, version: version)
        let expected = with(FindCoordinatorResponse()) { response in
            if version >= 4 {
                response.coordinators = [
                    with(FindCoordinatorResponse.Coordinator()) {
                        $0.key = "billing"
                        $0.nodeId = 1
                        $0.host = "127.0.0.1"
                        $0.port = Int32(cluster.ports[0])
                    }
                ]
            } else {
                response.nodeId = 1
                response.host = "127.0.0.1"
                response.port = Int32(cluster.ports[0])
            }
        }
        #expect(answer == expected)
        try cluster.moveCoordinator(ofGroup: "billing", to: 3)
        let moved = try await client.send(request, version: version)
        #expect((version >= 4 ? moved.coordinators[0].nodeId : moved.nodeId) == 3)
    }

    @Test
    func othersAreNoCoordinators() async throws {
        let cluster = try EmbeddedCluster()
        defer { cluster.close() }
        let other = try await cluster.client(of: 2)
        #expect(try await other.send(Ask.join("billing"), version: 9).errorCode == .notCoordinator)
        #expect(
            try await other.send(Ask.sync("billing", member: "m", generation: 1), version: 5).errorCode
                == .notCoordinator)
        #expect(
            try await other.send(Ask.heartbeat("billing", member: "m", generation: 1), version: 4).errorCode
                == .notCoordinator)
        let commit = with(OffsetCommitRequest()) { request in
            request.groupId = "billing"
            request.topics = [
                with(OffsetCommitRequest.OffsetCommitRequestTopic()) {
                    $0.name = "t"
                    $0.partitions = [OffsetCommitRequest.OffsetCommitRequestPartition()]
                }
            ]
        }
        #expect(
            try await other.send(commit, version: 8).topics[0].partitions[0].errorCode == .notCoordinator)
        let fetch = with(OffsetFetchRequest()) { request in
            request.groups = [with(OffsetFetchRequest.OffsetFetchRequestGroup()) { $0.groupId = "billing" }]
        }
        #expect(try await other.send(fetch, version: 8).groups[0].errorCode == .notCoordinator)
        let start = with(InitProducerIdRequest()) {
            $0.transactionalId = "billing"
            $0.transactionTimeoutMs = 1000
        }
        #expect(try await other.send(start, version: 4).errorCode == .notCoordinator)
        #expect(try await cluster.client(of: 1).send(start, version: 4).errorCode == .none)
    }
}
