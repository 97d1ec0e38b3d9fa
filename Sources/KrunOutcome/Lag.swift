/// How far a group is behind in a log: the one meaning that the word has, in scenarios, reports and commands.
///
/// Where the end stands is the caller's to ask: under `read_committed` at the first record of an open transaction.
public enum Lag {
    /// End − committed, or end − log start where nothing is committed; nil where the end is not known, or nothing says
    /// where the group would begin.
    ///
    /// Negative where more is committed than the log has, as after a topic was made anew.
    public static func of(committed: Int64?, logStart: Int64?, end: Int64?) -> Int64? {
        guard let end, let next = committed ?? logStart else { return nil }
        return end - next
    }

    /// Of several partitions together; nil where one of them is not known, or there is none.
    public static func sum(_ lags: some Sequence<Int64?>) -> Int64? {
        var sum: Int64?
        for lag in lags {
            guard let lag else { return nil }
            sum = (sum ?? 0) + lag
        }
        return sum
    }
}

extension TopicRecords {
    /// The sum of the partitions' lags; nil without a group, or where one of them is not known.
    public var lag: Int64? { Lag.sum(partitions.values.map(\.lag)) }
}
