import KrunKafka
import Testing

/// Brokers would close the connection, and all one saw would be that time is up.
@Suite(.timeLimit(.minutes(1))) struct ProtocolStringTests {
    private static let long = String(repeating: "x", count: 32768)
    private static let timeout = Duration.seconds(60)

    @Test(arguments: ["client.id", "client.rack", "group.id", "group.instance.id", "transactional.id"])
    func aPropertyThatCannotBeSentIsRefused(_ name: String) throws {
        let text = "_INVALID_ARG: the value of property \"\(name)\" has 32768 bytes, and Kafka takes 32767 at most"
        let error = #expect(throws: KafkaError.self) {
            _ = try Consumer(properties: [name: Self.long], log: ClientLog())
        }
        #expect(error?.description == "making a consumer: \(text)")
        let invalid = #expect(throws: KafkaError.self) { try ([name: Self.long] as ClientProperties).validate() }
        #expect(invalid?.description == "reading the client properties: \(text)")
        try ([name: String(Self.long.dropLast())] as ClientProperties).validate()
    }

    @Test func aTopicThatCannotBeSentIsRefused() throws {
        let text = "_INVALID_ARG: the name of a topic has 32768 bytes, and Kafka takes 32767 at most"
        let admin = try AdminClient(properties: ["bootstrap.servers": "127.0.0.1:1"], log: ClientLog())
        let partition = TopicPartition(Self.long, 0)
        expect("creating topics: \(text)") {
            _ = try admin.createTopics([NewTopic(name: Self.long, partitions: 1)], timeout: Self.timeout)
        }
        expect("deleting topics: \(text)") { _ = try admin.deleteTopics([Self.long], timeout: Self.timeout) }
        expect("waiting for the leaders of topics: \(text)") {
            try admin.waitUntilReady([Self.long: 1], timeout: Self.timeout)
        }
        expect("asking for end offsets: \(text)") { _ = try admin.endOffsets([partition], timeout: Self.timeout) }
        expect("asking for the configuration of a topic: \(text)") {
            _ = try admin.topicConfig(Self.long, timeout: Self.timeout)
        }
        expect("adding partitions to a topic: \(text)") {
            try admin.createPartitions(Self.long, total: 2, timeout: Self.timeout)
        }
        expect("committing offsets for a group: \(text)") {
            _ = try admin.alterGroupOffsets("g", to: [partition: 1], timeout: Self.timeout)
        }
        expect("asking for committed offsets: \(text)") {
            _ = try admin.groupOffsets("g", partitions: [partition], timeout: Self.timeout)
        }
        expect("preparing to produce to a topic: \(text)") {
            _ = try Producer(properties: [:], log: ClientLog()).topic(Self.long, partitioner: "random")
        }
        expect("assigning partitions: \(text)") {
            try Consumer(properties: [:], log: ClientLog()).assign([TopicPartitionOffset(Self.long, 0, 0)])
        }
    }

    @Test func aGroupThatCannotBeSentIsRefused() throws {
        let text = "_INVALID_ARG: the name of a group has 32768 bytes, and Kafka takes 32767 at most"
        let admin = try AdminClient(properties: ["bootstrap.servers": "127.0.0.1:1"], log: ClientLog())
        expect("describing groups: \(text)") { _ = try admin.describeGroups([Self.long], timeout: Self.timeout) }
        expect("deleting groups: \(text)") { _ = try admin.deleteGroups([Self.long], timeout: Self.timeout) }
        expect("committing offsets for a group: \(text)") {
            _ = try admin.alterGroupOffsets(Self.long, to: [TopicPartition("orders", 0): 1], timeout: Self.timeout)
        }
        expect("asking for committed offsets of a group: \(text)") {
            _ = try admin.groupOffsets(Self.long, timeout: Self.timeout)
        }
    }

    private func expect(_ description: String, _ body: () throws -> Void) {
        let error = #expect(throws: KafkaError.self) { try body() }
        #expect(error?.description == description)
    }
}
