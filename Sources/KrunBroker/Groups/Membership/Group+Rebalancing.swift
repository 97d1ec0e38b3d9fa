internal import KrunWire

extension Group {
    /// Enters a state and tells so.
    mutating func enter(_ new: GroupState, _ step: inout GroupStep) {
        let old = state
        state = new
        stateSince = step.now.wallMilliseconds
        step.tell(.stateChanged(group: id, from: old, to: new, generation: generation))
    }

    /// Starts a rebalance, or, when one is under way, ends its join phase if all have joined.
    mutating func rebalanceOrComplete(_ cause: RebalanceCause, _ step: inout GroupStep) {
        if state == .preparingRebalance {
            completeJoinIfAllJoined(&step)
        } else {
            prepareRebalance(cause, &step)
        }
    }

    /// Starts the join phase: members are to join again before the rebalance timeout.
    mutating func prepareRebalance(_ cause: RebalanceCause, _ step: inout GroupStep) {
        if state == .completingRebalance {
            for memberId in memberOrder { setAssignment([], of: memberId) }
            answerSyncs(error: .rebalanceInProgress, &step)
        }
        pendingSync = []
        timers.remove(.sync)
        let isInitial = state == .empty
        step.tell(.rebalanceStarted(group: id, generation: generation, cause: cause))
        enter(.preparingRebalance, &step)
        if isInitial {
            let delay = step.configuration.initialRebalanceDelay
            initialDelay = InitialDelay(delay: delay, remaining: max(rebalanceTimeout - delay, .zero))
            timers.set(.join, to: step.now.uptime + delay)
        } else if haveAllJoined {
            completeJoin(&step)
        } else {
            timers.set(.join, to: step.now.uptime + rebalanceTimeout)
        }
    }

    /// Ends the join phase as soon as every member, also one that was only told its id, has joined; the first rebalance
    /// of an empty group ends by time.
    mutating func completeJoinIfAllJoined(_ step: inout GroupStep) {
        guard state == .preparingRebalance, initialDelay == nil, haveAllJoined else { return }
        completeJoin(&step)
    }

    /// The time of the join phase is over, or may be extended for an empty group that members keep coming to.
    mutating func joinTimerFired(_ step: inout GroupStep) {
        guard state == .preparingRebalance else { return }
        guard let initial = initialDelay, initial.memberAdded, initial.remaining > .zero else {
            completeJoin(&step)
            return
        }
        let delay = min(step.configuration.initialRebalanceDelay, initial.remaining)
        initialDelay = InitialDelay(delay: delay, remaining: max(initial.remaining - initial.delay, .zero))
        timers.set(.join, to: step.now.uptime + delay)
    }

    /// Ends the join phase with the members that have joined, and tells them the next generation.
    private mutating func completeJoin(_ step: inout GroupStep) {
        timers.remove(.join)
        initialDelay = nil
        // A static member that is away keeps its place until its session ends (KIP-345).
        for member in orderedMembers where member.awaitingJoin == nil && !member.isStatic {
            takeOut(member.memberId, why: .didNotRejoin, &step)
        }
        guard members.isEmpty || electJoinedLeader() else {
            // At least a moment, or a rebalance timeout of nothing would come due for ever.
            timers.set(.join, to: step.now.uptime + max(rebalanceTimeout, .milliseconds(1)))
            return
        }
        generation = generation == .max ? 1 : generation + 1
        pendingSync = []
        protocolName = selectProtocol()
        subscribedTopics = computeSubscribedTopics()
        guard let protocolName else {
            enter(.empty, &step)
            return
        }
        enter(.completingRebalance, &step)
        step.tell(
            .generationStarted(
                group: id, generation: generation, assignor: protocolName, leader: leader ?? "", members: memberOrder))
        for memberId in memberOrder {
            answerJoin(of: memberId, joinAnswer(for: memberId), &step)
            resetSession(of: memberId, &step)
            setKnowing(memberId)
            pendingSync.insert(memberId)
        }
        timers.set(.sync, to: step.now.uptime + rebalanceTimeout)
    }

    /// Sees to it that the leader is a member that joined; false when none did.
    private mutating func electJoinedLeader() -> Bool {
        if let leader, members[leader]?.awaitingJoin != nil { return true }
        guard let joined = memberOrder.first(where: { members[$0]?.awaitingJoin != nil }) else { return false }
        leader = joined
        return true
    }

    // MARK: Answers

    /// Answers the JoinGroup request of a member that has one waiting.
    mutating func answerJoin(of memberId: String, _ answer: JoinAnswer, _ step: inout GroupStep) {
        guard let token = members[memberId]?.awaitingJoin else { return }
        setAwaitingJoin(nil, of: memberId)
        step.answer(token, answer)
    }

    /// Answers the SyncGroup request of a member that has one waiting; false when it has none.
    @discardableResult
    mutating func answerSync(of memberId: String, _ answer: SyncAnswer, _ step: inout GroupStep)
        -> Bool
    {
        guard let token = members[memberId]?.awaitingSync else { return false }
        setAwaitingSync(nil, of: memberId)
        step.answer(token, answer)
        return true
    }

    /// Answers every SyncGroup request that waits, with the member's assignment if nothing is wrong.
    mutating func answerSyncs(error: ErrorCode, _ step: inout GroupStep) {
        for member in orderedMembers where member.awaitingSync != nil {
            let answer =
                error != .none
                ? SyncAnswer(error: error)
                : SyncAnswer(
                    error: .none, protocolType: protocolType, protocolName: protocolName, assignment: member.assignment)
            answerSync(of: member.memberId, answer, &step)
            // Its session was not judged while it waited.
            resetSession(of: member.memberId, &step)
        }
    }

    /// Gives a member its whole session timeout from now.
    mutating func resetSession(of memberId: String, _ step: inout GroupStep) {
        guard let member = members[memberId] else { return }
        timers.set(.session(memberId: memberId), to: step.now.uptime + member.sessionTimeout)
    }
}

// MARK: - Syncing

extension Group {
    mutating func sync(_ request: SyncRequest, _ step: inout GroupStep) {
        if let error = errorOfSync(request) {
            step.answer(request.token, SyncAnswer(error: error))
            return
        }
        pendingSync.remove(request.memberId)
        if pendingSync.isEmpty { timers.remove(.sync) }
        guard state == .completingRebalance else {
            step.answer(
                request.token,
                SyncAnswer(
                    error: .none, protocolType: protocolType, protocolName: protocolName,
                    assignment: members[request.memberId]?.assignment ?? []))
            resetSession(of: request.memberId, &step)
            return
        }
        // Kafka forgets the former request, and its client waits for its own timeout.
        answerSync(of: request.memberId, SyncAnswer(error: .rebalanceInProgress), &step)
        setAwaitingSync(request.token, of: request.memberId)
        if isLeader(request.memberId) { assign(request.assignments, &step) }
    }

    private func errorOfSync(_ request: SyncRequest) -> ErrorCode? {
        if state == .empty || state == .dead { return .unknownMemberId }
        if let error = errorOfMember(request.memberId, instanceId: request.instanceId) { return error }
        if request.generation != generation { return .illegalGeneration }
        if let type = request.protocolType, let protocolType, type != protocolType { return .inconsistentGroupProtocol }
        if let name = request.protocolName, let protocolName, name != protocolName { return .inconsistentGroupProtocol }
        return state == .preparingRebalance ? .rebalanceInProgress : nil
    }

    /// Passes the leader's assignments on; a member the leader left out gets an empty one.
    private mutating func assign(_ assignments: [SyncRequest.Assignment], _ step: inout GroupStep) {
        guard recordBytes(assignments) <= step.configuration.maximumRecordBytes else {
            answerSyncs(error: .unknownServerError, &step)
            prepareRebalance(.assignmentTooLarge(memberId: leader ?? ""), &step)
            return
        }
        for memberId in memberOrder { setAssignment([], of: memberId) }
        for assignment in assignments { setAssignment(assignment.assignment, of: assignment.memberId) }
        step.tell(
            .assigned(
                group: id, generation: generation,
                assignments: orderedMembers.map { .init(memberId: $0.memberId, assignment: $0.assignment) }))
        answerSyncs(error: .none, &step)
        enter(.stable, &step)
    }

    /// About how large the record is that Kafka keeps of a generation.
    private func recordBytes(_ assignments: [SyncRequest.Assignment]) -> Int {
        let described = members.values.reduce(0) { sum, member in
            sum + member.memberId.utf8.count + (member.instanceId?.utf8.count ?? 0) + member.clientId.utf8.count
                + member.clientHost.utf8.count + member.metadata(of: protocolName).count
        }
        return assignments.reduce(described) { $0 + $1.assignment.count }
    }

    /// Members that have not sent SyncGroup by now are removed, and the others rebalance (KAFKA-12890).
    mutating func syncTimerFired(_ step: inout GroupStep) {
        guard state == .completingRebalance || state == .stable, !pendingSync.isEmpty else { return }
        let late = memberOrder.filter { pendingSync.contains($0) }
        for memberId in late { takeOut(memberId, why: .didNotSync, &step) }
        prepareRebalance(.membersRemoved(memberIds: late, why: .didNotSync), &step)
    }
}
