/// Where a leader epoch ended, as OffsetForLeaderEpoch answers it.
package struct LogEpochEnd: Equatable, Sendable {
    /// The greatest epoch in the log at or below the one asked for; -1 when unknown.
    package var leaderEpoch: Int32
    /// One after its last record; -1 when unknown.
    package var endOffset: Int64

    package init(leaderEpoch: Int32, endOffset: Int64) {
        self.leaderEpoch = leaderEpoch
        self.endOffset = endOffset
    }
}
