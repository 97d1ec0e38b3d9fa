internal import KrunWire

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
