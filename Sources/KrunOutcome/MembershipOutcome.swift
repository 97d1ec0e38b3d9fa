/// What a `group` step brought about: who is in the group once it is stable, and what that cost.
public struct MembershipOutcome: Hashable, Sendable {
    public var group: String
    /// With what they own, and no messages; in the order in which they were named. Static members that are away are among them as
    /// long as the group keeps their places.
    public var members: [MemberOutcome] = []
    /// Static members that are gone and whose session has not ended.
    public var away: [String] = []
    /// Partitions that changed owner, compared with before the step, sorted by topic and number.
    public var moves: [PartitionMove] = []
    /// How many partitions were taken from a member on the way, also those that it got back.
    public var revoked = 0
    /// nil where no member of the scenario is in the group.
    public var generation: Int32?
    /// How often the group was rebalanced since the last step that was about it.
    public var rebalances = 0
    /// As the coordinator says: `Stable`, `Empty`; nil when nobody could say.
    public var state: String?
    /// Kafka's name of the error that the step ended with.
    public var error: String?
    /// From the change until the group was stable.
    public var duration: Duration = .zero

    public init(group: String) {
        self.group = group
    }

    /// How many partitions changed owner.
    public var moved: Int { moves.count }

    /// How many members have no partition.
    public var idle: Int { members.count { $0.partitions.isEmpty } }
}

/// A partition that went from one member of a group to another.
public struct PartitionMove: Hashable, Sendable {
    /// Such as `orders/0`.
    public var partition: String
    /// The names of the members.
    public var from: String
    public var to: String

    public init(_ partition: String, from: String, to: String) {
        self.partition = partition
        self.from = from
        self.to = to
    }
}
