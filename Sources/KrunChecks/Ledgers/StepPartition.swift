/// A partition of one of a consume step's topics.
public struct StepPartition: Hashable, Sendable {
    /// The position of the topic in the step's list.
    public var topic: Int
    public var partition: Int32

    public init(topic: Int, partition: Int32) {
        self.topic = topic
        self.partition = partition
    }
}
