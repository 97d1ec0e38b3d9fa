/// What an `offsets` step found, or brought about: where a group stands in each partition.
public struct OffsetsOutcome: Hashable, Sendable {
    public var group: String
    /// Whether the step was to reset the group.
    public var resets: Bool
    /// By topic name as in the file; partitions that the step is not about are not among them.
    public var topics: [String: [Int32: PartitionOffsets]] = [:]
    /// Kafka's name of the error that the step ended with.
    public var error: String?
    public var duration: Duration = .zero

    public init(group: String, resets: Bool) {
        self.group = group
        self.resets = resets
    }

    /// The sum of the partitions' lags; nil where one of them is not known, or there is none.
    public var lag: Int64? { Lag.sum(topics.values.flatMap(\.values).map(\.lag)) }

    /// In how many partitions another offset is committed than before.
    public var moved: Int { topics.values.flatMap(\.values).count { $0.wasReset && $0.before != $0.committed } }
}

/// Where a group stands in a partition.
public struct PartitionOffsets: Hashable, Sendable {
    /// nil where nothing is committed.
    public var committed: Int64?
    /// What was committed before a reset; nil for nothing.
    public var before: Int64?
    /// Whether the step committed here.
    public var wasReset = false
    /// The first offset that the log still has.
    public var first: Int64
    /// The offset behind the last record.
    public var end: Int64
    /// Why the offset is not what was asked for; nil where it is.
    public var note: OffsetNote?

    public init(committed: Int64?, first: Int64, end: Int64) {
        self.committed = committed
        self.first = first
        self.end = end
    }

    public var lag: Int64? { Lag.of(committed: committed, logStart: first, end: end) }
}

/// Why an offset is not what was asked for.
public enum OffsetNote: Hashable, Sendable {
    /// The log has fewer records than this.
    case fewer(than: Int64)
    /// No record has the time that was asked for, or a later one.
    case noRecordAsLate
    /// This offset is before the first that the log has.
    case beforeFirst(Int64)
    /// This offset is beyond the end of the log.
    case beyondEnd(Int64)
    /// Nothing is committed from which to go on or back.
    case nothingCommitted
}
