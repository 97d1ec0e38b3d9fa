import KrunConfigs
import KrunWire
import Testing

@testable import KrunBroker

@Suite(.timeLimit(.minutes(1)))
struct ConfigTableTests {
    /// The Kafka 3.9 documentation, "Topic-Level Configs": name, type, default.
    private static let topicGolden = """
        cleanup.policy list delete
        compression.gzip.level int -1
        compression.lz4.level int 9
        compression.type string producer
        compression.zstd.level int 3
        delete.retention.ms long 86400000
        file.delete.delay.ms long 60000
        flush.messages long 9223372036854775807
        flush.ms long 9223372036854775807
        follower.replication.throttled.replicas list
        index.interval.bytes int 4096
        leader.replication.throttled.replicas list
        local.retention.bytes long -2
        local.retention.ms long -2
        max.compaction.lag.ms long 9223372036854775807
        max.message.bytes int 1048588
        message.downconversion.enable boolean true
        message.format.version string 3.0-IV1
        message.timestamp.after.max.ms long 9223372036854775807
        message.timestamp.before.max.ms long 9223372036854775807
        message.timestamp.difference.max.ms long 9223372036854775807
        message.timestamp.type string CreateTime
        min.cleanable.dirty.ratio double 0.5
        min.compaction.lag.ms long 0
        min.insync.replicas int 1
        preallocate boolean false
        remote.log.copy.disable boolean false
        remote.log.delete.on.disable boolean false
        remote.storage.enable boolean false
        retention.bytes long -1
        retention.ms long 604800000
        segment.bytes int 1073741824
        segment.index.bytes int 10485760
        segment.jitter.ms long 0
        segment.ms long 604800000
        unclean.leader.election.enable boolean false
        """

    /// The same, "Broker Configs": those that this broker obeys.
    private static let brokerGolden = """
        auto.create.topics.enable boolean true
        auto.leader.rebalance.enable boolean true
        broker.id int -1
        broker.rack string null
        compression.gzip.level int -1
        compression.lz4.level int 9
        compression.type string producer
        compression.zstd.level int 3
        connection.failed.authentication.delay.ms int 100
        connections.max.idle.ms long 600000
        default.replication.factor int 1
        delete.topic.enable boolean true
        fetch.max.bytes int 57671680
        group.initial.rebalance.delay.ms int 3000
        group.max.session.timeout.ms int 1800000
        group.max.size int 2147483647
        group.min.session.timeout.ms int 6000
        leader.imbalance.check.interval.seconds long 300
        log.cleaner.backoff.ms long 15000
        log.cleaner.delete.retention.ms long 86400000
        log.cleaner.enable boolean true
        log.cleaner.max.compaction.lag.ms long 9223372036854775807
        log.cleaner.min.cleanable.ratio double 0.5
        log.cleaner.min.compaction.lag.ms long 0
        log.cleanup.policy list delete
        log.message.timestamp.after.max.ms long 9223372036854775807
        log.message.timestamp.before.max.ms long 9223372036854775807
        log.message.timestamp.difference.max.ms long 9223372036854775807
        log.message.timestamp.type string CreateTime
        log.retention.bytes long -1
        log.retention.check.interval.ms long 300000
        log.retention.hours int 168
        log.retention.minutes int null
        log.retention.ms long null
        log.roll.hours int 168
        log.roll.ms long null
        log.segment.bytes int 1073741824
        max.connections int 2147483647
        max.request.partition.size.limit int 2000
        message.max.bytes int 1048588
        min.insync.replicas int 1
        node.id int -1
        num.partitions int 1
        offset.metadata.max.bytes int 4096
        offsets.retention.check.interval.ms long 600000
        offsets.retention.minutes int 10080
        offsets.topic.num.partitions int 50
        offsets.topic.replication.factor short 3
        offsets.topic.segment.bytes int 104857600
        producer.id.expiration.ms int 86400000
        socket.request.max.bytes int 104857600
        transaction.max.timeout.ms int 900000
        transaction.partition.verification.enable boolean true
        transaction.state.log.min.isr int 2
        transaction.state.log.num.partitions int 50
        transaction.state.log.replication.factor short 3
        transaction.state.log.segment.bytes int 104857600
        transactional.id.expiration.ms int 604800000
        """

    private func shown(_ description: ConfigDescription) -> String {
        let value = description.value ?? "null"
        return "\(description.name) \(description.type.name.lowercased())\(value.isEmpty ? "" : " ")\(value)"
    }

    @Test func topicDefaults() {
        let lines = BrokerConfigs().describeTopic(ConfigSet()).map(shown).sorted()
        #expect(lines.joined(separator: "\n") == Self.topicGolden)
    }

    @Test func brokerDefaults() {
        let lines = BrokerConfigs().describe().filter { ConfigTable.broker[$0.name]?.isObeyed == true }.map(shown)
            .sorted()
        #expect(lines.joined(separator: "\n") == Self.brokerGolden)
    }

    @Test func theTablesAgreeWithThemselves() throws {
        for table in [ConfigTable.topic, ConfigTable.broker] {
            #expect(Set(table.definitions.map(\.name)).count == table.definitions.count)
            for definition in table.definitions {
                #expect(definition.documentation.hasSuffix(".") && definition.documentation.count > 20)
                if let value = definition.defaultValue { #expect(try definition.parse(value).shown == value) }
            }
        }
        for definition in ConfigTable.topic.definitions {
            for synonym in definition.synonyms {
                let broker = try #require(ConfigTable.broker[synonym.name], "\(synonym.name)")
                #expect(broker.isObeyed == definition.isObeyed || synonym.name.hasPrefix("log.roll"), "\(synonym.name)")
                if synonym.factor == 1 { #expect(broker.type == definition.type) }
            }
            // A topic that says nothing has the broker's default, which is the topic's own.
            #expect(
                BrokerConfigs().topicValue(of: definition.name, ConfigSet())?.shown == definition.defaultValue,
                "\(definition.name)")
        }
    }

    struct Refusal: Sendable, CustomTestStringConvertible {
        let name: String
        let value: String
        let message: String

        var testDescription: String { "\(name)=\(value)" }

        init(_ name: String, _ value: String, _ message: String) {
            (self.name, self.value, self.message) = (name, value, message)
        }
    }

    static let refusals = [
        Refusal("retention.ms", "-5", "Invalid value -5 for configuration retention.ms: Value must be at least -1"),
        Refusal("retention.ms", "soon", "Invalid value soon for configuration retention.ms: Not a number of type LONG"),
        Refusal("retention.ms", "", "Invalid value  for configuration retention.ms: Not a number of type LONG"),
        Refusal(
            "segment.bytes", "2147483648",
            "Invalid value 2147483648 for configuration segment.bytes: Not a number of type INT"),
        Refusal("segment.bytes", "13", "Invalid value 13 for configuration segment.bytes: Value must be at least 14"),
        Refusal(
            "min.cleanable.dirty.ratio", "half",
            "Invalid value half for configuration min.cleanable.dirty.ratio: Not a number of type DOUBLE"),
        Refusal(
            "min.cleanable.dirty.ratio", "1.5",
            "Invalid value 1.5 for configuration min.cleanable.dirty.ratio: Value must be no more than 1"),
        Refusal(
            "min.cleanable.dirty.ratio", "-1e10",
            "Invalid value -1.0E10 for configuration min.cleanable.dirty.ratio: Value must be at least 0"),
        Refusal(
            "preallocate", "yes",
            "Invalid value yes for configuration preallocate: Expected value to be either true or false"),
        Refusal(
            "cleanup.policy", "compact,keep",
            "Invalid value keep for configuration cleanup.policy: String must be one of: compact, delete"),
        Refusal(
            "compression.type", "brotli",
            "Invalid value brotli for configuration compression.type: String must be one of: "
                + "uncompressed, zstd, lz4, snappy, gzip, producer"),
        Refusal(
            "compression.gzip.level", "0",
            "Invalid value 0 for configuration compression.gzip.level: Value must be between 1 and 9 or equal to -1"),
        Refusal(
            "message.timestamp.type", "createtime",
            "Invalid value createtime for configuration message.timestamp.type: String must be one of: "
                + "CreateTime, LogAppendTime"),
        Refusal(
            "message.format.version", "3.0-IV9",
            "Invalid value 3.0-IV9 for configuration message.format.version: Version 3.0-IV9 is not a valid version"),
        Refusal(
            "leader.replication.throttled.replicas", "0:1, 2",
            "Invalid value [0:1, 2] for configuration leader.replication.throttled.replicas: "
                + "leader.replication.throttled.replicas must be the literal '*' or a list of replicas in the following "
                + "format: [partitionId]:[brokerId],[partitionId]:[brokerId],..."),
    ]

    @Test(arguments: refusals)
    func refusedValues(refusal: Refusal) {
        #expect(throws: ConfigError(.invalidConfig, refusal.message)) {
            try ConfigSet.created(topic: [(refusal.name, refusal.value)], on: BrokerConfigs())
        }
    }

    /// What is accepted, and how it is shown afterwards.
    @Test(arguments: [
        ("retention.ms", " -1 ", "-1"), ("retention.bytes", "-7", "-7"), ("segment.bytes", "+014", "14"),
        ("preallocate", "TRUE", "true"), ("cleanup.policy", "compact , delete", "compact,delete"),
        ("cleanup.policy", "", ""), ("min.cleanable.dirty.ratio", "1", "1.0"),
        ("min.cleanable.dirty.ratio", "0.0001", "1.0E-4"), ("min.cleanable.dirty.ratio", "NaN", "NaN"),
        ("compression.gzip.level", "-1", "-1"), ("leader.replication.throttled.replicas", "*", "*"),
        ("leader.replication.throttled.replicas", "0:1,12:3", "0:1,12:3"), ("message.format.version", "2.8.1", "2.8.1"),
        ("message.format.version", "0.10.0-IV1", "0.10.0-IV1"),
    ])
    func acceptedValues(name: String, value: String, shown: String) throws {
        let set = try ConfigSet.created(topic: [(name, value)], on: BrokerConfigs())
        #expect(BrokerConfigs().topicValue(of: name, set)?.shown == shown)
    }

    private static let doubles: [(Double, String)] = [
        (12_345_678, "1.2345678E7"), (1e7, "1.0E7"), (9_999_999, "9999999.0"), (-0.00025, "-2.5E-4"),
        (1e300, "1.0E300"), (1.7976931348623157e308, "1.7976931348623157E308"), (0, "0.0"), (-.infinity, "-Infinity"),
        (1.5e-7, "1.5E-7"),
    ]

    @Test(arguments: doubles)
    func doublesAreShownAsJavaDoes(value: Double, shown: String) {
        #expect(ConfigValue.double(value).shown == shown)
    }
}
