package import KrunWire

extension GroupCoordinator {
    /// Handles an OffsetCommit request; an error for each partition, in order.
    ///
    /// What is wrong with topics is the caller's to judge, before.
    package mutating func commit(
        _ request: CommitRequest, now: Now
    ) -> (errors: [ErrorCode], actions: [GroupAction]) {
        guard hasRoom(for: request) else { return (request.offsets.map { _ in .coordinatorNotAvailable }, []) }
        // A client that is no member may commit, and so make a group that only keeps offsets. It may have an empty id.
        if request.generation < 0 { createGroup(request.groupId, now: now) }
        let done = step(request.groupId, now) { group, step in
            group.commit(request, producerId: nil, &step)
        }
        let unknownGroup: ErrorCode = request.knowsGroupIdNotFound ? .groupIdNotFound : .illegalGeneration
        return done.map { ($0.result, $0.actions) } ?? (request.offsets.map { _ in unknownGroup }, [])
    }

    /// Handles a TxnOffsetCommit request; an error for each partition, in order.
    ///
    /// The offsets wait for `completeTransaction`. Whether the producer has a transaction is the caller's to judge.
    package mutating func commitTransactional(
        _ request: CommitRequest, producerId: Int64, now: Now
    ) -> (errors: [ErrorCode], actions: [GroupAction]) {
        func refuse(_ error: ErrorCode) -> [ErrorCode] { request.offsets.map { _ in error } }
        guard !request.groupId.isEmpty else { return (refuse(.invalidGroupId), []) }
        guard hasRoom(for: request) else { return (refuse(.coordinatorNotAvailable), []) }
        if request.generation < 0 { createGroup(request.groupId, now: now) }
        let done = step(request.groupId, now) { group, step in
            group.commit(request, producerId: producerId, &step)
        }
        guard let done else { return (refuse(.illegalGeneration), []) }
        if done.result.contains(.none) { openTransaction(of: producerId, in: request.groupId) }
        return (done.result, done.actions)
    }

    private func hasRoom(for request: CommitRequest) -> Bool {
        let size = request.offsets.reduce(0) { $0 + GroupOffsets.heldBytes(of: $1.partition, metadata: $1.metadata) }
        return hasRoom(for: size)
    }

    /// Ends the producer's transaction in all groups: its offsets are applied or forgotten.
    package mutating func completeTransaction(producerId: Int64, commit: Bool, now: Now) -> [GroupAction] {
        var actions: [GroupAction] = []
        for groupId in closeTransaction(of: producerId) {
            actions += step(groupId, now) { $0.completeTransaction(of: producerId, commit: commit, &$1) }?.actions ?? []
        }
        return actions
    }

    /// What the group committed for the partitions, or, with nil, for all it has offsets of, in order.
    package func fetchOffsets(
        group groupId: String, partitions: [GroupPartition]?, requireStable: Bool
    ) -> [FetchedOffset] {
        let offsets = self[groupId]?.offsets ?? GroupOffsets()
        return (partitions ?? offsets.partitions).map { partition in
            requireStable && offsets.isUnstable(partition)
                ? FetchedOffset(partition: partition, error: .unstableOffsetCommit)
                : FetchedOffset(partition: partition, committed: offsets[partition])
        }
    }

    /// Handles an OffsetDelete request.
    package mutating func deleteOffsets(
        group groupId: String, partitions: [GroupPartition], now: Now
    ) -> (answer: OffsetDeletionAnswer, actions: [GroupAction]) {
        guard !groupId.isEmpty else { return (OffsetDeletionAnswer(error: .invalidGroupId), []) }
        let done = step(groupId, now) { $0.deleteOffsets(partitions, &$1) }
        return done.map { ($0.result, $0.actions) } ?? (OffsetDeletionAnswer(error: .groupIdNotFound), [])
    }

    /// Forgets all groups' offsets of a topic that is no more.
    package mutating func deleteOffsets(ofTopic topic: String, now: Now) -> [GroupAction] {
        groupIds.flatMap { groupId in
            step(groupId, now) { $0.deleteOffsets(ofTopic: topic, &$1) }?.actions ?? []
        }
    }

    /// Forgets offsets whose retention time is over, and empty groups with which nothing is left.
    mutating func expireOffsets(now: Now) -> [GroupAction] {
        var actions: [GroupAction] = []
        for groupId in groupIds {
            guard let done = step(groupId, now, { $0.expireOffsets(&$1) }) else { continue }
            actions += done.actions
            guard done.result else { continue }
            removeGroup(groupId)
            actions.append(.event(.groupDeleted(group: groupId)))
        }
        return actions
    }
}
