internal import KrunWire

/// The offsets of one group: those committed, and those that wait for the end of a transaction.
struct GroupOffsetTable: Sendable {
    /// An offset and its place among all commits, as the position in `__consumer_offsets` is in Kafka.
    private struct Entry: Sendable {
        var committed: CommittedOffset
        var sequence: UInt64
    }

    /// About how many bytes all offsets take.
    private(set) var heldBytes = 0

    private var committed: [GroupPartition: Entry] = [:]
    /// By producer id.
    private var pending: [Int64: [GroupPartition: Entry]] = [:]
    private var sequence: UInt64 = 0

    init() {}

    var isEmpty: Bool { committed.isEmpty && pending.isEmpty }
    /// In order.
    var partitions: [GroupPartition] { committed.keys.sorted() }

    subscript(partition: GroupPartition) -> CommittedOffset? { committed[partition]?.committed }

    /// Whether a transaction may still change the partition's offset.
    func isUnstable(_ partition: GroupPartition) -> Bool {
        pending.values.contains { $0[partition] != nil }
    }

    mutating func commit(_ offset: CommittedPartition) {
        sequence &+= 1
        let entry = Entry(committed: offset.committed, sequence: sequence)
        count(offset.partition, entry, replacing: committed.updateValue(entry, forKey: offset.partition))
    }

    mutating func commit(_ offset: CommittedPartition, producerId: Int64) {
        sequence &+= 1
        let entry = Entry(committed: offset.committed, sequence: sequence)
        let before = pending[producerId, default: [:]].updateValue(entry, forKey: offset.partition)
        count(offset.partition, entry, replacing: before)
    }

    /// Applies what waits for a transaction of the producer; what was committed since stays. In order.
    mutating func applyPending(of producerId: Int64) -> [CommittedPartition] {
        var applied: [CommittedPartition] = []
        for (partition, entry) in pending.removeValue(forKey: producerId) ?? [:] {
            count(partition, nil, replacing: entry)
            if let present = committed[partition], present.sequence > entry.sequence { continue }
            count(partition, entry, replacing: committed.updateValue(entry, forKey: partition))
            applied.append(CommittedPartition(partition: partition, committed: entry.committed))
        }
        return applied.sorted { $0.partition < $1.partition }
    }

    /// Forgets what waits for a transaction of the producer. In order.
    mutating func dropPending(of producerId: Int64) -> [GroupPartition] {
        let dropped = pending.removeValue(forKey: producerId) ?? [:]
        for (partition, entry) in dropped { count(partition, nil, replacing: entry) }
        return dropped.keys.sorted()
    }

    /// Forgets the partition's offset and what waits to become it; false when there was neither.
    @discardableResult
    mutating func remove(_ partition: GroupPartition) -> Bool {
        var removed = [committed.removeValue(forKey: partition)]
        for producerId in pending.keys { removed.append(pending[producerId]?.removeValue(forKey: partition)) }
        for entry in removed { count(partition, nil, replacing: entry) }
        return removed.contains { $0 != nil }
    }

    private mutating func count(_ partition: GroupPartition, _ new: Entry?, replacing old: Entry?) {
        for (entry, sign) in [(new, 1), (old, -1)] {
            guard let entry else { continue }
            heldBytes += sign * Self.heldBytes(of: partition, metadata: entry.committed.metadata)
        }
    }

    /// About how many bytes one of them takes.
    static func heldBytes(of partition: GroupPartition, metadata: String?) -> Int {
        partition.topic.utf8.count + (metadata?.utf8.count ?? 0) + 96
    }

    /// Forgets the offsets of all partitions of a topic. In order.
    mutating func remove(topic: String) -> [GroupPartition] {
        let partitions = Set(committed.keys).union(pending.values.flatMap(\.keys)).filter { $0.topic == topic }.sorted()
        for partition in partitions { remove(partition) }
        return partitions
    }
}

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

/// A partition with the offset committed for it.
package struct CommittedPartition: Equatable, Sendable {
    package var partition: GroupPartition
    package var committed: CommittedOffset

    package init(partition: GroupPartition, committed: CommittedOffset) {
        self.partition = partition
        self.committed = committed
    }
}

/// A partition a group has, or may have, a committed offset of.
package struct GroupPartition: Hashable, Comparable, Sendable {
    package var topic: String
    package var partition: Int32

    package init(topic: String, partition: Int32) {
        self.topic = topic
        self.partition = partition
    }

    package static func < (a: GroupPartition, b: GroupPartition) -> Bool {
        (a.topic, a.partition) < (b.topic, b.partition)
    }
}

// MARK: - Of a group

extension Group {
    /// Commits offsets, or has them wait for the transaction of `producerId`; an error for each, in order.
    mutating func commit(_ request: CommitRequest, producerId: Int64?, _ step: inout GroupStep) -> [ErrorCode] {
        if let error = errorOfCommit(request, isTransactional: producerId != nil) {
            return request.offsets.map { _ in error }
        }
        if producerId == nil, state != .empty { resetSession(of: request.memberId, &step) }
        var stored: [CommittedPartition] = []
        let errors: [ErrorCode] = request.offsets.map { offset in
            let metadata = offset.metadata ?? ""
            guard metadata.utf16.count <= step.configuration.offsetMetadataMaxSize else {
                return .offsetMetadataTooLarge
            }
            let now = step.now.wallMilliseconds
            let committed = CommittedPartition(
                partition: offset.partition,
                committed: CommittedOffset(
                    offset: offset.offset, leaderEpoch: offset.leaderEpoch, metadata: metadata,
                    commitTimestamp: offset.timestamp ?? now,
                    expireTimestamp: request.retentionMilliseconds.map { now &+ $0 }))
            if let producerId {
                offsets.commit(committed, producerId: producerId)
            } else {
                offsets.commit(committed)
            }
            stored.append(committed)
            return .none
        }
        if stored.isEmpty { return errors }
        if let producerId {
            step.tell(
                .offsetsPending(
                    group: id, memberId: request.memberId, generation: request.generation, producerId: producerId,
                    stored))
        } else {
            step.tell(
                .offsetsCommitted(
                    group: id, memberId: request.memberId, generation: request.generation, producerId: nil, stored))
        }
        return errors
    }

    private func errorOfCommit(_ request: CommitRequest, isTransactional: Bool) -> ErrorCode? {
        // From an administrator, or a client that assigns its partitions itself.
        if request.generation < 0, state == .empty { return nil }
        if request.generation >= 0 || !request.memberId.isEmpty || request.instanceId != nil {
            if let error = errorOfMember(request.memberId, instanceId: request.instanceId) { return error }
            if request.generation != generation { return .illegalGeneration }
        } else if !isTransactional {
            return .unknownMemberId
        }
        // The member knows the generation, but not yet what it is assigned. While members rejoin, they may commit.
        return !isTransactional && state == .completingRebalance ? .rebalanceInProgress : nil
    }

    mutating func completeTransaction(of producerId: Int64, commit: Bool, _ step: inout GroupStep) {
        if commit {
            let applied = offsets.applyPending(of: producerId)
            if applied.isEmpty { return }
            step.tell(.offsetsCommitted(group: id, memberId: "", generation: -1, producerId: producerId, applied))
        } else {
            let dropped = offsets.dropPending(of: producerId)
            if dropped.isEmpty { return }
            step.tell(.offsetsDropped(group: id, producerId: producerId, dropped))
        }
    }

    mutating func deleteOffsets(_ partitions: [GroupPartition], _ step: inout GroupStep) -> OffsetDeletionAnswer {
        if state != .empty, !isConsumerGroup { return OffsetDeletionAnswer(error: .nonEmptyGroup) }
        var deleted: [GroupPartition] = []
        let errors: [ErrorCode] = partitions.map { partition in
            if isSubscribed(to: partition.topic) { return .groupSubscribedToTopic }
            if offsets.remove(partition) { deleted.append(partition) }
            return .none
        }
        if !deleted.isEmpty { step.tell(.offsetsDeleted(group: id, deleted)) }
        return OffsetDeletionAnswer(error: .none, partitions: errors)
    }

    mutating func deleteOffsets(ofTopic topic: String, _ step: inout GroupStep) {
        let deleted = offsets.remove(topic: topic)
        if !deleted.isEmpty { step.tell(.offsetsDeleted(group: id, deleted)) }
    }

    /// Forgets offsets that were kept long enough; true when nothing is left of the group (KIP-211).
    mutating func expireOffsets(_ step: inout GroupStep) -> Bool {
        let expired = offsets.partitions.filter { partition in
            guard !isSubscribed(to: partition.topic), !offsets.isUnstable(partition), let committed = offsets[partition]
            else { return false }
            return isExpired(committed, step)
        }
        for partition in expired { offsets.remove(partition) }
        if !expired.isEmpty { step.tell(.offsetsExpired(group: id, expired)) }
        // Kafka would delete the group under a member that was told its id just now.
        return state == .empty && offsets.isEmpty && pendingMembers.isEmpty
    }

    private func isExpired(_ committed: CommittedOffset, _ step: GroupStep) -> Bool {
        let since: Int64
        switch state {
        case .empty: since = protocolType == nil ? committed.commitTimestamp : stateSince
        case .stable where isConsumerGroup && subscribedTopics != nil: since = committed.commitTimestamp
        default: return false
        }
        let now = step.now.wallMilliseconds
        if let expireTimestamp = committed.expireTimestamp { return now >= expireTimestamp }
        let (age, overflow) = now.subtractingReportingOverflow(since)
        return !overflow && .milliseconds(age) >= step.configuration.offsetsRetention
    }
}
