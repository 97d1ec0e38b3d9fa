public import KrunOutcome

/// What the broker says when a consume step is over, and what must be known to judge it. The outer arrays have a place
/// per topic of the step, the inner ones per partition; nil is what is not known or not there.
public struct ConsumeEnding: Sendable {
    /// The group's committed offsets; nil where nothing is committed. Empty without a group.
    public var committed: [[Int64?]] = []
    /// The end offsets of the log.
    public var ends: [[Int64?]] = []
    /// The first offsets that the log still holds.
    public var logStarts: [[Int64?]] = []
    /// Why the step was to read nothing of a partition, such as that it is kept for a member that is away; nil where it was.
    public var leftOut: [[String?]] = []
    /// Whether members that are not this scenario's shared the group.
    public var foreignMembers = false
    /// Where reading began instead of at a committed offset that the log does not have; nil where it did not.
    public var resets: [[OffsetOutOfRange?]] = []
    /// Per topic why records may have been removed from the middle of its logs, such as `its cleanup.policy is compact`; nil
    /// when they may not: then they only go before the log's first offset. Empty: none may.
    public var removalReasons: [String?] = []
    /// Whether reading stopped before its end, such as when its time was over: what stands beyond the last position
    /// was not lost then.
    public var endedEarly = false
    /// The invariants that may be broken in this step.
    public var allow: Set<Invariant> = []

    public init() {}
}
