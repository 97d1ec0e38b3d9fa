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

    /// The requests of the group that wait for their answers, in the order of the members.
    package func waitingTokens(ofGroup group: String) -> [ReplyToken] {
        groups[group]?.orderedMembers.flatMap { [$0.awaitingJoin, $0.awaitingSync].compactMap(\.self) } ?? []
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
