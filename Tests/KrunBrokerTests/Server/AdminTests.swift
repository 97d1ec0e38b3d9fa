import KrunWire
import NIOCore
import Testing

@testable import KrunBroker

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What administrators are told, word for word as by Apache Kafka 4.0 with one broker; `KRUN_KAFKA_PORT` names one on this machine to
/// ask the same.
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

    static let expected: [String] = []

    // MARK: The story

    private static func story(_ client: TestClient) async throws -> [String] {
        var told: [String] = []
        let long = String(repeating: "x", count: 250)
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
            (creatable("c_d"), false),
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
        deletion.topics = ["a-1", "c.d", "e", "nowhere", "nowhere"].map { name in
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
        gone.topics = [with(DeleteTopicsRequest.DeleteTopicState()) { $0.name = "nowhere" }]
        told += try await client.send(gone, version: 6).responses.map {
            "delete \($0.name ?? "null"): \($0.errorCode.name) \($0.errorMessage ?? "null")"
        }
        return told
    }

    private static func elections(_ client: TestClient) async throws -> [String] {
        var told: [String] = []
        for (type, topic, partition) in [(0, "a-1", 0), (1, "a-1", 0), (0, "a-1", 9), (0, "nowhere", 0)] as [
            (Int8, String, Int32)
        ] {
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
            (2, "a-1", "cleanup.policy", 9, "delete"), (2, "a-1", "max.message.bytes", 0, nil),
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
        for (type, name) in [(2, "a-1"), (2, "nowhere"), (2, "a b"), (4, "9"), (4, "one"), (7, "x")] as [(Int8, String)]
        {
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
