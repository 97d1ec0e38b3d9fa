public import KrunJSON

/// A topic that the scenario uses.
public struct TopicDeclaration: Sendable {
    public let name: String
    /// nil with `existing` when the file does not say; otherwise at least 1.
    public let partitions: Int?
    /// nil for the broker's default.
    public let replicationFactor: Int?
    /// Kafka's names and values, in the order of the file.
    public let config: [ConfigEntry]
    /// Whether it is there already: used by its exact name, never created, altered or deleted.
    public let existing: Bool
    public let node: JSONNode

    public struct ConfigEntry: Sendable {
        public let name: String
        public let value: String
        public let node: JSONNode
    }
}
