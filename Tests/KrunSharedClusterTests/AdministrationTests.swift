import KrunKafka
import Testing

/// What `AdminClient` says of topics and groups, and does to them, on whichever Kafka there is.
@Suite(.serialized, .timeLimit(.minutes(3)))
struct AdministrationTests {
    private static let timeout = Duration.seconds(20)

    @Test func replicasAreInSync() async throws {
        let name = SharedKafka.freshName("orders")
        try await blocking {
            let admin = try SharedKafka.admin()
            let brokers = try admin.brokers(timeout: Self.timeout).map(\.id)
            try SharedKafka.create(NewTopic(name: name, partitions: 3, replicationFactor: brokers.count))
            let topic = try admin.metadata(topics: [name], timeout: Self.timeout).topics[0]
            #expect(topic.partitions.map { $0.replicas.sorted() } == [brokers, brokers, brokers])
            #expect(topic.partitions.map { $0.inSyncReplicas.sorted() } == [brokers, brokers, brokers])
            try SharedKafka.delete(topics: [name])
        }
    }

    @Test func aTopicsOwnConfigsAreTold() async throws {
        let name = SharedKafka.freshName("orders")
        try await blocking {
            let admin = try SharedKafka.admin()
            try SharedKafka.create(
                NewTopic(
                    name: name, partitions: 1, config: ["retention.ms": "3600000", "cleanup.policy": "compact,delete"]))
            let entries = try admin.topicConfigEntries(name, timeout: Self.timeout)
            let own = entries.filter { $0.source == .topic }
            #expect(own.map(\.name) == ["cleanup.policy", "retention.ms"])
            #expect(own.map(\.value) == ["compact,delete", "3600000"])
            let ratio = entries.first { $0.name == "min.cleanable.dirty.ratio" }
            #expect(ratio?.value == "0.5")
            #expect(ratio?.source == .default)
            #expect(entries.map(\.name) == entries.map(\.name).sorted())
            try SharedKafka.delete(topics: [name])
        }
    }

    @Test func partitionsAreAddedAndNeverTakenAway() async throws {
        let name = SharedKafka.freshName("orders")
        try await blocking {
            let admin = try SharedKafka.admin()
            try SharedKafka.create(NewTopic(name: name, partitions: 2))
            try admin.createPartitions(name, total: 5, timeout: Self.timeout)
            try admin.waitUntilReady([name: 5], timeout: Self.timeout)
            let topic = try admin.metadata(topics: [name], timeout: Self.timeout).topics[0]
            #expect(topic.partitions.map(\.id) == [0, 1, 2, 3, 4])
            let fewer = #expect(throws: KafkaError.self) {
                try admin.createPartitions(name, total: 5, timeout: Self.timeout)
            }
            #expect(fewer?.name == "INVALID_PARTITIONS")
            #expect(fewer?.activity == "adding partitions to topic \(name)")
            let missing = SharedKafka.freshName("missing")
            let unknown = #expect(throws: KafkaError.self) {
                try admin.createPartitions(missing, total: 5, timeout: Self.timeout)
            }
            #expect(unknown?.name == "UNKNOWN_TOPIC_OR_PART")
            #expect(try admin.metadataError(of: missing, timeout: Self.timeout)?.name == "UNKNOWN_TOPIC_OR_PART")
            #expect(try admin.metadataError(of: name, timeout: Self.timeout) == nil)
            try SharedKafka.delete(topics: [name])
        }
    }

    @Test func offsetsAreFoundByTime() async throws {
        let name = SharedKafka.freshName("orders")
        try await blocking {
            // The times are long past.
            try SharedKafka.create(NewTopic(name: name, partitions: 2, config: ["retention.ms": "-1"]))
            let times: [Int64] = [1_767_225_600_000, 1_767_225_601_000, 1_767_225_602_000]
            try SharedKafka.send(to: name, at: times, partition: 0)
            let admin = try SharedKafka.admin()
            let partitions = [TopicPartition(name, 0), TopicPartition(name, 1)]
            let from = { (time: Int64) in try admin.offsets(partitions, since: time, timeout: Self.timeout) }
            #expect(try from(0) == [partitions[0]: 0, partitions[1]: nil])
            #expect(try from(1_767_225_600_001) == [partitions[0]: 1, partitions[1]: nil])
            #expect(try from(1_767_225_602_000) == [partitions[0]: 2, partitions[1]: nil])
            #expect(try from(1_767_225_602_001) == [partitions[0]: nil, partitions[1]: nil])
            try SharedKafka.delete(topics: [name])
        }
    }

    @Test func offsetsAreCommittedForAGroupThatNobodyIsIn() async throws {
        let (topic, group) = (SharedKafka.freshName("orders"), SharedKafka.freshName("billing"))
        try await blocking {
            try SharedKafka.create(NewTopic(name: topic, partitions: 3))
            let admin = try SharedKafka.admin()
            let offsets: [TopicPartition: Int64] = [TopicPartition(topic, 0): 7, TopicPartition(topic, 2): 0]
            let answers = try admin.alterGroupOffsets(group, to: offsets, timeout: Self.timeout)
            #expect(answers == [TopicPartition(topic, 0): nil, TopicPartition(topic, 2): nil])
            #expect(try admin.groupOffsets(group, timeout: Self.timeout) == offsets)
            let listing = try admin.groupListings(timeout: Self.timeout).first { $0.group == group }
            #expect(listing?.state == "Empty")
            let description = try admin.describeGroups([group], timeout: Self.timeout)[0]
            #expect(description.state == "Empty")
            #expect(description.members == [])
            #expect(description.assignor == nil)
            #expect(try admin.alterGroupOffsets(group, to: [:], timeout: Self.timeout) == [:])
            let unknown = try admin.alterGroupOffsets(
                group, to: [TopicPartition(topic, 9): 1], timeout: Self.timeout)
            #expect(unknown[TopicPartition(topic, 9)]??.name == "UNKNOWN_TOPIC_OR_PART")
            try SharedKafka.delete(topics: [topic], groups: [group])
        }
    }

    @Test(arguments: [false, true])
    func membersAreDescribedAndKeepTheirOffsets(_ isStatic: Bool) async throws {
        let (topic, group) = (SharedKafka.freshName("orders"), SharedKafka.freshName("billing"))
        try await blocking {
            try SharedKafka.create(NewTopic(name: topic, partitions: 3))
            var properties: ClientProperties = ["client.id": "till", "partition.assignment.strategy": "roundrobin"]
            if isStatic { properties["group.instance.id"] = "till-1" }
            let stranger = try Stranger(group: group, topic: topic, properties: properties)
            let admin = try SharedKafka.admin()
            let description = try admin.describeGroups([group], timeout: Self.timeout)[0]
            #expect(description.group == group)
            #expect(description.state == "Stable")
            #expect(description.assignor == "roundrobin")
            #expect(description.error == nil)
            let brokers = try admin.brokers(timeout: Self.timeout)
            #expect(brokers.contains { $0.id == description.coordinator?.id })
            let member = try #require(description.members.first)
            #expect(description.members.count == 1)
            #expect(member.clientID == "till")
            #expect(member.id.hasPrefix(isStatic ? "till-1-" : "till-"))
            #expect(member.host.hasPrefix("/"))
            #expect(member.instanceID == (isStatic ? "till-1" : nil))
            #expect(member.partitions == (0..<3).map { TopicPartition(topic, $0) })

            let partition = TopicPartition(topic, 0)
            let refused = try admin.alterGroupOffsets(group, to: [partition: 1], timeout: Self.timeout)
            #expect(refused[partition]??.name == "UNKNOWN_MEMBER_ID")
            try stranger.leave()
            if isStatic {
                // A static member that leaves is in its group until its session ends.
                #expect(try admin.describeGroups([group], timeout: Self.timeout)[0].members.map(\.id) == [member.id])
            } else {
                #expect(
                    try admin.alterGroupOffsets(group, to: [partition: 1], timeout: Self.timeout) == [partition: nil])
                try SharedKafka.delete(groups: [group])
            }
            try SharedKafka.delete(topics: [topic])
        }
    }
}
