import KrunConfigs
import KrunWire
import Testing

@testable import KrunBroker

@Suite(.timeLimit(.minutes(1)))
struct ConfigLayerTests {
    private typealias Synonym = ConfigDescription.Synonym

    private func set(_ values: [String: String], of resource: ConfigResource = .broker) throws -> ConfigSet {
        try ConfigSet().replaced(by: values.map { ($0.key, $0.value) }, of: resource, on: BrokerConfigs())
    }

    private func layered() throws -> BrokerConfigs {
        try BrokerConfigs(
            statics: ["min.insync.replicas": "2"], dynamicDefault: set(["min.insync.replicas": "3"]),
            dynamic: set(["min.insync.replicas": "4"]))
    }

    /// Topic before broker before all brokers before the file before Kafka's default.
    @Test func aTopicConfigComesFromTheStrongestLayer() throws {
        var broker = try layered()
        let overrides = try set(["min.insync.replicas": " 5"], of: .topic)
        var synonyms = [
            Synonym(name: "min.insync.replicas", value: "5", source: .topic),
            Synonym(name: "min.insync.replicas", value: "4", source: .dynamicBroker),
            Synonym(name: "min.insync.replicas", value: "3", source: .dynamicDefaultBroker),
            Synonym(name: "min.insync.replicas", value: "2", source: .staticBroker),
            Synonym(name: "min.insync.replicas", value: "1", source: .default),
        ]
        func check(_ overrides: ConfigSet) {
            #expect(
                broker.describeTopic(overrides, names: ["min.insync.replicas", "foo"]) == [
                    ConfigDescription(
                        name: "min.insync.replicas", value: synonyms[0].value, readOnly: false,
                        source: synonyms[0].source, isSensitive: false, synonyms: synonyms, type: .int,
                        documentation: "How many replicas must be in sync for a record to be accepted with acks=all.")
                ])
            #expect(TopicSettings(overrides, on: broker).minimumInSyncReplicas == Int32(synonyms[0].value ?? ""))
            synonyms.removeFirst()
        }
        check(overrides)
        check(ConfigSet())
        broker.dynamic = ConfigSet()
        check(ConfigSet())
        broker.dynamicDefault = ConfigSet()
        check(ConfigSet())
        broker.statics = [:]
        check(ConfigSet())
    }

    /// `retention.ms` falls back to the finest of three broker configs that is set; only `log.retention.ms` itself is told as its
    /// synonym, as Kafka does.
    @Test func unitsOfTheBrokersConfigs() throws {
        var broker = BrokerConfigs(statics: ["log.retention.hours": "2", "log.roll.hours": "3"])
        #expect(TopicSettings(ConfigSet(), on: broker).retentionMilliseconds == 7_200_000)
        #expect(TopicSettings(ConfigSet(), on: broker).segmentMilliseconds == 10_800_000)
        let described = broker.describeTopic(ConfigSet(), names: ["retention.ms"])[0]
        #expect(described.value == "7200000")
        #expect(described.source == .default)
        #expect(described.synonyms == [])

        broker.statics["log.retention.minutes"] = "5"
        #expect(TopicSettings(ConfigSet(), on: broker).retentionMilliseconds == 300_000)
        broker.dynamicDefault = try set(["log.retention.ms": "77"], of: .defaultBroker)
        #expect(TopicSettings(ConfigSet(), on: broker).retentionMilliseconds == 77)
        #expect(
            broker.describeTopic(ConfigSet(), names: ["retention.ms"])[0].synonyms == [
                Synonym(name: "log.retention.ms", value: "77", source: .dynamicDefaultBroker),
                Synonym(name: "log.retention.minutes", value: "5", source: .staticBroker),
                Synonym(name: "log.retention.hours", value: "2", source: .staticBroker),
                Synonym(name: "log.retention.hours", value: "168", source: .default),
            ])
        broker = BrokerConfigs(statics: ["log.retention.hours": "-1"])
        #expect(TopicSettings(ConfigSet(), on: broker).retentionMilliseconds == -1)
    }

    @Test func aBrokerDescribed() throws {
        var broker = try layered()
        broker.statics["node.id"] = "7"
        let described = broker.describe(names: ["node.id", "advertised.listeners", "log.retention.ms"])
        #expect(
            described == [
                ConfigDescription(
                    name: "log.retention.ms", value: nil, readOnly: false, source: .default, isSensitive: false,
                    synonyms: [], type: .long, documentation: "The retention.ms of topics that set none."),
                ConfigDescription(
                    name: "node.id", value: "7", readOnly: true, source: .staticBroker, isSensitive: false,
                    synonyms: [
                        Synonym(name: "node.id", value: "7", source: .staticBroker),
                        Synonym(name: "node.id", value: "-1", source: .default),
                    ], type: .int, documentation: "The number of this broker in the cluster, as KRaft names it."),
                ConfigDescription(
                    name: "advertised.listeners", value: nil, readOnly: false, source: .default, isSensitive: false,
                    synonyms: [], type: .string,
                    documentation: "Where clients are told to connect; nil stands for listeners."),
            ])
        #expect(broker.describe().count == ConfigTable.broker.definitions.count)
        #expect(broker.describe(names: []).count == ConfigTable.broker.definitions.count)
    }

    /// What is in no table may be a secret: it is told without its value.
    @Test func anUnknownBrokerConfigIsSensitive() throws {
        let broker = try BrokerConfigs(dynamic: set(["some.password": "x"]))
        #expect(
            broker.describe(names: ["some.password"]) == [
                ConfigDescription(
                    name: "some.password", value: nil, readOnly: true, source: .dynamicBroker, isSensitive: true,
                    synonyms: [Synonym(name: "some.password", value: nil, source: .dynamicBroker)], type: .unknown,
                    documentation: nil)
            ])
    }

    @Test func theDefaultsOfAllBrokersDescribed() throws {
        let broker = try layered()
        #expect(
            broker.describeDefaults() == [
                ConfigDescription(
                    name: "min.insync.replicas", value: "3", readOnly: false, source: .dynamicDefaultBroker,
                    isSensitive: false,
                    synonyms: [Synonym(name: "min.insync.replicas", value: "3", source: .dynamicDefaultBroker)],
                    type: .int, documentation: "The min.insync.replicas of topics that set none.")
            ])
        #expect(broker.describeDefaults(names: ["log.retention.ms"]) == [])
    }

    @Test func topicSettings() throws {
        let defaults = TopicSettings(ConfigSet(), on: BrokerConfigs())
        #expect(defaults.deletes && !defaults.compacts && !defaults.stampsAppendTime)
        #expect(defaults.timestampBeforeMaximumMilliseconds == .max)
        let overrides = try set(
            [
                "cleanup.policy": "compact", "message.timestamp.type": "LogAppendTime",
                "message.timestamp.difference.max.ms": "10", "message.timestamp.after.max.ms": "20",
                "compression.type": "zstd", "min.cleanable.dirty.ratio": "0.25",
            ], of: .topic)
        let settings = TopicSettings(overrides, on: BrokerConfigs())
        #expect(settings.compacts && !settings.deletes && settings.stampsAppendTime)
        #expect(settings.timestampBeforeMaximumMilliseconds == 10)
        #expect(settings.timestampAfterMaximumMilliseconds == 20)
        #expect(settings.compressionType == "zstd")
        #expect(settings.minimumCleanableDirtyRatio == 0.25)
    }

    @Test func brokerSettings() {
        let settings = BrokerSettings(
            BrokerConfigs(statics: ["auto.create.topics.enable": "false", "transaction.max.timeout.ms": "5"]))
        #expect(!settings.createsTopics && settings.deletesTopics)
        #expect(settings.transactions == TransactionSettings(maximumTimeoutMilliseconds: 5))
        #expect(settings.groupInitialRebalanceDelayMilliseconds == 3000)
    }
}
