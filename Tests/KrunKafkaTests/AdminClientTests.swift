import KrunBroker
import KrunKafka
import Testing

@Suite(.serialized, .timeLimit(.minutes(1))) struct AdminClientTests {
    @Test func metadataTellsBrokersAndTopicsAndCreatesNone() async throws {
        try await onThread {
            let fixture = try Fixture(partitions: 2, brokers: 3)
            let admin = try fixture.admin()
            let metadata = try admin.metadata(topics: ["orders", "nowhere"], timeout: .seconds(10))
            #expect(metadata.brokers.map(\.id).sorted() == [1, 2, 3])
            let addresses = metadata.brokers.map { "\($0.host):\($0.port)" }
            #expect(Set(addresses) == Set(fixture.cluster.bootstrapServers.split(separator: ",").map(String.init)))
            #expect(metadata.topics.map(\.name) == ["orders", "nowhere"])
            #expect(metadata.topics[0].partitions.map(\.id) == [0, 1])
            let partitions = metadata.topics[0].partitions
            #expect(partitions.allSatisfy { $0.leader > 0 && $0.error == nil })
            #expect(partitions.allSatisfy { $0.replicas.contains($0.leader) })
            #expect(metadata.topics[0].error == nil)
            #expect(
                metadata.topics[1].error?.description
                    == "asking for the metadata of topic nowhere: UNKNOWN_TOPIC_OR_PART: Broker: Unknown topic or partition"
            )
            #expect(try admin.metadata(timeout: .seconds(10)).topics.map(\.name) == ["orders"])
        }
    }

    /// Asking for no topic asks about the brokers alone.
    @Test func brokersComeWithoutTopics() async throws {
        try await onThread {
            let fixture = try Fixture(brokers: 3)
            let admin = try fixture.admin()
            let brokers = try admin.brokers(timeout: .seconds(10))
            #expect(brokers.map(\.id) == [1, 2, 3])
            let addresses = brokers.map { "\($0.host):\($0.port)" }
            #expect(Set(addresses) == Set(fixture.cluster.bootstrapServers.split(separator: ",").map(String.init)))
            #expect(
                try admin.metadata(topics: [], timeout: .seconds(10)).topics == [])
        }
    }

    @Test func offsetsOfManyPartitions() async throws {
        try await onThread {
            let fixture = try Fixture(partitions: 5, brokers: 3)
            try fixture.fill(perPartition: 7)
            let admin = try fixture.admin()
            let all = fixture.allPartitions
            #expect(
                try admin.beginningOffsets(all, timeout: .seconds(10))
                    == Dictionary(uniqueKeysWithValues: all.map { ($0, 0) }))
            #expect(
                try admin.endOffsets(all, timeout: .seconds(10))
                    == Dictionary(uniqueKeysWithValues: all.map { ($0, 7) }))
            let error = #expect(throws: KafkaError.self) {
                _ = try admin.endOffsets([TopicPartition("orders", 9)], timeout: .seconds(5))
            }
            #expect(
                error?.description
                    == "asking for end offsets: _UNKNOWN_PARTITION: orders/9: Local: Unknown partition")
        }
    }

    /// What the client remembers of a topic is older.
    @Test func offsetsOfPartitionsThatWereAddedMeanwhile() async throws {
        try await onThread {
            let fixture = try Fixture(partitions: 2)
            let admin = try fixture.admin()
            _ = try admin.endOffsets(fixture.allPartitions, timeout: .seconds(10))
            try fixture.admin().createPartitions("orders", total: 4, timeout: .seconds(10))
            let all = (0..<4).map { TopicPartition("orders", $0) }
            let none = Dictionary(uniqueKeysWithValues: all.map { ($0, Int64(0)) })
            #expect(try admin.endOffsets(all, timeout: .seconds(10)) == none)
            #expect(try admin.beginningOffsets(all, timeout: .seconds(10)) == none)
        }
    }

    /// A broker may not know yet that it leads a topic just created.
    @Test func whatMayPassIsTriedAgain() async throws {
        try await onThread {
            let fixture = try Fixture()
            let admin = try fixture.admin()
            try fixture.cluster.inject(.fail(.listOffsets, with: "NOT_LEADER_OR_FOLLOWER", times: 2))
            #expect(
                try admin.endOffsets(fixture.allPartitions, timeout: .seconds(10)) == [TopicPartition("orders", 0): 0])
            try fixture.cluster.inject(.fail(.offsetFetch, with: "NOT_COORDINATOR", times: 1))
            #expect(try admin.groupOffsets("g", partitions: fixture.allPartitions, timeout: .seconds(10)) == [:])
        }
    }

    @Test func waitingNamesWhatIsMissing() async throws {
        try await onThread {
            let fixture = try Fixture(partitions: 2)
            let admin = try fixture.admin()
            try admin.waitUntilReady(["orders": 2], timeout: .seconds(10))
            let error = #expect(throws: KafkaError.self) {
                try admin.waitUntilReady(["orders": 3], timeout: .milliseconds(100))
            }
            #expect(
                error?.description
                    == "waiting for the leaders of topic orders: _TIMED_OUT: orders has 2 of 3 partitions")
        }
    }

    @Test func aRequestThatIsNotAnsweredEndsAtItsDeadline() async throws {
        try await onThread {
            let fixture = try Fixture()
            let admin = try fixture.admin()
            try fixture.cluster.inject(.silence(.createTopics))
            let error = #expect(throws: KafkaError.self) {
                _ = try admin.createTopics([NewTopic(name: "bills", partitions: 1)], timeout: .milliseconds(200))
            }
            #expect(
                error?.description
                    == "creating topic bills: _TIMED_OUT: Failed while waiting for response from broker: Local: Timed out"
            )
            #expect(error?.isTimeout == true)
        }
    }

    @Test func aTopicIsCreatedOnceWithItsConfigAndDeleted() async throws {
        try await onThread {
            let fixture = try Fixture()
            let admin = try fixture.admin()
            try admin.createTopic(
                NewTopic(name: "bills", partitions: 2, config: ["retention.ms": "60000"]), timeout: .seconds(10))
            try admin.waitUntilReady(["bills": 2], timeout: .seconds(10))
            let config = try admin.topicConfig("bills", timeout: .seconds(10))
            #expect(config["retention.ms"] == "60000")
            #expect(config["cleanup.policy"] == "delete")
            let answers = try admin.createTopics(
                [
                    NewTopic(name: "bills", partitions: 1), NewTopic(name: "taxes", partitions: 1),
                    NewTopic(name: "odd", partitions: 1, config: ["no.such.config": "1"]),
                ], timeout: .seconds(10))
            #expect(Set(answers.keys) == ["bills", "taxes", "odd"])
            #expect(answers["taxes"] == .some(nil))
            #expect(
                answers["bills"]??.description
                    == "creating topic bills: TOPIC_ALREADY_EXISTS: Topic 'bills' already exists.")
            #expect(
                answers["odd"]??.description
                    == "creating topic odd: INVALID_CONFIG: Unknown topic config name: no.such.config")
            let deleted = try admin.deleteTopics(["bills", "nowhere"], timeout: .seconds(10))
            #expect(deleted["bills"] == .some(nil))
            #expect(deleted["nowhere"]??.name == "UNKNOWN_TOPIC_OR_PART")
            #expect(Set(try admin.metadata(timeout: .seconds(10)).topics.map(\.name)) == ["orders", "taxes"])
        }
    }
}
