internal import KrunConfigs

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
