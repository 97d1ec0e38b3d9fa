public import KrunJSON

/// What the broker or librdkafka at hand must be able to do.
public struct Requirement: Sendable {
    public enum Condition: Hashable, Sendable {
        case realBroker
        /// The cluster has at least so many brokers.
        case brokers(atLeast: Int)
        /// librdkafka is at least this version; the numbers as in `2.3.0`.
        case librdkafka(atLeast: [Int])
    }

    public let condition: Condition
    /// As written in the file: `brokers>=3`.
    public let text: String
    public let node: JSONNode
}
