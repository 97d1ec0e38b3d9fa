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
