import KrunWire
import NIOCore
import Testing

@testable import KrunBroker

/// `__consumer_offsets` and `__transaction_state`: there when they are first needed, and Kafka's own.
@Suite(.timeLimit(.minutes(1)))
struct InternalTopicTests {
    @Test
    func areMadeWithTheFirstCoordinator() async throws {
        let cluster = try EmbeddedCluster()
        defer { cluster.close() }
        let client = try await cluster.client()
        #expect(try await client.send(Ask.metadata(nil), version: 12).topics.isEmpty)
        let found = try await client.send(Ask.coordinator(of: "billing"), version: 6).coordinators[0]
        let offsets = try await client.send(Ask.metadata(nil), version: 12).topics
        #expect(offsets.map(\.name) == ["__consumer_offsets"])
        #expect(offsets.map(\.isInternal) == [true])
        #expect(offsets[0].partitions.count == 50)
        // "billing" is in partition 9.
        #expect(offsets[0].partitions[9].leaderId == found.nodeId)
        #expect(offsets[0].partitions[9].replicaNodes == [1, 2, 3])
        let other = try await client.send(Ask.coordinator(of: "billing", transactional: true), version: 6).coordinators[
            0]
        #expect(other.errorCode == .none)
        let both = try await client.send(Ask.metadata(nil), version: 12).topics
        #expect(both.map(\.name) == ["__consumer_offsets", "__transaction_state"])
        #expect(
            try await ConfigEffectTests.described(
                "__transaction_state",
                ["cleanup.policy", "compression.type", "min.insync.replicas", "segment.bytes"], client)
                == [
                    "cleanup.policy=compact from 1", "compression.type=uncompressed from 1",
                    "min.insync.replicas=2 from 1",
                    "segment.bytes=104857600 from 1",
                ])
        // Nobody is told of them, nor are they counted.
        #expect(cluster.events.recent.allSatisfy { if case .topicCreated = $0.kind { false } else { true } })
    }

    @Test
    func areNobodyElses() async throws {
        let cluster = try EmbeddedCluster(ClusterOptions(brokers: 1))
        defer { cluster.close() }
        let client = try await cluster.client()
        let name = "__consumer_offsets"
        let asked = try await client.send(Ask.metadata([name]), version: 12).topics[0]
        #expect(asked.errorCode == .unknownTopicOrPartition && asked.isInternal)
        let made = try await client.send(Ask.metadata([name], creating: true), version: 12).topics[0]
        #expect(made.errorCode == .none && made.isInternal && made.partitions.count == 50)
        let created = try await client.send(Ask.topic("__transaction_state"), version: 7).topics[0]
        #expect(created.errorCode == .topicAlreadyExists)
        #expect(created.errorMessage == "Topic '__transaction_state' already exists.")
        let produced = try await client.send(Ask.produce(name, ["a"]), version: 9).only
        #expect(produced.errorCode == .invalidTopicException)
        #expect(produced.errorMessage == "Cannot append to internal topic __consumer_offsets")
        let deletion = with(DeleteTopicsRequest()) { request in
            request.topics = [with(DeleteTopicsRequest.DeleteTopicState()) { $0.name = name }]
        }
        let deleted = try await client.send(deletion, version: 6).responses[0]
        #expect(deleted.errorCode == .invalidRequest)
        #expect(
            deleted.errorMessage
                == "Topic '__consumer_offsets' is internal: this broker neither deletes it nor adds partitions.")
    }

    @Test
    func areAsTheConfigsSay() async throws {
        let configs = ["offsets.topic.num.partitions": "3", "offsets.topic.replication.factor": "1"]
        let cluster = try EmbeddedCluster(ClusterOptions(configs: configs))
        defer { cluster.close() }
        let client = try await cluster.client()
        // 109829509 % 3 is 1, of which the second broker has the only replica.
        let found = try await client.send(Ask.coordinator(of: "billing"), version: 6).coordinators[0]
        #expect(found.nodeId == 2)
        try cluster.stopBroker(2)
        let none = try await client.send(Ask.coordinator(of: "billing"), version: 6).coordinators[0]
        #expect(none.errorCode == .coordinatorNotAvailable)
        #expect(
            throws: ClusterError(
                "offsets.topic.replication.factor is 2, and the cluster has 1 broker",
                hint: "__consumer_offsets could not be made", isBadOption: true)
        ) { try EmbeddedCluster(ClusterOptions(brokers: 1, configs: ["offsets.topic.replication.factor": "2"])) }
    }

    /// `transaction.state.log.min.isr`.
    @Test
    func aTransactionNeedsItsReplicas() async throws {
        let cluster = try EmbeddedCluster()
        defer { cluster.close() }
        let coordinator = try cluster.coordinator(ofTransactionalID: "tx")
        let producer = try await TransactionClient(cluster, "tx")
        let others = [Int32(1), 2, 3].filter { $0 != coordinator }
        try cluster.stopBroker(others[0])
        #expect(try await producer.start() == .none)
        try cluster.stopBroker(others[1])
        #expect(try await producer.start() == .coordinatorNotAvailable)
        try cluster.startBroker(others[1])
        #expect(try await producer.start() == .none)
    }
}
