package import KrunWire

/// An OffsetCommit request, of any version, or a TxnOffsetCommit request.
package struct CommitRequest: Equatable, Sendable {
    package struct Offset: Equatable, Sendable {
        package var partition: GroupPartition
        package var offset: Int64
        /// Nil where the wire says -1.
        package var leaderEpoch: Int32?
        package var metadata: String?
        /// Milliseconds since 1970, in v1 only; nil where the wire says -1.
        package var timestamp: Int64?

        package init(
            partition: GroupPartition, offset: Int64, leaderEpoch: Int32? = nil, metadata: String? = nil,
            timestamp: Int64? = nil
        ) {
            self.partition = partition
            self.offset = offset
            self.leaderEpoch = leaderEpoch
            self.metadata = metadata
            self.timestamp = timestamp
        }
    }

    package var groupId: String
    /// -1 from a client that is no member.
    package var generation: Int32
    package var memberId: String
    package var instanceId: String?
    package var offsets: [Offset]
    /// How long to keep the offsets, in v2 to v4; nil where the wire says -1.
    package var retentionMilliseconds: Int64?
    /// Whether the client knows `GROUP_ID_NOT_FOUND` here: OffsetCommit v9 and later.
    package var knowsGroupIdNotFound: Bool

    package init(
        groupId: String, generation: Int32 = -1, memberId: String = "", instanceId: String? = nil, offsets: [Offset],
        retentionMilliseconds: Int64? = nil, knowsGroupIdNotFound: Bool = true
    ) {
        self.groupId = groupId
        self.generation = generation
        self.memberId = memberId
        self.instanceId = instanceId
        self.offsets = offsets
        self.retentionMilliseconds = retentionMilliseconds
        self.knowsGroupIdNotFound = knowsGroupIdNotFound
    }
}

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

/// The answer to an OffsetDelete request.
package struct OffsetDeletionAnswer: Equatable, Sendable {
    /// Of the whole request.
    package var error: ErrorCode
    /// One for each partition asked for, in order; none when the whole request failed.
    package var partitions: [ErrorCode]

    package init(error: ErrorCode, partitions: [ErrorCode] = []) {
        self.error = error
        self.partitions = partitions
    }
}
