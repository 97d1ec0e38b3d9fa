/// What a `group` step brought about: who is in the group once it is stable, and what that cost.
public struct MembershipOutcome: Hashable, Sendable {
    public var group: String
    /// With what they own, and no messages; in the order in which they were named. Static members that are away are among them as
    /// long as the group keeps their places.
    public var members: [MemberOutcome] = []
    /// Static members that are gone and whose session has not ended.
    public var away: [String] = []
    /// How many partitions changed owner, compared with before the step.
    public var moved = 0
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

    /// How many members have no partition.
    public var idle: Int { members.count { $0.partitions.isEmpty } }
}
