/// A topic to be created.
public struct NewTopic: Hashable, Sendable {
    public var name: String
    public var partitions: Int
    /// −1 leaves it to the broker.
    public var replicationFactor: Int
    public var config: [String: String]

    public init(name: String, partitions: Int, replicationFactor: Int = -1, config: [String: String] = [:]) {
        self.name = name
        self.partitions = partitions
        self.replicationFactor = replicationFactor
        self.config = config
    }
}
