package import KrunConfigs
package import KrunWire

/// What was set on one topic or broker, or on all brokers: texts by name, valid when this is what a change returned.
///
/// A change returns a new set and leaves this one as it is: with `validateOnly` the server throws the new one away.
package struct ConfigSet: Equatable, Sendable {
    package private(set) var values: [String: String]

    package init() {
        values = [:]
    }

    /// The configs of CreateTopics, or of any other source in which the last of a name counts.
    ///
    /// - Throws: INVALID_CONFIG for a null, an unknown name or a bad value.
    package static func created(
        topic entries: [(name: String, value: String?)], on broker: BrokerConfigs
    ) throws(ConfigError) -> ConfigSet {
        let nulls = entries.filter { $0.value == nil }.map(\.name)
        if !nulls.isEmpty {
            throw ConfigError(
                .invalidConfig, "Null value not supported for topic configs: \(nulls.joined(separator: ","))")
        }
        var set = ConfigSet()
        for (name, value) in entries { set.values[name] = value }
        try set.validate(.topic, on: broker)
        return set
    }

    /// AlterConfigs: these and no others are set from now on.
    package func replaced(
        by entries: [(name: String, value: String?)], of resource: ConfigResource, on broker: BrokerConfigs
    ) throws(ConfigError) -> ConfigSet {
        try Self.refuseDuplicatesAndNulls(entries)
        var set = ConfigSet()
        for (name, value) in entries { set.values[name] = value }
        try set.validate(resource, on: broker)
        return set
    }

    /// IncrementalAlterConfigs (KIP-339): all of the operations or, when one is refused, none.
    package func altered(
        by operations: [ConfigOperation], of resource: ConfigResource, on broker: BrokerConfigs
    ) throws(ConfigError) -> ConfigSet {
        try Self.refuseDuplicatesAndNulls(
            operations.map { ($0.name, $0.kind == ConfigOperation.Kind.delete.rawValue ? "" : $0.value) })
        var set = self
        for operation in operations {
            guard let kind = ConfigOperation.Kind(rawValue: operation.kind) else {
                throw ConfigError(.invalidRequest, "Unknown operations type \(operation.kind)")
            }
            switch kind {
            case .set: set.values[operation.name] = operation.value
            case .delete: set.values[operation.name] = nil
            case .append, .subtract:
                set.values[operation.name] = try changed(operation, kind, of: resource)
            }
        }
        try set.validate(resource, on: broker)
        return set
    }

    /// A list with elements added that it does not have yet, or taken away; it starts from the config's default where nothing is set.
    private func changed(
        _ operation: ConfigOperation, _ kind: ConfigOperation.Kind, of resource: ConfigResource
    ) throws(ConfigError) -> String {
        let definition = resource.table[operation.name]
        guard definition?.type == .list else {
            throw resource == .topic
                ? ConfigError(
                    .invalidConfig,
                    "Can't \(kind.name) to key \(operation.name) because its type is not LIST.")
                : ConfigError(
                    .invalidConfig,
                    "Config value \(kind.name.lowercased()) is not allowed for config key: \(operation.name)")
        }
        var elements = Self.elements(values[operation.name] ?? definition?.defaultValue ?? "")
        for element in Self.elements(operation.value ?? "") {
            if kind == .append {
                if !elements.contains(element) { elements.append(element) }
            } else if let index = elements.firstIndex(of: element) {
                elements.remove(at: index)
            }
        }
        return elements.joined(separator: ",")
    }

    private static func elements(_ text: String) -> [String] {
        text.split(separator: ",").map(String.init)
    }

    private static func refuseDuplicatesAndNulls(
        _ entries: [(name: String, value: String?)]
    ) throws(ConfigError) {
        if Set(entries.map(\.name)).count < entries.count {
            throw ConfigError(.invalidRequest, "Error due to duplicate config keys")
        }
        let nulls = entries.filter { $0.value == nil }.map(\.name)
        if !nulls.isEmpty {
            throw ConfigError(.invalidRequest, "Null value not supported for : \(nulls.joined(separator: ", "))")
        }
    }

    private func validate(_ resource: ConfigResource, on broker: BrokerConfigs) throws(ConfigError) {
        if resource == .topic { return try validateTopic(on: broker) }
        do { try validateBroker(resource) } catch {
            // Kafka answers a broker config of a bad value so, unlike a topic's (KAFKA-13609).
            throw ConfigError(.invalidRequest, error.message)
        }
    }

    private func validateTopic(on broker: BrokerConfigs) throws(ConfigError) {
        for name in values.keys.sorted() where ConfigTable.topic[name] == nil {
            throw ConfigError(.invalidConfig, "Unknown topic config name: \(name)")
        }
        for definition in ConfigTable.topic.definitions {
            if let text = values[definition.name] { _ = try definition.checked(text) }
        }
        let settings = TopicSettings(self, on: broker)
        if settings.minimumCompactionLagMilliseconds > settings.maximumCompactionLagMilliseconds {
            throw ConfigError(
                .invalidConfig,
                "conflict topic config setting min.compaction.lag.ms (\(settings.minimumCompactionLagMilliseconds)) > "
                    + "max.compaction.lag.ms (\(settings.maximumCompactionLagMilliseconds))")
        }
        if broker.topicValue(of: "remote.storage.enable", self)?.boolean == true {
            throw ConfigError(
                .invalidConfig,
                "Tiered Storage functionality is disabled in the broker. "
                    + "Topic cannot be configured with remote log storage.")
        }
    }

    /// A name that is in no table passes, as in Kafka: it may be some plug-in's.
    private func validateBroker(_ resource: ConfigResource) throws(ConfigError) {
        func refuse(_ update: ConfigDefinition.Update, _ why: String) throws(ConfigError) {
            let names = values.keys.filter { ConfigTable.broker[$0]?.update == update }.sorted()
            if !names.isEmpty { throw ConfigError(.invalidConfig, "\(why): Set(\(names.joined(separator: ", ")))") }
        }
        try refuse(.readOnly, "Cannot update these configs dynamically")
        for definition in ConfigTable.broker.definitions {
            if let text = values[definition.name] { _ = try definition.checked(text) }
        }
        if resource == .defaultBroker {
            try refuse(.perBroker, "Cannot update these configs at default cluster level, broker id must be specified")
        }
    }
}

/// One change of IncrementalAlterConfigs.
package struct ConfigOperation: Equatable, Sendable {
    /// As the protocol numbers them (KIP-339).
    package enum Kind: Int8, Sendable {
        case set = 0
        case delete = 1
        /// To a list only.
        case append = 2
        case subtract = 3

        var name: String {
            switch self {
            case .set: "SET"
            case .delete: "DELETE"
            case .append: "APPEND"
            case .subtract: "SUBTRACT"
            }
        }
    }

    package let name: String
    /// As it came; one that is no `Kind` is refused.
    package let kind: Int8
    package let value: String?

    package init(name: String, kind: Int8, value: String?) {
        self.name = name
        self.kind = kind
        self.value = value
    }
}

/// What a set of configs belongs to; the rules for changing it differ.
package enum ConfigResource: Sendable {
    case topic
    /// One broker.
    case broker
    /// All brokers: the empty resource name.
    case defaultBroker

    var table: ConfigTable { self == .topic ? .topic : .broker }
}

/// Why a config was refused: goes into the answer as it is.
package struct ConfigError: Error, Equatable, Sendable {
    package let errorCode: ErrorCode
    package let message: String

    package init(_ errorCode: ErrorCode, _ message: String) {
        self.errorCode = errorCode
        self.message = message
    }
}

extension ConfigDefinition {
    /// The value that `text` stands for, checked; throws INVALID_CONFIG with Kafka's words.
    package func checked(_ text: String) throws(ConfigError) -> ConfigValue {
        do { return try parse(text) } catch { throw ConfigError(.invalidConfig, error.message) }
    }
}
