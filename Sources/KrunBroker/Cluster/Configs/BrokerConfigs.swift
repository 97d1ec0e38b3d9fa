package import KrunConfigs
internal import KrunWire

/// The configs of one broker, in layers: what was set on it, on all brokers, what it was started with, and Kafka's defaults.
package struct BrokerConfigs: Sendable {
    /// What the broker was started with, as a properties file would have it; checked by `checkStatic()`, not here.
    package var statics: [String: String]
    package var dynamicDefault: ConfigSet
    package var dynamic: ConfigSet

    package init(
        statics: [String: String] = [:], dynamicDefault: ConfigSet = ConfigSet(), dynamic: ConfigSet = ConfigSet()
    ) {
        self.statics = statics
        self.dynamicDefault = dynamicDefault
        self.dynamic = dynamic
    }

    /// Throws INVALID_CONFIG for a name that is in no table or a bad value among the static configs: whoever starts the broker
    /// mistyped it.
    package func checkStatic() throws(ConfigError) {
        for (name, text) in statics.sorted(by: { $0.key < $1.key }) {
            guard let definition = ConfigTable.broker[name] else {
                throw ConfigError(.invalidConfig, "Unknown broker config name: \(name)")
            }
            _ = try definition.checked(text)
        }
    }

    /// The text of a broker config, of the highest layer that has one; nil when it has no value.
    func text(of name: String) -> String? {
        dynamic.values[name] ?? dynamicDefault.values[name] ?? statics[name] ?? ConfigTable.broker[name]?.defaultValue
    }

    /// The value of a broker config, or nil when it has none.
    package func value(of name: String) -> ConfigValue? {
        guard let definition = ConfigTable.broker[name] else { return nil }
        return text(of: name).flatMap { try? definition.parse($0) }
    }

    /// The value that a topic config has for a topic with these overrides; nil for a name that is none.
    package func topicValue(of name: String, _ overrides: ConfigSet) -> ConfigValue? {
        guard let definition = ConfigTable.topic[name] else { return nil }
        if let text = overrides.values[name] { return try? definition.parse(text) }
        for synonym in definition.synonyms {
            if let value = value(of: synonym.name) { return synonym.convert(value) }
        }
        return definition.defaultValue.flatMap { try? definition.parse($0) }
    }
}
