import KrunWire
import Testing

@testable import KrunBroker

@Suite(.timeLimit(.minutes(1)))
struct ConfigSetTests {
    private let broker = BrokerConfigs()

    private func topic(_ entries: [(name: String, value: String?)]) throws -> ConfigSet {
        try ConfigSet.created(topic: entries, on: broker)
    }

    private func alter(
        _ set: ConfigSet, _ operations: (String, ConfigOperation.Kind, String?)..., of resource: ConfigResource = .topic
    ) throws -> [String: String] {
        try set.altered(
            by: operations.map { ConfigOperation(name: $0.0, kind: $0.1.rawValue, value: $0.2) }, of: resource,
            on: broker
        ).values
    }

    @Test func createdTopics() throws {
        #expect(try topic([("retention.ms", "1"), ("retention.ms", "2")]).values == ["retention.ms": "2"])
        #expect(throws: ConfigError(.invalidConfig, "Unknown topic config name: foo")) { try topic([("foo", "1")]) }
        #expect(throws: ConfigError(.invalidConfig, "Null value not supported for topic configs: a,retention.ms")) {
            try topic([("a", nil), ("segment.ms", "1"), ("retention.ms", nil)])
        }
        #expect(
            throws: ConfigError(
                .invalidConfig, "conflict topic config setting min.compaction.lag.ms (10) > max.compaction.lag.ms (9)")
        ) { try topic([("min.compaction.lag.ms", "10"), ("max.compaction.lag.ms", "9")]) }
        #expect(
            throws: ConfigError(
                .invalidConfig,
                "Tiered Storage functionality is disabled in the broker. Topic cannot be configured with remote log storage."
            )
        ) { try topic([("remote.storage.enable", "true")]) }
    }

    @Test func alterConfigsReplacesEverything() throws {
        let set = try topic([("retention.ms", "1"), ("segment.ms", "2")])
        #expect(
            try set.replaced(by: [("segment.ms", "3")], of: .topic, on: broker).values == ["segment.ms": "3"])
        #expect(try set.replaced(by: [], of: .topic, on: broker).values == [:])
        #expect(throws: ConfigError(.invalidRequest, "Error due to duplicate config keys")) {
            try set.replaced(by: [("segment.ms", "3"), ("segment.ms", nil)], of: .topic, on: broker)
        }
        #expect(throws: ConfigError(.invalidRequest, "Null value not supported for : a, b")) {
            try set.replaced(by: [("a", nil), ("b", nil)], of: .topic, on: broker)
        }
        #expect(throws: ConfigError(.invalidConfig, "Unknown topic config name: foo")) {
            try set.replaced(by: [("foo", "")], of: .topic, on: broker)
        }
    }

    @Test func incrementalSetAndDelete() throws {
        let set = try topic([("retention.ms", "1"), ("segment.ms", "2")])
        #expect(
            try alter(set, ("retention.ms", .delete, nil), ("segment.ms", .set, "5"), ("flush.ms", .set, "6")) == [
                "segment.ms": "5", "flush.ms": "6",
            ])
        #expect(try alter(set, ("flush.ms", .delete, "ignored")) == set.values)
        #expect(throws: ConfigError(.invalidRequest, "Null value not supported for : segment.ms")) {
            try alter(set, ("segment.ms", .set, nil))
        }
        #expect(throws: ConfigError(.invalidRequest, "Error due to duplicate config keys")) {
            try alter(set, ("segment.ms", .set, "1"), ("segment.ms", .delete, nil))
        }
        #expect(throws: ConfigError(.invalidRequest, "Unknown operations type 9")) {
            try set.altered(by: [ConfigOperation(name: "segment.ms", kind: 9, value: "1")], of: .topic, on: broker)
        }
        #expect(
            throws: ConfigError(
                .invalidConfig, "Invalid value 0 for configuration segment.ms: Value must be at least 1")
        ) { try alter(set, ("flush.ms", .set, "1"), ("segment.ms", .set, "0")) }
    }

    /// A list that is not set begins as its default; an element it has is not added twice.
    @Test func incrementalAppendAndSubtract() throws {
        let set = ConfigSet()
        #expect(try alter(set, ("cleanup.policy", .append, "compact")) == ["cleanup.policy": "delete,compact"])
        #expect(try alter(set, ("cleanup.policy", .append, "delete")) == ["cleanup.policy": "delete"])
        #expect(try alter(set, ("cleanup.policy", .subtract, "delete,compact")) == ["cleanup.policy": ""])
        let both = try topic([("cleanup.policy", "compact,delete")])
        #expect(try alter(both, ("cleanup.policy", .subtract, "compact")) == ["cleanup.policy": "delete"])
        #expect(
            throws: ConfigError(
                .invalidConfig,
                "Invalid value keep for configuration cleanup.policy: String must be one of: compact, delete")
        ) { try alter(set, ("cleanup.policy", .append, "keep")) }
        for (kind, name) in [(ConfigOperation.Kind.append, "APPEND"), (.subtract, "SUBTRACT")] {
            for key in ["retention.ms", "foo"] {
                #expect(
                    throws: ConfigError(.invalidConfig, "Can't \(name) to key \(key) because its type is not LIST.")
                ) { try alter(set, (key, kind, "1")) }
            }
        }
    }

    @Test func brokerConfigsThatMayChange() throws {
        let set = ConfigSet()
        #expect(
            try alter(set, ("log.retention.ms", .set, "5"), of: .defaultBroker) == ["log.retention.ms": "5"])
        #expect(try alter(set, ("some.plugin", .set, "x"), of: .broker) == ["some.plugin": "x"])
        #expect(try alter(set, ("listeners", .set, "A://:1"), of: .broker) == ["listeners": "A://:1"])
        #expect(
            throws: ConfigError(
                .invalidRequest,
                "Cannot update these configs at default cluster level, broker id must be specified: Set(listeners)")
        ) { try alter(set, ("listeners", .set, "A://:1"), of: .defaultBroker) }
        #expect(
            throws: ConfigError(
                .invalidRequest, "Cannot update these configs dynamically: Set(broker.id, log.retention.hours)")
        ) { try alter(set, ("log.retention.hours", .set, "1"), ("broker.id", .set, "1"), of: .broker) }
        #expect(
            throws: ConfigError(
                .invalidRequest, "Invalid value x for configuration log.retention.ms: Not a number of type LONG")
        ) { try alter(set, ("log.retention.ms", .set, "x"), of: .broker) }
        #expect(
            throws: ConfigError(.invalidConfig, "Config value append is not allowed for config key: log.retention.ms")
        ) { try alter(set, ("log.retention.ms", .append, "1"), of: .broker) }
        #expect(
            try alter(set, ("log.cleanup.policy", .append, "compact"), of: .broker) == [
                "log.cleanup.policy": "delete,compact"
            ])
    }

    @Test func staticConfigsMustBeKnown() throws {
        try BrokerConfigs(statics: ["log.retention.hours": "1", "node.id": "3"]).checkStatic()
        #expect(throws: ConfigError(.invalidConfig, "Unknown broker config name: log.retention.days")) {
            try BrokerConfigs(statics: ["log.retention.days": "1"]).checkStatic()
        }
        #expect(
            throws: ConfigError(
                .invalidConfig, "Invalid value 0 for configuration num.partitions: Value must be at least 1")
        ) { try BrokerConfigs(statics: ["num.partitions": "0"]).checkStatic() }
    }
}
