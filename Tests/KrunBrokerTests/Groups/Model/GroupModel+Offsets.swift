import KrunWire

@testable import KrunBroker

extension GroupModel {
    mutating func commit(_ r: CommitRequest, producer: Int64?) -> [ErrorCode] {
        func all(_ error: ErrorCode) -> [ErrorCode] { r.offsets.map { _ in error } }
        if producer != nil, r.groupId.isEmpty { return all(.invalidGroupId) }
        if r.generation < 0 { create(r.groupId) }
        guard var g = groups[r.groupId] else {
            return all(producer == nil && r.knowsGroupIdNotFound ? .groupIdNotFound : .illegalGeneration)
        }
        if r.generation >= 0 || g.phase != .empty {
            let isNamed = r.generation >= 0 || !r.memberId.isEmpty || r.instanceId != nil
            if isNamed {
                if let error = g.wrong(r.memberId, r.instanceId) { return all(error) }
                if r.generation != g.generation { return all(.illegalGeneration) }
            }
            if producer == nil {
                if !isNamed { return all(.unknownMemberId) }
                if g.phase == .completingRebalance { return all(.rebalanceInProgress) }
                g.sessions[r.memberId] = ModelGroup.Due(
                    at: now.uptime + g.member(r.memberId)!.session, order: order())
            }
        }
        let errors = r.offsets.map { offset -> ErrorCode in
            if (offset.metadata ?? "").utf16.count > configuration.offsetMetadataMaxSize {
                return .offsetMetadataTooLarge
            }
            let stored = ModelGroup.Offset(
                committed: CommittedOffset(
                    offset: offset.offset, leaderEpoch: offset.leaderEpoch, metadata: offset.metadata ?? "",
                    commitTimestamp: offset.timestamp ?? now.wallMilliseconds,
                    expireTimestamp: r.retentionMilliseconds.map { now.wallMilliseconds + $0 }), order: order())
            if let producer {
                g.pending.removeAll { $0.producer == producer && $0.partition == offset.partition }
                g.pending.append(.init(producer: producer, partition: offset.partition, offset: stored))
            } else {
                g.committed[offset.partition] = stored
            }
            return .none
        }
        if let producer, errors.contains(.none) { g.producers.insert(producer) }
        groups[r.groupId] = g
        return errors
    }

    mutating func endTransaction(of producer: Int64, commit: Bool) {
        for name in groups.keys {
            for pending in groups[name]!.pending where pending.producer == producer && commit {
                if let present = groups[name]!.committed[pending.partition], present.order > pending.offset.order {
                    continue
                }
                groups[name]!.committed[pending.partition] = pending.offset
            }
            groups[name]!.pending.removeAll { $0.producer == producer }
            groups[name]!.producers.remove(producer)
        }
    }

    func fetchAll(_ name: String, stable: Bool) -> [FetchedOffset] {
        guard let g = groups[name] else { return [] }
        return g.committed.keys.sorted().map { partition in
            stable && g.isOpen(partition)
                ? FetchedOffset(partition: partition, error: .unstableOffsetCommit)
                : FetchedOffset(partition: partition, committed: g.committed[partition]!.committed)
        }
    }

    mutating func deleteOffsets(_ name: String, _ partitions: [GroupPartition]) -> OffsetDeletionAnswer {
        if name.isEmpty { return OffsetDeletionAnswer(error: .invalidGroupId) }
        guard let g = groups[name] else { return OffsetDeletionAnswer(error: .groupIdNotFound) }
        if g.phase != .empty, g.type != "consumer" { return OffsetDeletionAnswer(error: .nonEmptyGroup) }
        for partition in partitions where !g.reads(partition.topic) { forget(name) { $0 == partition } }
        return OffsetDeletionAnswer(
            error: .none, partitions: partitions.map { g.reads($0.topic) ? .groupSubscribedToTopic : .none })
    }

    mutating func deleteTopic(_ topic: String) {
        for name in groups.keys { forget(name) { $0.topic == topic } }
    }

    private mutating func forget(_ name: String, _ which: (GroupPartition) -> Bool) {
        groups[name]!.committed = groups[name]!.committed.filter { !which($0.key) }
        groups[name]!.pending.removeAll { which($0.partition) }
    }

    mutating func deleteGroup(_ name: String) -> ErrorCode {
        guard let g = groups[name] else { return .groupIdNotFound }
        if g.phase != .empty { return .nonEmptyGroup }
        delete(name)
        return .none
    }

    mutating func checkOffsets() {
        for (name, g) in groups {
            let old = g.committed.filter { partition, offset in
                if g.reads(partition.topic) || g.isOpen(partition) { return false }
                let since: Int64? =
                    switch g.phase {
                    case .empty: g.type == nil ? offset.committed.commitTimestamp : g.since
                    case .stable: g.type == "consumer" && g.topics != nil ? offset.committed.commitTimestamp : nil
                    default: nil
                    }
                guard let since else { return false }
                if let end = offset.committed.expireTimestamp { return now.wallMilliseconds >= end }
                return .milliseconds(now.wallMilliseconds - since) >= configuration.offsetsRetention
            }
            for partition in old.keys { groups[name]!.committed[partition] = nil }
            let left = groups[name]!
            if left.phase == .empty, left.committed.isEmpty, left.producers.isEmpty, left.told.isEmpty {
                groups[name] = nil
            }
        }
    }

    func describe(_ name: String) -> GroupSummary {
        guard let g = groups[name] else { return GroupSummary(groupId: name, state: .dead) }
        let isStable = g.phase == .stable
        return GroupSummary(
            groupId: name, state: g.phase, protocolType: g.type ?? "", protocolName: isStable ? g.assignor! : "",
            members: g.members.map { member in
                .init(
                    memberId: member.id, instanceId: member.instance, clientId: member.client, clientHost: "host",
                    metadata: isStable ? member.protocols.first { $0.name == g.assignor }!.metadata : [],
                    assignment: member.assignment)
            })
    }

    func waiting(_ name: String) -> [ReplyToken] {
        groups[name]?.members.flatMap { [$0.join, $0.sync].compactMap(\.self) } ?? []
    }
}
