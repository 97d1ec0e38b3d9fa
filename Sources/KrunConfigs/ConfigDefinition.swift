/// What is known of one config: its type, default and rule, and what it means.
package struct ConfigDefinition: Sendable {
    /// How a broker config may be changed while the broker runs.
    package enum Update: Sendable {
        case readOnly
        /// Only with the broker's id, not for all brokers at once.
        case perBroker
        case clusterWide
    }

    package let name: String
    package let type: ConfigType
    /// As it would be written in a file; nil for a config that has no value unless one is set.
    package let defaultValue: String?
    package let rule: ConfigRule
    /// Of a topic config: where its value comes from when the topic has none, the first that is set.
    package let synonyms: [ConfigSynonym]
    package let update: Update
    /// Whether it changes what this broker does; the others are kept and described, and change nothing in memory.
    package let isObeyed: Bool
    /// One sentence for DescribeConfigs.
    package let documentation: String

    package init(
        _ name: String, _ type: ConfigType, _ defaultValue: String?, _ rule: ConfigRule = .any,
        from synonyms: [ConfigSynonym] = [], update: Update = .readOnly, obeyed: Bool = false,
        about documentation: String
    ) {
        self.name = name
        self.type = type
        self.defaultValue = defaultValue
        self.rule = rule
        self.synonyms = synonyms
        self.update = update
        self.isObeyed = obeyed
        self.documentation = documentation
    }

    /// The value that `text` stands for, checked; throws with Kafka's words.
    package func parse(_ text: String) throws(ConfigRefusal) -> ConfigValue {
        let trimmed = text.trimmed
        let value: ConfigValue
        switch type {
        case .boolean:
            switch trimmed.lowercased() {
            case "true": value = .boolean(true)
            case "false": value = .boolean(false)
            default: throw .invalid(text, for: name, "Expected value to be either true or false")
            }
        case .short: value = try integer(trimmed, of: text, as: Int16.self)
        case .int: value = try integer(trimmed, of: text, as: Int32.self)
        case .long: value = try integer(trimmed, of: text, as: Int64.self)
        case .double:
            guard let number = Self.double(trimmed) else { throw notANumber(text) }
            value = .double(number)
        case .list:
            value = .list(
                trimmed.isEmpty
                    ? []
                    : trimmed.utf8.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false).map {
                        String(Substring($0)).trimmed
                    })
        case .string, .class, .password, .unknown:
            value = .string(trimmed)
        }
        try rule.check(value, of: name)
        return value
    }

    private func integer<Number: FixedWidthInteger>(
        _ trimmed: String, of text: String, as: Number.Type
    ) throws(ConfigRefusal) -> ConfigValue {
        guard let number = Number(trimmed) else { throw notANumber(text) }
        return .integer(Int64(number))
    }

    private func notANumber(_ text: String) -> ConfigRefusal {
        .invalid(text, for: name, "Not a number of type \(type.name)")
    }

    /// What Java reads as a double: of the words only its own two.
    private static func double(_ text: String) -> Double? {
        let unsigned = text.drop { $0 == "-" || $0 == "+" }
        guard let first = unsigned.first, !first.isLetter || unsigned == "NaN" || unsigned == "Infinity" else {
            return nil
        }
        return Double(text)
    }
}

extension String {
    /// Without the control characters and blanks at both ends that Java's `trim` takes away.
    package var trimmed: String {
        let bytes = utf8
        guard let first = bytes.firstIndex(where: { $0 > 32 }), let last = bytes.lastIndex(where: { $0 > 32 }) else {
            return ""
        }
        return String(self[first...last])
    }
}

/// A broker config that gives a topic config its value where the topic says nothing.
package struct ConfigSynonym: Sendable {
    package let name: String
    /// How many of the topic config's units one unit of the broker config is: 60 000 for minutes.
    package let factor: Int64

    private init(name: String, factor: Int64) {
        self.name = name
        self.factor = factor
    }

    package static func same(_ name: String) -> ConfigSynonym { ConfigSynonym(name: name, factor: 1) }
    package static func minutes(_ name: String) -> ConfigSynonym { ConfigSynonym(name: name, factor: 60_000) }
    package static func hours(_ name: String) -> ConfigSynonym { ConfigSynonym(name: name, factor: 3_600_000) }

    /// The broker's value in the topic's units; a negative time means no limit whatever its unit.
    package func convert(_ value: ConfigValue) -> ConfigValue {
        guard factor != 1, let number = value.integer else { return value }
        return .integer(number < 0 ? -1 : number.multipliedReportingOverflow(by: factor).partialValue)
    }
}

/// What a config's value must satisfy beyond its type.
package enum ConfigRule: Sendable {
    case any
    case atLeast(Int64)
    case between(Int64, Int64)
    case oneOf([String])
    /// Each element is one of these.
    case elements([String])
    /// Between 1 and 9, or -1 for zlib's own default.
    case gzipLevel
    /// A name of a Kafka release or of a version within it, `3.0-IV1`.
    case kafkaVersion
    /// `*`, or `partition:broker,...`.
    case throttledReplicas

    /// Throws with Kafka's words when `value` breaks the rule.
    func check(_ value: ConfigValue, of name: String) throws(ConfigRefusal) {
        switch self {
        case .any: break
        case .atLeast(let least):
            try check(value, name, least, nil)
        case .between(let least, let most):
            try check(value, name, least, most)
        case .oneOf(let names):
            if !names.contains(value.shown) {
                throw .invalid(value.shown, for: name, "String must be one of: \(names.joined(separator: ", "))")
            }
        case .elements(let names):
            for element in value.list ?? [] {
                try ConfigRule.oneOf(names).check(.string(element), of: name)
            }
        case .gzipLevel:
            let level = value.integer ?? 0
            if level > 9 || (level < 1 && level != -1) {
                throw .invalid(value.shown, for: name, "Value must be between 1 and 9 or equal to -1")
            }
        case .kafkaVersion:
            if !KafkaVersionName.isKnown(value.shown) {
                throw .invalid(value.shown, for: name, "Version \(value.shown) is not a valid version")
            }
        case .throttledReplicas:
            let replicas = value.list ?? []
            guard replicas.joined() == "*" || replicas.allSatisfy(Self.isReplica) else {
                throw .invalid(
                    value.inMessage, for: name,
                    "\(name) must be the literal '*' or a list of replicas in the following format: "
                        + "[partitionId]:[brokerId],[partitionId]:[brokerId],...")
            }
        }
    }

    private func check(_ value: ConfigValue, _ name: String, _ least: Int64, _ most: Int64?) throws(ConfigRefusal) {
        let number = value.double ?? value.integer.map(Double.init) ?? 0
        if number < Double(least) { throw .invalid(value.shown, for: name, "Value must be at least \(least)") }
        if let most, number > Double(most) {
            throw .invalid(value.shown, for: name, "Value must be no more than \(most)")
        }
    }

    private static func isReplica(_ text: String) -> Bool {
        if text.isEmpty { return true }
        let parts = text.utf8.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        return parts.count == 2 && parts.allSatisfy { !$0.isEmpty && $0.allSatisfy { $0 >= 48 && $0 <= 57 } }
    }
}

/// Why a config cannot have a value, in Kafka's words.
package struct ConfigRefusal: Error, Equatable, Sendable {
    package let message: String

    static func invalid(_ value: String, for name: String, _ why: String) -> ConfigRefusal {
        ConfigRefusal(message: "Invalid value \(value) for configuration \(name): \(why)")
    }
}
