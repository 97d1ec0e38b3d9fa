import KrunWire
import NIOCore
import Testing

@testable import KrunBroker

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What administrators are told, word for word as by Apache Kafka 3.9 with one broker; `KRUN_KAFKA_PORT` names an empty one on this
/// machine to ask the same.
@Suite(.timeLimit(.minutes(1)))
struct AdminTests {
    @Test
    func answersAsKafkaDoes() async throws {
        let cluster = try EmbeddedCluster(
            ClusterOptions(brokers: 1, configs: ["default.replication.factor": "1"]))
        defer { cluster.close() }
        let told = try await Self.story(cluster.client())
        for (line, expected) in zip(told, Self.expected) where line != expected {
            Issue.record("\(line)\nnot\n\(expected)")
        }
        #expect(told.count == Self.expected.count)
        #expect(try cluster.onLoop { core throws(ClusterError) in core.topics.count } == 0)
    }

    @Test(.enabled(if: getenv("KRUN_KAFKA_PORT") != nil))
    func kafkaAnswersTheSame() async throws {
        let port = try #require(getenv("KRUN_KAFKA_PORT").flatMap { Int(String(cString: $0)) })
        let told = try await Self.story(TestClient.connect(port: port))
        print(told.map { "        \"\($0)\"," }.joined(separator: "\n"))
        #expect(told == Self.expected)
    }

    private static let long = String(repeating: "x", count: 250)

    static let expected: [String] = [
        "create a-1: NONE 2x1 null",
        "create a-1: TOPIC_ALREADY_EXISTS -1x-1 Topic 'a-1' already exists.",
        "create a_1: NONE 1x1 null",
        "create v?: NONE 1x1 null",
        "create v?: NONE 1x1 null",
        "create : INVALID_TOPIC_EXCEPTION -1x-1 Topic name is invalid: the empty string is not allowed",
        "create .: INVALID_TOPIC_EXCEPTION -1x-1 Topic name is invalid: '.' is not allowed",
        "create a b: INVALID_TOPIC_EXCEPTION -1x-1 Topic name is invalid: 'a b' contains one or more "
            + "characters other than ASCII alphanumerics, '.', '_' and '-'",
        "create xxxxxxxxx: INVALID_TOPIC_EXCEPTION -1x-1 Topic name is invalid: the length of '\(long)' "
            + "is longer than the max allowed length 249",
        "create b: INVALID_PARTITIONS -1x-1 Number of partitions was set to an invalid non-positive value.",
        "create b: INVALID_PARTITIONS -1x-1 Number of partitions was set to an invalid non-positive value.",
        "create b: INVALID_REPLICATION_FACTOR -1x-1 Replication factor must be larger than 0, or -1 to "
            + "use the default value.",
        "create b: INVALID_REPLICATION_FACTOR -1x-1 Replication factor must be larger than 0, or -1 to "
            + "use the default value.",
        "create b: INVALID_REPLICATION_FACTOR -1x-1 Unable to replicate the partition 2 time(s): The "
            + "target replication factor of 2 cannot be reached because only 1 broker(s) are registered.",
        "create b: INVALID_CONFIG -1x-1 Unknown topic config name: no.such",
        "create b: INVALID_CONFIG -1x-1 Invalid value soon for configuration retention.ms: Not a number of type LONG",
        "create b: INVALID_CONFIG -1x-1 Null value not supported for topic configs: retention.ms",
        "create b: INVALID_CONFIG -1x-1 Invalid value 0 for configuration min.insync.replicas: Value "
            + "must be at least 1",
        "create b: INVALID_REPLICA_ASSIGNMENT -1x-1 The manual partition assignment includes broker 9, "
            + "but no such broker is registered.",
        "create b: INVALID_REPLICA_ASSIGNMENT -1x-1 The manual partition assignment includes the broker "
            + "1 more than once.",
        "create b: INVALID_REPLICA_ASSIGNMENT -1x-1 The manual partition assignment includes an empty replica list.",
        "create b: INVALID_REQUEST -1x-1 A manual partition assignment was specified, but numPartitions "
            + "was not set to -1.",
        "create b: INVALID_REQUEST -1x-1 A manual partition assignment was specified, but replication "
            + "factor was not set to -1.",
        "create c.d: NONE 2x1 null",
        "create c_d: INVALID_TOPIC_EXCEPTION -1x-1 Topic 'c_d' collides with existing topic: c.d",
        "create big: POLICY_VIOLATION -1x-1 Unable to perform excessively large batch operation.",
        "create d: INVALID_REQUEST Duplicate topic name.",
        "create e: NONE null",
        "grow a-1 to 2: INVALID_PARTITIONS Topic already has 2 partition(s).",
        "grow a-1 to 1: INVALID_PARTITIONS The topic a-1 currently has 2 partition(s); 1 would not be an increase.",
        "grow a-1 to 0: INVALID_PARTITIONS The topic a-1 currently has 2 partition(s); 0 would not be an increase.",
        "grow nowhere to 2: UNKNOWN_TOPIC_OR_PARTITION null",
        "grow a-1 to 3: INVALID_REPLICA_ASSIGNMENT The manual partition assignment includes broker 9, "
            + "but no such broker is registered.",
        "grow a-1 to 3: INVALID_REPLICA_ASSIGNMENT Attempted to add 1 additional partition(s), but only "
            + "2 assignment(s) were specified.",
        "grow a-1 to 3: INVALID_REPLICA_ASSIGNMENT The manual partition assignment includes the broker "
            + "1 more than once.",
        "grow a-1 to 3: INVALID_REPLICA_ASSIGNMENT The manual partition assignment includes an empty replica list.",
        "grow a-1 to 3: NONE null",
        "grow a-1 to 4: NONE null",
        "elect 0 a-1/0: NONE ELECTION_NOT_NEEDED Leader election not needed for topic partition.",
        "elect 1 a-1/0: NONE ELECTION_NOT_NEEDED Leader election not needed for topic partition.",
        "elect 0 a-1/9: NONE UNKNOWN_TOPIC_OR_PARTITION No such partition as a-1-9",
        "elect 0 nowhere/0: NONE UNKNOWN_TOPIC_OR_PARTITION No such topic as nowhere",
        "alter 2 a-1 max.message.bytes 0 100: NONE null",
        "alter 2 a-1 max.message.bytes 0 -1: INVALID_CONFIG Invalid value -1 for configuration "
            + "max.message.bytes: Value must be at least 0",
        "alter 2 a-1 no.such 0 1: INVALID_CONFIG Unknown topic config name: no.such",
        "alter 2 a-1 max.message.bytes 2 1: INVALID_CONFIG Can't APPEND to key max.message.bytes "
            + "because its type is not LIST.",
        "alter 2 a-1 cleanup.policy 2 compact: NONE null",
        "alter 2 a-1 cleanup.policy 3 delete: NONE null",
        "alter 2 a-1 max.message.bytes 0 null: INVALID_REQUEST Null value not supported for : max.message.bytes",
        "alter 2 a-1 max.message.bytes 1 null: NONE null",
        "alter 2 nowhere max.message.bytes 0 1: UNKNOWN_TOPIC_OR_PARTITION The topic 'nowhere' does not exist.",
        "alter 4 9 max.connections 0 1: INVALID_REQUEST Unexpected broker id, expected 1, but received 9",
        "alter 4 one max.connections 0 1: INVALID_REQUEST Node id must be an integer, but it is: one",
        "alter 4 1 node.id 0 7: INVALID_REQUEST Cannot update these configs dynamically: Set(node.id)",
        "alter 7 x a 0 b: INVALID_REQUEST Unknown resource type 7",
        "describe 2 a-1: NONE  cleanup.policy=compact from 1, max.message.bytes=1048588 from 5",
        "describe 2 nowhere: UNKNOWN_TOPIC_OR_PARTITION  ",
        "describe 2 a b: INVALID_TOPIC_EXCEPTION Topic name is invalid: 'a b' contains one or more "
            + "characters other than ASCII alphanumerics, '.', '_' and '-' ",
        "describe 4 9: INVALID_REQUEST Unexpected broker id, expected 1 or empty string, but received 9 ",
        "describe 4 one: INVALID_REQUEST Broker id must be an integer, but it is: one ",
        "delete a-1: NONE null",
        "delete a_1: NONE null",
        "delete both: INVALID_REQUEST You may not specify both topic name and topic id.",
        "delete c.d: NONE null",
        "delete e: NONE null",
        "delete nowhere: INVALID_REQUEST Duplicate topic name.",
        "delete null: INVALID_REQUEST Neither topic name nor id were specified.",
        "delete null: UNKNOWN_TOPIC_ID This server does not host this topic ID.",
        "delete nowhere: UNKNOWN_TOPIC_OR_PARTITION This server does not host this topic-partition.",
    ]

    // MARK: The story

    private static func story(_ client: TestClient) async throws -> [String] {
        var told: [String] = []
        for (topic, only) in [
            (creatable("a-1", 2), false), (creatable("a-1"), false), (creatable("a_1"), false),
            (creatable("v", configs: ["cleanup.policy": "compact"]), true), (creatable("v"), true),
            (creatable(""), false), (creatable("."), false), (creatable("a b"), false), (creatable(long), false),
            (creatable("b", 0), false), (creatable("b", -2), false), (creatable("b", 1, 0), false),
            (creatable("b", 1, -2), false), (creatable("b", 1, 2), false),
            (creatable("b", configs: ["no.such": "1"]), false),
            (creatable("b", configs: ["retention.ms": "soon"]), false),
            (creatable("b", configs: ["retention.ms": nil]), false),
            (creatable("b", configs: ["min.insync.replicas": "0"]), false),
            (creatable("b", -1, -1, on: [[9]]), false), (creatable("b", -1, -1, on: [[1, 1]]), false),
            (creatable("b", -1, -1, on: [[]]), false), (creatable("b", 1, -1, on: [[1]]), false),
            (creatable("b", -1, 1, on: [[1]]), false), (creatable("c.d", -1, -1, on: [[1], [1]]), false),
            (creatable("c_d"), false), (creatable("big", 10_000), false),
        ] {
            var request = CreateTopicsRequest()
            request.topics = [topic]
            request.validateOnly = only
            let answer = try await client.send(request, version: 7).topics[0]
            told.append(
                "create \(answer.name.prefix(9))\(only ? "?" : ""): \(answer.errorCode.name) "
                    + "\(answer.numPartitions)x\(answer.replicationFactor) \(answer.errorMessage ?? "null")")
        }
        var twice = CreateTopicsRequest()
        twice.topics = [creatable("d"), creatable("d"), creatable("e")]
        for answer in try await client.send(twice, version: 7).topics.sorted(by: { $0.name < $1.name }) {
            told.append("create \(answer.name): \(answer.errorCode.name) \(answer.errorMessage ?? "null")")
        }
        for (name, count, assignments) in [
            ("a-1", 2, nil), ("a-1", 1, nil), ("a-1", 0, nil), ("nowhere", 2, nil), ("a-1", 3, [[9]]),
            ("a-1", 3, [[1], [1]]), ("a-1", 3, [[1, 1]]), ("a-1", 3, [[]]), ("a-1", 3, nil), ("a-1", 4, [[1]]),
        ] as [(String, Int32, [[Int32]]?)] {
            let request = with(CreatePartitionsRequest()) { request in
                request.timeoutMs = 5000
                request.topics = [
                    with(CreatePartitionsRequest.CreatePartitionsTopic()) { topic in
                        topic.name = name
                        topic.count = count
                        topic.assignments = assignments?.map { brokers in
                            with(CreatePartitionsRequest.CreatePartitionsAssignment()) { $0.brokerIds = brokers }
                        }
                    }
                ]
            }
            let answer = try await client.send(request, version: 3).results[0]
            told.append("grow \(name) to \(count): \(answer.errorCode.name) \(answer.errorMessage ?? "null")")
        }
        told += try await elections(client)
        told += try await configs(client)
        var deletion = DeleteTopicsRequest()
        deletion.topics = ["a-1", "a_1", "c.d", "e", "nowhere", "nowhere"].map { name in
            with(DeleteTopicsRequest.DeleteTopicState()) { $0.name = name }
        }
        deletion.topics += [
            DeleteTopicsRequest.DeleteTopicState(),
            with(DeleteTopicsRequest.DeleteTopicState()) { $0.topicId = KafkaUUID(high: 1, low: 2) },
            with(DeleteTopicsRequest.DeleteTopicState()) {
                $0.name = "both"
                $0.topicId = KafkaUUID(high: 3, low: 4)
            },
        ]
        deletion.timeoutMs = 5000
        told += try await client.send(deletion, version: 6).responses.map {
            "delete \($0.name ?? "null"): \($0.errorCode.name) \($0.errorMessage ?? "null")"
        }.sorted()
        var gone = DeleteTopicsRequest()
        gone.timeoutMs = 5000
        gone.topics = [with(DeleteTopicsRequest.DeleteTopicState()) { $0.name = "nowhere" }]
        told += try await client.send(gone, version: 6).responses.map {
            "delete \($0.name ?? "null"): \($0.errorCode.name) \($0.errorMessage ?? "null")"
        }
        return told
    }

    private static func elections(_ client: TestClient) async throws -> [String] {
        var told: [String] = []
        for (type, topic, partition) in [(0, "a-1", 0), (1, "a-1", 0), (0, "a-1", 9), (0, "nowhere", 0)]
            as [(Int8, String, Int32)]
        {
            let request = with(ElectLeadersRequest()) { request in
                request.electionType = type
                request.topicPartitions = [
                    with(ElectLeadersRequest.TopicPartitions()) {
                        $0.topic = topic
                        $0.partitions = [partition]
                    }
                ]
            }
            let answer = try await client.send(request, version: 2)
            let result = answer.replicaElectionResults.first?.partitionResult.first
            told.append(
                "elect \(type) \(topic)/\(partition): \(answer.errorCode.name) \(result?.errorCode.name ?? "-") "
                    + "\(result.map { $0.errorMessage ?? "null" } ?? "-")")
        }
        return told
    }

    private static func configs(_ client: TestClient) async throws -> [String] {
        var told: [String] = []
        for (type, name, config, operation, value) in [
            (2, "a-1", "max.message.bytes", 0, "100"), (2, "a-1", "max.message.bytes", 0, "-1"),
            (2, "a-1", "no.such", 0, "1"), (2, "a-1", "max.message.bytes", 2, "1"),
            (2, "a-1", "cleanup.policy", 2, "compact"), (2, "a-1", "cleanup.policy", 3, "delete"),
            (2, "a-1", "max.message.bytes", 0, nil),
            (2, "a-1", "max.message.bytes", 1, nil), (2, "nowhere", "max.message.bytes", 0, "1"),
            (4, "9", "max.connections", 0, "1"), (4, "one", "max.connections", 0, "1"),
            (4, "1", "node.id", 0, "7"), (7, "x", "a", 0, "b"),
        ] as [(Int8, String, String, Int8, String?)] {
            let request = with(IncrementalAlterConfigsRequest()) { request in
                request.resources = [
                    with(IncrementalAlterConfigsRequest.AlterConfigsResource()) { resource in
                        resource.resourceType = type
                        resource.resourceName = name
                        resource.configs = [
                            with(IncrementalAlterConfigsRequest.AlterableConfig()) {
                                $0.name = config
                                $0.configOperation = operation
                                $0.value = value
                            }
                        ]
                    }
                ]
            }
            let answer = try await client.send(request, version: 1).responses[0]
            told.append(
                "alter \(type) \(name) \(config) \(operation) \(value ?? "null"): \(answer.errorCode.name) "
                    + "\(answer.errorMessage ?? "null")")
        }
        for (type, name) in [(2, "a-1"), (2, "nowhere"), (2, "a b"), (4, "9"), (4, "one")] as [(Int8, String)] {
            let request = with(DescribeConfigsRequest()) { request in
                request.resources = [
                    with(DescribeConfigsRequest.DescribeConfigsResource()) {
                        $0.resourceType = type
                        $0.resourceName = name
                        $0.configurationKeys = ["max.message.bytes", "cleanup.policy"]
                    }
                ]
            }
            let answer = try await client.send(request, version: 4).results[0]
            let configs = answer.configs.sorted { $0.name < $1.name }.map {
                "\($0.name)=\($0.value ?? "null") from \($0.configSource)"
            }
            told.append(
                "describe \(type) \(name): \(answer.errorCode.name) \(answer.errorMessage ?? "null") "
                    + configs.joined(separator: ", "))
        }
        return told
    }

    private static func creatable(
        _ name: String, _ partitions: Int32 = 1, _ factor: Int16 = 1, configs: [String: String?] = [:],
        on brokers: [[Int32]] = []
    ) -> CreateTopicsRequest.CreatableTopic {
        with(CreateTopicsRequest.CreatableTopic()) { topic in
            topic.name = name
            topic.numPartitions = partitions
            topic.replicationFactor = factor
            topic.assignments = brokers.enumerated().map { index, ids in
                with(CreateTopicsRequest.CreatableReplicaAssignment()) {
                    $0.partitionIndex = Int32(index)
                    $0.brokerIds = ids
                }
            }
            topic.configs = configs.sorted { $0.key < $1.key }.map { key, value in
                with(CreateTopicsRequest.CreatableTopicConfig()) {
                    $0.name = key
                    $0.value = value
                }
            }
        }
    }
}
