public import KrunJSON

/// What must be seen of one partition.
public struct PartitionExpectation: Sendable {
    public let partition: Int32
    public var messages: Matcher?
    public var first: Matcher?
    public var last: Matcher?
    /// From `partitions.N.committed` and from the step's `committed`, whose shape is partition number → offset.
    public var committed: [Matcher] = []
    public var lag: Matcher?
    /// The member of the map, for its place.
    public let node: JSONNode
}
