/// A consumer group as the list of all groups has it.
public struct GroupListing: Hashable, Sendable {
    public var group: String
    /// As in `GroupDescription`, but true for groups of either protocol; `Unknown` where librdkafka 2.0 does not know the state.
    public var state: String
}
