public import KrunOutcome

/// What a consume step's ledger has to say when the step is over.
public struct ConsumeFindings: Hashable, Sendable {
    /// Records read, also those read twice.
    public var messages: Int
    /// By topic name as in the file; committed offsets and lags included.
    public var topics: [String: TopicRecords]
    /// As they were when the group was first stable, and what they read; empty without a group.
    public var members: [MemberOutcome]
    /// How many members had no partition then.
    public var idle: Int
    /// How many of the records the group had read in an earlier step.
    public var redelivered = 0
    /// How old records were when they were read; nil where none has a timestamp.
    public var latency: LatencyOutcome?
    /// The sum of the partitions' lags; nil without a group, or when an end offset is not known.
    public var lag: Int64?
    /// One of each that reading can break, in the order of `Invariant.allCases`.
    public var invariants: [InvariantOutcome]
}
