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

// MARK: - Describe

extension BrokerConfigs {
    /// What DescribeConfigs tells of a topic with these overrides, in the order of the table; nil or no names: all of them, a name
    /// that is no config is left out.
    package func describeTopic(_ overrides: ConfigSet, names: [String]? = nil) -> [ConfigDescription] {
        let asked = Self.filter(names)
        return ConfigTable.topic.definitions.filter { asked?.contains($0.name) ?? true }.map { definition in
            let value = topicValue(of: definition.name, overrides)?.shown
            var synonyms = definition.synonyms.first.map { self.synonyms(of: $0.name) } ?? []
            if overrides.values[definition.name] != nil {
                synonyms.insert(.init(name: definition.name, value: value, source: .topic), at: 0)
            }
            return ConfigDescription(
                name: definition.name, value: value, readOnly: false, source: synonyms.first?.source ?? .default,
                isSensitive: false, synonyms: synonyms, type: definition.type, documentation: definition.documentation)
        }
    }

    /// What DescribeConfigs tells of this broker.
    package func describe(names: [String]? = nil) -> [ConfigDescription] {
        let asked = Self.filter(names)
        let unknown = Set(dynamic.values.keys).union(dynamicDefault.values.keys).union(statics.keys)
            .filter { ConfigTable.broker[$0] == nil }
        return (ConfigTable.broker.definitions.map(\.name) + unknown.sorted())
            .filter { asked?.contains($0) ?? true }
            .map { entry($0, synonyms: synonyms(of: $0)) }
    }

    /// What DescribeConfigs tells of all brokers (the empty resource name): what was set for all of them, and nothing else.
    package func describeDefaults(names: [String]? = nil) -> [ConfigDescription] {
        let asked = Self.filter(names)
        return dynamicDefault.values.keys.sorted().filter { asked?.contains($0) ?? true }.map { name in
            BrokerConfigs(dynamicDefault: dynamicDefault)
                .entry(name, synonyms: synonyms(of: name).filter { $0.source == .dynamicDefaultBroker })
        }
    }

    private func entry(_ name: String, synonyms: [ConfigDescription.Synonym]) -> ConfigDescription {
        let definition = ConfigTable.broker[name]
        let isSensitive = (definition?.type ?? .unknown).isSensitive
        return ConfigDescription(
            name: name, value: isSensitive ? nil : value(of: name)?.shown,
            readOnly: (definition?.update ?? .readOnly) == .readOnly, source: synonyms.first?.source ?? .default,
            isSensitive: isSensitive, synonyms: synonyms, type: definition?.type ?? .unknown,
            documentation: definition?.documentation)
    }

    /// Every value that the config or one that means the same has in some layer, the strongest first.
    ///
    /// Begins with the config itself, so that `log.retention.ms` without a value has none even though `log.retention.hours` has
    /// one: so does Kafka, and a topic's `retention.ms` reads as a default then.
    private func synonyms(of name: String) -> [ConfigDescription.Synonym] {
        let names = Self.alike.first { $0.contains(name) } ?? [name]
        let layers: [([String: String], ConfigSource)] = [
            (dynamic.values, .dynamicBroker), (dynamicDefault.values, .dynamicDefaultBroker), (statics, .staticBroker),
        ]
        var found: [ConfigDescription.Synonym] = []
        func add(_ name: String, _ text: String?, _ source: ConfigSource) {
            guard let text else { return }
            let isSensitive = (ConfigTable.broker[name]?.type ?? .unknown).isSensitive
            found.append(.init(name: name, value: isSensitive ? nil : text, source: source))
        }
        for (values, source) in layers {
            for name in names { add(name, values[name], source) }
        }
        for name in names { add(name, ConfigTable.broker[name]?.defaultValue, .default) }
        return Array(found.drop { $0.name != name })
    }

    /// Broker configs that mean the same in other units, the one that counts first.
    private static let alike = [
        ["log.roll.ms", "log.roll.hours"], ["log.roll.jitter.ms", "log.roll.jitter.hours"],
        ["log.retention.ms", "log.retention.minutes", "log.retention.hours"],
        ["log.flush.interval.ms", "log.flush.scheduler.interval.ms"],
    ]

    private static func filter(_ names: [String]?) -> Set<String>? {
        names.flatMap { $0.isEmpty ? nil : Set($0) }
    }
}

/// One config as DescribeConfigs tells it.
package struct ConfigDescription: Equatable, Sendable {
    package struct Synonym: Equatable, Sendable {
        package let name: String
        package let value: String?
        package let source: ConfigSource
    }

    package let name: String
    /// Nil when it has none, or when it is sensitive.
    package let value: String?
    package let readOnly: Bool
    package let source: ConfigSource
    package let isSensitive: Bool
    /// Where else a value could come from, the one that counts first.
    package let synonyms: [Synonym]
    package let type: ConfigType
    package let documentation: String?
}

/// Where a config's value comes from, by the numbers of DescribeConfigs v1 (protocol guide).
package enum ConfigSource: Int8, Sendable {
    case topic = 1
    case dynamicBroker = 2
    case dynamicDefaultBroker = 3
    case staticBroker = 4
    case `default` = 5
}
