/// What must be seen of one topic.
public struct TopicExpectation: Sendable {
    /// The name in the file.
    public let topic: String
    public var partitions: [PartitionExpectation] = []
    public var keys: [KeyExpectation] = []
    public var nullKey: KeyExpectation?
    public var lag: Matcher?
}
