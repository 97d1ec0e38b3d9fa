internal import KrunWire

/// An error of Kafka's protocol by its name, `NOT_LEADER_OR_FOLLOWER` (protocol guide, "Error Codes").
///
/// A literal is checked when the rule it is in is added to a cluster, a computed name at once.
public struct KafkaErrorName: Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
    public let name: String

    /// Throws `UnknownKafkaErrorName`, which names the nearest ones, if Kafka has no such error.
    public init(named name: String) throws(UnknownKafkaErrorName) {
        self.name = name
        _ = try code()
    }

    public init(stringLiteral name: String) {
        self.name = name
    }

    init(_ code: ErrorCode) {
        name = code.name
    }

    public var description: String { name }

    func code() throws(UnknownKafkaErrorName) -> ErrorCode {
        guard let code = ErrorCode.allCases.first(where: { $0.name == name }) else {
            throw UnknownKafkaErrorName(name: name)
        }
        return code
    }
}
