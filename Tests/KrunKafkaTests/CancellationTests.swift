import KrunBroker
import KrunKafka
import Synchronization
import Testing

/// Every wait here could last a minute, and ends because its client is told so.
@Suite(.serialized, .timeLimit(.minutes(1))) struct CancellationTests {
    private static let timeout = Duration.seconds(60)

    /// Says that it is over when it is asked for the third time.
    private final class Looks: Sendable {
        private let count = Atomic(0)

        var isOver: Bool { count.add(1, ordering: .relaxed).newValue >= 3 }
    }

    /// Calls that wait for a broker, by what they are doing.
    static let calls: [(String, @Sendable (AdminClient) throws -> Void)] = [
        ("asking for the cluster's metadata", { _ = try $0.metadata(timeout: timeout) }),
        ("asking for the cluster's metadata", { _ = try $0.metadata(topics: ["orders"], timeout: timeout) }),
        ("asking for the cluster's brokers", { _ = try $0.metadata(topics: [], timeout: timeout) }),
        ("asking for the cluster's brokers", { _ = try $0.brokers(timeout: timeout) }),
        ("waiting for the leaders of topic orders", { try $0.waitUntilReady(["orders": 1], timeout: timeout) }),
        ("asking for end offsets", { _ = try $0.endOffsets([TopicPartition("orders", 0)], timeout: timeout) }),
        ("asking for first offsets", { _ = try $0.beginningOffsets([TopicPartition("orders", 0)], timeout: timeout) }),
        (
            "creating topic bills",
            { _ = try $0.createTopics([NewTopic(name: "bills", partitions: 1)], timeout: timeout) }
        ),
        ("deleting topic bills", { _ = try $0.deleteTopics(["bills"], timeout: timeout) }),
        ("asking for the configuration of topic orders", { _ = try $0.topicConfig("orders", timeout: timeout) }),
        ("listing groups", { _ = try $0.listGroups(timeout: timeout) }),
        ("describing group g", { _ = try $0.describeGroups(["g"], timeout: timeout) }),
        ("deleting group g", { _ = try $0.deleteGroups(["g"], timeout: timeout) }),
        (
            "asking for committed offsets of group g",
            { _ = try $0.groupOffsets("g", partitions: [TopicPartition("orders", 0)], timeout: timeout) }
        ),
        (
            "committing offsets for group g",
            { _ = try $0.alterGroupOffsets("g", to: [TopicPartition("orders", 0): 1], timeout: timeout) }
        ),
        ("adding partitions to topic orders", { try $0.createPartitions("orders", total: 2, timeout: timeout) }),
        ("asking for the metadata of topic orders", { _ = try $0.metadataError(of: "orders", timeout: timeout) }),
        (
            "asking for offsets by time",
            { _ = try $0.offsets([TopicPartition("orders", 0)], since: 1, timeout: timeout) }
        ),
    ]

    /// Nobody listens there.
    @Test(arguments: Self.calls.indices)
    func aCallWithoutBrokersEnds(_ index: Int) async throws {
        try await onThread { try Self.expectCancelled(index, bootstrap: "127.0.0.1:1") }
    }

    /// The broker takes connections and is silent.
    @Test func aCallToASilentBrokerEnds() async throws {
        try await onThread {
            let fixture = try Fixture()
            try fixture.cluster.inject(FaultRule(.silence))
            for index in Self.calls.indices {
                try Self.expectCancelled(index, bootstrap: fixture.cluster.bootstrapServers)
            }
        }
    }

    private static func expectCancelled(_ index: Int, bootstrap: String) throws {
        let (activity, call) = calls[index]
        let looks = Looks()
        let admin = try AdminClient(
            properties: ["bootstrap.servers": bootstrap], log: ClientLog(), isOver: { looks.isOver })
        let start = ContinuousClock.now
        let error = #expect(throws: KafkaError.self) { try call(admin) }
        #expect(start.duration(to: .now) < .seconds(5))
        #expect(error?.description == "\(activity): _INTR: given up before an answer came")
        #expect(error?.isCancelled == true)
        #expect(error?.isTimeout == false)
        #expect(error?.isRetriable == false)
    }

    /// The longer nobody answers, the longer librdkafka is given; the end is seen as soon all the same.
    @Test func aLongWaitEndsAsSoon() async throws {
        try await onThread {
            let fixture = try Fixture()
            try fixture.cluster.inject(FaultRule(.silence))
            let end = ContinuousClock.now + .milliseconds(6_200)
            let admin = try AdminClient(
                properties: fixture.properties, log: ClientLog(), isOver: { ContinuousClock.now >= end })
            let error = #expect(throws: KafkaError.self) { _ = try admin.metadata(timeout: Self.timeout) }
            #expect(error?.isCancelled == true)
            #expect(end.duration(to: .now) < .milliseconds(600))
        }
    }

    /// Also a consumer's, which has no such end of its own.
    @Test func committingAndLeavingEnd() async throws {
        try await onThread {
            let fixture = try Fixture()
            let consumer = try Consumer(
                properties: fixture.properties.merging(["group.id": "g"]), log: ClientLog())
            try fixture.cluster.inject(FaultRule(.silence))
            let looks = Looks()
            let error = #expect(throws: KafkaError.self) {
                try consumer.commit([TopicPartitionOffset("orders", 0, 1)], timeout: Self.timeout) { looks.isOver }
            }
            #expect(error?.description == "committing offsets of group g: _INTR: given up before an answer came")
            let asking = Looks()
            let unanswered = #expect(throws: KafkaError.self) {
                _ = try consumer.committed([TopicPartition("orders", 0)], timeout: Self.timeout) { asking.isOver }
            }
            #expect(unanswered?.isCancelled == true)
            let start = ContinuousClock.now
            consumer.close(timeout: Self.timeout) { true }
            #expect(start.duration(to: .now) < .seconds(5))
        }
    }

    @Test func aProducerThatWaitsForPartitionsEnds() async throws {
        try await onThread {
            let looks = Looks()
            let producer = try Producer(
                properties: ["bootstrap.servers": "127.0.0.1:1"], log: ClientLog(), isOver: { looks.isOver })
            let topic = try producer.topic("orders", partitioner: "random")
            let error = #expect(throws: KafkaError.self) {
                try producer.waitForMetadata(topic, timeout: Self.timeout)
            }
            #expect(
                error?.description == "asking for the partitions of orders: _INTR: given up before an answer came")
        }
    }

    /// A cluster that refuses again and again is asked until the end is seen.
    @Test func tryingAgainEnds() async throws {
        try await onThread {
            let fixture = try Fixture()
            let looks = Looks()
            let admin = try AdminClient(
                properties: fixture.properties, log: ClientLog(), isOver: { looks.isOver })
            try fixture.cluster.inject(.fail(.listOffsets, with: "NOT_LEADER_OR_FOLLOWER"))
            let error = #expect(throws: KafkaError.self) {
                _ = try admin.endOffsets(fixture.allPartitions, timeout: Self.timeout)
            }
            #expect(error?.isCancelled == true)
        }
    }

    /// Waiting in small portions must not lose an answer that takes longer than the first ones.
    @Test func aSlowAnswerStillArrives() async throws {
        try await onThread {
            let fixture = try Fixture(partitions: 2)
            try fixture.cluster.inject(.delay(by: .milliseconds(400)))
            let admin = try AdminClient(properties: fixture.properties, log: ClientLog(), isOver: { false })
            #expect(try admin.brokers(timeout: .seconds(20)).map(\.id) == [1])
            #expect(try admin.metadata(timeout: .seconds(20)).topics.map(\.name) == ["orders"])
            #expect(
                try admin.endOffsets(fixture.allPartitions, timeout: .seconds(20))
                    == [TopicPartition("orders", 0): 0, TopicPartition("orders", 1): 0])
        }
    }
}
