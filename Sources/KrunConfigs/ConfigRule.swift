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
