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
