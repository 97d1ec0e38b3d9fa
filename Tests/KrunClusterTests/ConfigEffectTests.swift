import KrunWire
import NIOCore
import Testing

@testable import KrunBroker

/// Configs that are set over the wire do what they say, from then on.
@Suite(.timeLimit(.minutes(1)))
struct ConfigEffectTests {
    @Test
    func maxMessageBytes() async throws {
        let cluster = try EmbeddedCluster(ClusterOptions(brokers: 1))
        defer { cluster.close() }
        try cluster.createTopic("t")
        let client = try await cluster.client()
        let long = Ask.produce("t", [String(repeating: "v", count: 500)])
        #expect(try await client.send(long, version: 9).only.errorCode == .none)
        #expect(try await Self.alter("t", ["max.message.bytes": "200"], client) == .none)
        #expect(try await client.send(long, version: 9).only.errorCode == .messageTooLarge)
        // Of all brokers; the topic's own counts more.
        #expect(try await Self.alter("", type: 4, ["message.max.bytes": "300"], client) == .none)
        try cluster.createTopic("u")
        let other = Ask.produce("u", [String(repeating: "v", count: 500)])
        #expect(try await client.send(other, version: 9).only.errorCode == .messageTooLarge)
        #expect(try await Self.alter("u", ["max.message.bytes": "1000"], client) == .none)
        #expect(try await client.send(other, version: 9).only.errorCode == .none)
    }

    @Test
    func configsOfTheStart() async throws {
        let configs = ["broker.rack": "r1", "max.connections": "1", "log.cleaner.enable": "false"]
        let cluster = try EmbeddedCluster(ClusterOptions(brokers: 1, configs: configs))
        defer { cluster.close() }
        try cluster.createTopic("t", configs: ["compression.type": "gzip", "compression.gzip.level": "9"])
        let client = try await cluster.client()
        #expect(try await client.send(Ask.metadata([]), version: 4).brokers.map(\.rack) == ["r1"])
        try await cluster.client().closed()
        let log = try cluster.onLoop { core throws(ClusterError) in
            core.topics["t"]?.partitions[0].log.configuration
        }
        #expect(log?.gzipLevel == 9 && log?.cleanerEnabled == false)
    }

    /// AlterConfigs sets what it names and resets the rest.
    @Test
    func alterConfigsResetsTheRest() async throws {
        let cluster = try EmbeddedCluster(ClusterOptions(brokers: 1))
        defer { cluster.close() }
        try cluster.createTopic("t", configs: ["retention.ms": "1000", "segment.bytes": "20000"])
        let client = try await cluster.client()
        let request = with(AlterConfigsRequest()) { request in
            request.resources = [
                with(AlterConfigsRequest.AlterConfigsResource()) { resource in
                    resource.resourceType = 2
                    resource.resourceName = "t"
                    resource.configs = [
                        with(AlterConfigsRequest.AlterableConfig()) {
                            $0.name = "retention.ms"
                            $0.value = "2000"
                        }
                    ]
                }
            ]
        }
        let tried = try await client.send(with(request) { $0.validateOnly = true }, version: 2)
        #expect(tried.responses.map(\.errorCode) == [.none])
        #expect(
            try await Self.described("t", ["retention.ms", "segment.bytes"], client)
                == ["retention.ms=1000 from 1", "segment.bytes=20000 from 1"])
        let done = try await client.send(request, version: 2)
        #expect(done.responses.map(\.errorCode) == [.none])
        #expect(
            try await Self.described("t", ["retention.ms", "segment.bytes"], client)
                == ["retention.ms=2000 from 1", "segment.bytes=1073741824 from 5"])
    }

    @Test
    func timestampType() async throws {
        let cluster = try EmbeddedCluster(ClusterOptions(brokers: 1))
        defer { cluster.close() }
        try cluster.createTopic("t")
        let client = try await cluster.client()
        #expect(try await client.send(Ask.produce("t", ["a"]), version: 9).only.logAppendTimeMs == -1)
        #expect(try await Self.alter("t", ["message.timestamp.type": "LogAppendTime"], client) == .none)
        let before = WallClock.milliseconds
        let old = Ask.batch(["b"], timestamp: 1000)
        let answer = try await client.send(Ask.produce("t", [0: old]), version: 9).only
        #expect((before...WallClock.milliseconds).contains(answer.logAppendTimeMs))
        let latest = try await client.send(DataTests.list("t", timestamp: -3), version: 7).topics[0].partitions[0]
        #expect(latest.timestamp == answer.logAppendTimeMs)
        #expect(latest.offset == 1)
    }

    @Test
    func minInsyncReplicas() async throws {
        let cluster = try EmbeddedCluster(ClusterOptions(brokers: 2))
        defer { cluster.close() }
        try cluster.createTopic("t")
        let leader = try cluster.leader(of: "t")
        let client = try await cluster.client(of: leader)
        try cluster.stopBroker(3 - leader)
        #expect(try await client.send(Ask.produce("t", ["a"]), version: 9).only.errorCode == .none)
        #expect(try await Self.alter("t", ["min.insync.replicas": "2"], client) == .none)
        #expect(try await client.send(Ask.produce("t", ["b"]), version: 9).only.errorCode == .notEnoughReplicas)
        #expect(try cluster.values(of: "t") == ["a"])
    }

    static func alter(
        _ name: String, type: Int8 = 2, _ configs: [String: String], _ client: TestClient
    ) async throws -> ErrorCode {
        let request = with(IncrementalAlterConfigsRequest()) { request in
            request.resources = [
                with(IncrementalAlterConfigsRequest.AlterConfigsResource()) { resource in
                    resource.resourceType = type
                    resource.resourceName = name
                    resource.configs = configs.map { key, value in
                        with(IncrementalAlterConfigsRequest.AlterableConfig()) {
                            $0.name = key
                            $0.value = value
                        }
                    }
                }
            ]
        }
        return try await client.send(request, version: 1).responses[0].errorCode
    }

    static func described(_ topic: String, _ names: [String], _ client: TestClient) async throws -> [String] {
        let request = with(DescribeConfigsRequest()) { request in
            request.resources = [
                with(DescribeConfigsRequest.DescribeConfigsResource()) {
                    $0.resourceType = 2
                    $0.resourceName = topic
                    $0.configurationKeys = names
                }
            ]
        }
        return try await client.send(request, version: 4).results[0].configs.map {
            "\($0.name)=\($0.value ?? "null") from \($0.configSource)"
        }.sorted()
    }
}
