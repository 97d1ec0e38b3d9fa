internal import KrunWire

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
