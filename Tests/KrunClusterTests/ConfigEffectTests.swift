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
        let before = SystemClock.milliseconds
        let old = Ask.batch(["b"], timestamp: 1000)
        let answer = try await client.send(Ask.produce("t", [0: old]), version: 9).only
        #expect((before...SystemClock.milliseconds).contains(answer.logAppendTimeMs))
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

    /// What is set on one broker counts for the partitions that it leads, and is told by it as the topics' default.
    @Test
    func configsOfOneBroker() async throws {
        let cluster = try EmbeddedCluster(ClusterOptions(brokers: 2))
        defer { cluster.close() }
        try cluster.createTopic("t", partitions: 2)
        let client = try await cluster.client(of: 2)
        let name = "log.retention.ms"
        #expect(try await Self.alter("2", type: 4, [name: "1000", "message.max.bytes": "300"], client) == .none)
        #expect(try await Self.described("t", ["retention.ms"], client) == ["retention.ms=1000 from 2"])
        let other = try await cluster.client(of: 1)
        #expect(try await Self.described("t", ["retention.ms"], other) == ["retention.ms=604800000 from 5"])
        #expect(try cluster.retention(of: "t") == [1: 604_800_000, 2: 1000])
        let long = Ask.batch([String(repeating: "v", count: 500)])
        let second: Int32 = try cluster.leader(of: "t", 0) == 2 ? 0 : 1
        #expect(
            try await client.send(Ask.produce("t", [second: long]), version: 9).only.errorCode == .messageTooLarge)
        #expect(try await other.send(Ask.produce("t", [1 - second: long]), version: 9).only.errorCode == .none)
        // Whoever leads it next has what it is told; and a topic made later, too.
        try cluster.stopBroker(2)
        #expect(try cluster.retention(of: "t") == [1: 604_800_000])
        try cluster.startBroker(2)
        try cluster.createTopic("u", partitions: 2)
        #expect(try cluster.retention(of: "u") == [1: 604_800_000, 2: 1000])
    }

    @Test
    func listenersAreTheRealOnes() async throws {
        let cluster = try EmbeddedCluster(ClusterOptions(brokers: 2, advertisedHost: "localhost", users: ["a": "b"]))
        defer { cluster.close() }
        let shown = try cluster.onLoop { core throws(ClusterError) in
            core.configs.broker(2).describe(names: ["listeners", "advertised.listeners", "sasl.enabled.mechanisms"]).map
            {
                "\($0.name)=\($0.value ?? "null") from \($0.source.rawValue)"
            }
        }
        #expect(
            shown == [
                "listeners=SASL_PLAINTEXT://127.0.0.1:\(cluster.ports[1]) from 4",
                "advertised.listeners=SASL_PLAINTEXT://localhost:\(cluster.ports[1]) from 4",
                "sasl.enabled.mechanisms=PLAIN from 4",
            ])
    }

    @Test(
        arguments: [
            (
                "num.io.threads", "4", "the broker config num.io.threads has no effect on this broker",
                "How many threads would handle requests; this broker runs on one event loop."
            ),
            (
                "listeners", "PLAINTEXT://:9", "the broker config listeners cannot be set",
                "where the brokers listen is said by the host and the port: krun broker --host and --port"
            ),
            ("node.id", "7", "the broker config node.id cannot be set", "brokers are numbered from 1"),
        ] as [(String, String, String, String)])
    func whatHasNoEffectIsRefused(name: String, value: String, text: String, hint: String) {
        #expect(throws: ClusterError(text, hint: hint, isBadOption: true)) {
            try EmbeddedCluster(ClusterOptions(brokers: 1, configs: [name: value]))
        }
    }

    @Test
    func aDefaultMayBeGiven() throws {
        let cluster = try EmbeddedCluster(
            ClusterOptions(brokers: 1, configs: ["num.io.threads": " 8", "transaction.state.log.min.isr": "1"]))
        cluster.close()
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

extension EmbeddedCluster {
    /// The `retention.ms` that a topic's partitions obey, by their leaders.
    fileprivate func retention(of topic: String) throws -> [Int32: Int64] {
        try onLoop { core throws(ClusterError) in
            Dictionary(
                (core.topics[topic]?.partitions ?? []).map { ($0.leader, $0.log.configuration.retentionMs) },
                uniquingKeysWith: { $1 })
        }
    }
}
