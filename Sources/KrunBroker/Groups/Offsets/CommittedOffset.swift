/// The offset a group goes on from, as it was committed.
package struct CommittedOffset: Equatable, Sendable {
    package var offset: Int64
    /// Of the last record consumed (KIP-320); nil when the client did not say.
    package var leaderEpoch: Int32?
    package var metadata: String
    /// Milliseconds since 1970.
    package var commitTimestamp: Int64
    /// Milliseconds since 1970, when the client asked for a retention time of its own (OffsetCommit v2 to v4).
    package var expireTimestamp: Int64?

    package init(
        offset: Int64, leaderEpoch: Int32? = nil, metadata: String = "", commitTimestamp: Int64,
        expireTimestamp: Int64? = nil
    ) {
        self.offset = offset
        self.leaderEpoch = leaderEpoch
        self.metadata = metadata
        self.commitTimestamp = commitTimestamp
        self.expireTimestamp = expireTimestamp
    }
}
