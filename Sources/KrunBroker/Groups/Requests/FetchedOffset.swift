package import KrunWire

/// What an OffsetFetch request is told of a partition.
package struct FetchedOffset: Equatable, Sendable {
    package var partition: GroupPartition
    /// `UNSTABLE_OFFSET_COMMIT` when a stable offset was required and a transaction is open.
    package var error: ErrorCode
    /// Nil when nothing was committed, or of an error: on the wire, offset -1, leader epoch -1 and no metadata.
    package var committed: CommittedOffset?

    package init(partition: GroupPartition, error: ErrorCode = .none, committed: CommittedOffset? = nil) {
        self.partition = partition
        self.error = error
        self.committed = committed
    }
}
