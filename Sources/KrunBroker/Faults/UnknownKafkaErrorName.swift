internal import KrunWire

/// A name that is no error of Kafka's.
public struct UnknownKafkaErrorName: Error, Equatable, Sendable, CustomStringConvertible {
    public let name: String
    /// At most three that may have been meant, the nearest first.
    public let nearest: [String]

    init(name: String) {
        self.name = name
        nearest = NearestNames.of(name, among: ErrorCode.allCases.map(\.name))
    }

    public var description: String {
        let meant = nearest.isEmpty ? "" : "; did you mean \(nearest.joined(separator: " or "))?"
        return "Kafka has no error named \"\(name.oneLine)\"\(meant)"
    }
}
