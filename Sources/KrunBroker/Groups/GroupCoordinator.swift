internal import KrunNames
package import KrunWire

/// All groups of the cluster, and what every broker that coordinates some of them answers.
///
/// A pure function of what it is given: it is told the time with each request, and is to be called at `nextDeadline`.
/// Only groups of the classic protocol are known.
package struct GroupCoordinator: Sendable {
    package let configuration: GroupConfiguration
    /// Gives a text that no member id of the cluster ended with before.
    private let uniqueText: @Sendable () -> String
    private var groups = NameMap<Group>()
    /// When something is due in a group.
    private var deadlines = DeadlineQueue<ExactName>()
    /// The groups in which offsets wait for the end of a producer's transaction.
    private var openTransactions: [Int64: Set<ExactName>] = [:]
    /// When offsets are next looked through for expired ones; nil while there are no groups.
    private var nextRetentionCheck: Duration?
    /// About how many bytes all groups take.
    package private(set) var heldBytes = 0

    package init(configuration: GroupConfiguration = GroupConfiguration(), uniqueText: @escaping @Sendable () -> String)
    {
        self.configuration = configuration
        self.uniqueText = uniqueText
    }

    // MARK: Time

    /// When `expire` has something to do, as uptime; nil when it never has.
    package var nextDeadline: Duration? {
        switch (deadlines.next, nextRetentionCheck) {
        case (let a?, let b?): min(a, b)
        case (let a, let b): a ?? b
        }
    }

    /// Does all that is due: ends join phases, removes members that were not heard of, forgets old offsets.
    package mutating func expire(now: Now) -> [GroupAction] {
        var actions: [GroupAction] = []
        while let groupId = deadlines.popDue(at: now.uptime) {
            actions += step(groupId.text, now) { group, step in _ = group.expireNext(&step) }?.actions ?? []
        }
        if let due = nextRetentionCheck, due <= now.uptime {
            actions += expireOffsets(now: now)
            nextRetentionCheck = groups.isEmpty ? nil : now.uptime + configuration.offsetsRetentionCheckInterval
        }
        return actions
    }

    // MARK: Membership

    /// Takes a JoinGroup request; its answer is among the actions of this or a later step.
    package mutating func join(_ request: JoinRequest, now: Now) -> [GroupAction] {
        func refuse(_ error: ErrorCode) -> [GroupAction] {
            [.answerJoin(request.token, JoinAnswer(error: error, memberId: request.memberId))]
        }
        guard !request.groupId.isEmpty else { return refuse(.invalidGroupId) }
        let bounds =
            configuration.minSessionTimeout...max(configuration.minSessionTimeout, configuration.maxSessionTimeout)
        guard bounds.contains(request.sessionTimeout) else { return refuse(.invalidSessionTimeout) }
        let size = request.protocols.reduce(0) { $0 + $1.heldBytes }
        // Kafka finds out when it keeps the generation, with the same error.
        guard size <= configuration.maximumRecordBytes else { return refuse(.unknownServerError) }
        guard hasRoom(for: size) else { return refuse(.coordinatorNotAvailable) }
        if request.memberId.isEmpty { createGroup(request.groupId, now: now) }
        let uniqueText = uniqueText
        let done = step(request.groupId, now) { group, step in
            group.join(request, uniqueText: uniqueText, &step)
        }
        return done?.actions ?? refuse(.unknownMemberId)
    }

    /// Takes a SyncGroup request; its answer is among the actions of this or a later step.
    package mutating func sync(_ request: SyncRequest, now: Now) -> [GroupAction] {
        func refuse(_ error: ErrorCode) -> [GroupAction] { [.answerSync(request.token, SyncAnswer(error: error))] }
        guard !request.groupId.isEmpty else { return refuse(.invalidGroupId) }
        let done = step(request.groupId, now) { group, step in group.sync(request, &step) }
        return done?.actions ?? refuse(.unknownMemberId)
    }

    package mutating func heartbeat(_ request: MemberHeartbeat, now: Now) -> ErrorCode {
        guard !request.groupId.isEmpty else { return .invalidGroupId }
        return step(request.groupId, now) { group, step in group.heartbeat(request, &step) }?.result ?? .unknownMemberId
    }

    package mutating func leave(
        _ request: LeaveRequest, now: Now
    ) -> (answer: LeaveAnswer, actions: [GroupAction]) {
        guard !request.groupId.isEmpty else { return (LeaveAnswer(error: .invalidGroupId), []) }
        guard let done = step(request.groupId, now, { $0.leave(request.members, &$1) }) else {
            let members = request.members.map {
                LeaveAnswer.Member(memberId: $0.memberId, instanceId: $0.instanceId, error: .unknownMemberId)
            }
            return (LeaveAnswer(error: .none, members: members), [])
        }
        return (LeaveAnswer(error: .none, members: done.result), done.actions)
    }

    /// Removes a member as if its session had ended, whatever it waits for; does nothing when there is no such member.
    package mutating func expelMember(group: String, memberId: String, now: Now) -> [GroupAction] {
        step(group, now) { $0.expel(memberId, why: .expelled, &$1) }?.actions ?? []
    }

    /// Answers the group's waiting requests with `NOT_COORDINATOR`, as when another broker takes over.
    ///
    /// The members stay, and are to come back within their session timeouts and what is left of the rebalance.
    package mutating func abortPending(group: String, now: Now) -> [GroupAction] {
        step(group, now) { $0.abortPending(&$1) }?.actions ?? []
    }

    /// Whether so many bytes more can be kept, with a group for them.
    func hasRoom(for bytes: Int) -> Bool { heldBytes + bytes + 1024 <= configuration.memoryLimit }

    // MARK: Groups

    /// The group, to look at.
    subscript(groupId: String) -> Group? { groups[groupId] }

    /// In order.
    package var groupIds: [String] { groups.keys.sorted() }

    /// Makes the group unless there is one.
    mutating func createGroup(_ groupId: String, now: Now) {
        guard groups[groupId] == nil else { return }
        let group = Group(id: groupId, now: now)
        groups[groupId] = group
        heldBytes += group.heldBytes
        if nextRetentionCheck == nil {
            nextRetentionCheck = now.uptime + configuration.offsetsRetentionCheckInterval
        }
    }

    mutating func removeGroup(_ groupId: String) {
        heldBytes -= groups[groupId]?.heldBytes ?? 0
        groups[groupId] = nil
        deadlines.remove(ExactName(groupId))
        if groups.isEmpty { nextRetentionCheck = nil }
    }

    /// Has a group do something, and keeps the time it is next due; nil when there is no such group.
    mutating func step<Result>(
        _ groupId: String, _ now: Now, _ body: (inout Group, inout GroupStep) -> Result
    ) -> (result: Result, actions: [GroupAction])? {
        guard let index = groups.index(forKey: groupId) else { return nil }
        var step = GroupStep(now: now, configuration: configuration)
        let before = groups.values[index].heldBytes
        let result = body(&groups.values[index], &step)
        heldBytes += groups.values[index].heldBytes - before
        let due = groups.values[index].timers.next
        let name = ExactName(groupId)
        if due != deadlines.deadline(of: name) { deadlines.set(name, to: due) }
        return (result, step.actions)
    }

    /// Remembers that offsets of the group wait for the end of the producer's transaction.
    mutating func openTransaction(of producerId: Int64, in groupId: String) {
        openTransactions[producerId, default: []].insert(ExactName(groupId))
    }

    /// The groups with offsets that wait for the producer's transaction, in order, which is over now.
    mutating func closeTransaction(of producerId: Int64) -> [String] {
        (openTransactions.removeValue(forKey: producerId) ?? []).sorted().map(\.text)
    }
}

/// What a broker's configuration says of groups, by Kafka's names and with Kafka's defaults where no other is given.
package struct GroupConfiguration: Equatable, Sendable {
    /// `group.initial.rebalance.delay.ms`: how long the first rebalance of an empty group waits for more members.
    /// Kafka's is 3 s.
    package var initialRebalanceDelay: Duration = .milliseconds(20)
    /// `group.min.session.timeout.ms`. Kafka allows no less than 6 s.
    package var minSessionTimeout: Duration = .milliseconds(1)
    /// `group.max.session.timeout.ms`.
    package var maxSessionTimeout: Duration = .seconds(30 * 60)
    /// `group.max.size`: members of one group.
    package var maxSize = Int(Int32.max)
    /// How long a member that has not been told its generation yet may wait; Kafka has no setting for it.
    package var newMemberJoinTimeout: Duration = .seconds(5 * 60)
    /// `offset.metadata.max.bytes`. Kafka counts characters (UTF-16 units), whatever the name says, and so do we.
    package var offsetMetadataMaxSize = 4096
    /// `message.max.bytes`: Kafka keeps what the members of a generation said and were assigned as one record, which can be no larger.
    package var maximumRecordBytes = 1_048_588
    /// How many bytes all groups together may take; Kafka keeps them on disk and in a memory that it does not bound.
    package var memoryLimit = 512 << 20
    /// `offsets.retention.minutes`.
    package var offsetsRetention: Duration = .seconds(7 * 24 * 60 * 60)
    /// `offsets.retention.check.interval.ms`.
    package var offsetsRetentionCheckInterval: Duration = .seconds(10 * 60)

    package init() {}
}

// MARK: - Administration

extension GroupCoordinator {
    /// Describes groups, in the order asked for.
    ///
    /// A group that does not exist is dead; from DescribeGroups v6 on, that is `GROUP_ID_NOT_FOUND` too (KIP-1043).
    package func describe(groups groupIds: [String], knowsGroupIdNotFound: Bool) -> [GroupSummary] {
        groupIds.map { groupId in
            self[groupId]?.description
                ?? GroupSummary(
                    error: knowsGroupIdNotFound ? .groupIdNotFound : .none, groupId: groupId, state: .dead)
        }
    }

    /// The groups in one of the states and of one of the types, in order of their ids; an empty filter lets all pass.
    ///
    /// States (v4 and later) and types (v5 and later) are compared without regard to case, as Kafka does.
    package func list(states: [String] = [], types: [String] = []) -> [GroupOverview] {
        let states = Set(states.map { $0.lowercased() })
        guard types.isEmpty || types.contains(where: { $0.lowercased() == "classic" }) else { return [] }
        return groupIds.compactMap { self[$0] }
            .filter { states.isEmpty || states.contains($0.state.rawValue.lowercased()) }
            .map { GroupOverview(groupId: $0.id, protocolType: $0.protocolType ?? "", state: $0.state) }
    }

    /// Deletes groups and their offsets; an error for each, in the order asked for.
    package mutating func delete(
        groups groupIds: [String], now: Now
    ) -> (errors: [ErrorCode], actions: [GroupAction]) {
        var errors: [ErrorCode] = []
        var actions: [GroupAction] = []
        for groupId in groupIds {
            switch self[groupId]?.state ?? .dead {
            case .dead: errors.append(.groupIdNotFound)
            case .preparingRebalance, .completingRebalance, .stable: errors.append(.nonEmptyGroup)
            case .empty:
                removeGroup(groupId)
                errors.append(.none)
                actions.append(.event(.groupDeleted(group: groupId)))
            }
        }
        return (errors, actions)
    }
}

// MARK: - Offsets

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
        let size = request.offsets.reduce(0) {
            $0 + GroupOffsetTable.heldBytes(of: $1.partition, metadata: $1.metadata)
        }
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
        let offsets = self[groupId]?.offsets ?? GroupOffsetTable()
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
