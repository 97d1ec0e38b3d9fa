internal import KrunNames
internal import KrunWire

extension Group {
    /// Handles a JoinGroup request whose group and session timeout have been judged.
    ///
    /// `uniqueText` is called at most once, when the member is to be given an id.
    mutating func join(_ request: JoinRequest, uniqueText: () -> String, _ step: inout GroupStep) {
        if !hasRoom(for: request.memberId, step.configuration) {
            if members[request.memberId] != nil || pendingMembers.contains(request.memberId) {
                takeOut(request.memberId, why: .groupFull, &step)
                completeJoinIfAllJoined(&step)
            }
            step.answer(request.token, JoinAnswer(error: .groupMaxSizeReached, memberId: ""))
        } else if request.memberId.isEmpty {
            joinNew(request, uniqueText: uniqueText, &step)
        } else {
            joinKnown(request, &step)
        }
    }

    /// While members rejoin, those who wait are counted, so that the last to come are the ones left out.
    private func hasRoom(for memberId: String, _ configuration: GroupConfiguration) -> Bool {
        switch state {
        case .empty, .dead: true
        case .preparingRebalance:
            members[memberId]?.awaitingJoin != nil || awaitingJoinCount < configuration.maxSize
        case .completingRebalance, .stable:
            members[memberId] != nil || members.count < configuration.maxSize
        }
    }

    private mutating func joinNew(_ request: JoinRequest, uniqueText: () -> String, _ step: inout GroupStep) {
        guard supports(protocolType: request.protocolType, protocols: request.protocols) else {
            step.answer(request.token, JoinAnswer(error: .inconsistentGroupProtocol, memberId: ""))
            return
        }
        let memberId = newMemberId(after: request.instanceId ?? request.clientId, uniqueText)
        if let instanceId = request.instanceId {
            if let oldMemberId = staticMembers[instanceId] {
                replaceStatic(oldMemberId, with: memberId, instanceId: instanceId, request, &step)
            } else {
                addAndRebalance(memberId, request, &step)
            }
        } else if request.requireKnownMemberId {
            addPending(memberId)
            timers.set(.session(memberId: memberId), to: step.now.uptime + request.sessionTimeout)
            step.tell(.memberIdGiven(group: id, memberId: memberId))
            step.answer(request.token, JoinAnswer(error: .memberIdRequired, memberId: memberId))
        } else {
            addAndRebalance(memberId, request, &step)
        }
    }

    private func newMemberId(after prefix: String, _ uniqueText: () -> String) -> String {
        let memberId = prefix + "-" + uniqueText()
        guard members[memberId] != nil || pendingMembers.contains(memberId) else { return memberId }
        var attempt = 2
        while members["\(memberId)-\(attempt)"] != nil || pendingMembers.contains("\(memberId)-\(attempt)") {
            attempt += 1
        }
        return "\(memberId)-\(attempt)"
    }

    private mutating func joinKnown(_ request: JoinRequest, _ step: inout GroupStep) {
        func refuse(_ error: ErrorCode) {
            step.answer(request.token, JoinAnswer(error: error, memberId: request.memberId))
        }
        guard supports(protocolType: request.protocolType, protocols: request.protocols) else {
            return refuse(.inconsistentGroupProtocol)
        }
        if pendingMembers.contains(request.memberId) {
            // Only dynamic members are told their id first. Kafka throws here, and this is what its client sees.
            guard request.instanceId == nil else { return refuse(.unknownServerError) }
            return addAndRebalance(request.memberId, request, &step)
        }
        if let error = errorOfMember(request.memberId, instanceId: request.instanceId) { return refuse(error) }
        let hasSameProtocols = members[request.memberId]?.protocols == request.protocols
        switch state {
        case .preparingRebalance:
            rejoin(request, cause: nil, &step)
        case .completingRebalance where hasSameProtocols:
            // The answer to its first request may have been lost.
            step.answer(request.token, joinAnswer(for: request.memberId))
        case .stable where isLeader(request.memberId):
            rejoin(request, cause: .leaderRejoined(memberId: request.memberId, reason: request.reason), &step)
        case .stable where hasSameProtocols:
            step.answer(request.token, joinAnswer(for: request.memberId))
        case .completingRebalance, .stable:
            rejoin(request, cause: .protocolsChanged(memberId: request.memberId, reason: request.reason), &step)
        case .empty, .dead:
            refuse(.unknownMemberId)
        }
    }

    private mutating func addAndRebalance(_ memberId: String, _ request: JoinRequest, _ step: inout GroupStep) {
        var member = MemberMetadata(
            memberId: memberId, instanceId: request.instanceId, clientId: request.clientId,
            clientHost: request.clientHost, sessionTimeout: request.sessionTimeout,
            rebalanceTimeout: request.rebalanceTimeout, protocols: request.protocols)
        member.awaitingJoin = request.token
        member.isNew = true
        initialDelay?.memberAdded = true
        add(member, protocolType: request.protocolType)
        timers.set(.session(memberId: memberId), to: step.now.uptime + step.configuration.newMemberJoinTimeout)
        step.tell(
            .memberJoined(
                group: id, memberId: memberId, instanceId: request.instanceId, clientId: request.clientId,
                reason: request.reason))
        rebalanceOrComplete(.memberJoined(memberId: memberId, reason: request.reason), &step)
    }

    /// `cause` is nil when a rebalance is under way.
    private mutating func rejoin(_ request: JoinRequest, cause: RebalanceCause?, _ step: inout GroupStep) {
        waitToJoin(request, as: request.memberId, &step)
        if let cause {
            prepareRebalance(cause, &step)
        } else {
            completeJoinIfAllJoined(&step)
        }
    }

    /// Has the member wait for the end of the join phase, with what the request says of it.
    private mutating func waitToJoin(_ request: JoinRequest, as memberId: String, _ step: inout GroupStep) {
        update(memberId, protocols: request.protocols, from: request)
        // Kafka forgets the former request, and its client waits for its own timeout.
        answerJoin(of: memberId, JoinAnswer(error: .rebalanceInProgress, memberId: memberId), &step)
        setAwaitingJoin(request.token, of: memberId)
    }

    /// A static member is back under a new id (KIP-345): the others need not notice, when the group is stable.
    private mutating func replaceStatic(
        _ oldMemberId: String, with memberId: String, instanceId: String, _ request: JoinRequest,
        _ step: inout GroupStep
    ) {
        let formerLeader = leader ?? ""
        answerJoin(of: oldMemberId, JoinAnswer(error: .fencedInstanceId, memberId: oldMemberId), &step)
        answerSync(of: oldMemberId, SyncAnswer(error: .fencedInstanceId), &step)
        rename(oldMemberId, to: memberId, instanceId: instanceId)
        step.tell(
            .memberReplaced(group: id, instanceId: instanceId, oldMemberId: oldMemberId, memberId: memberId))
        // By the session timeout it had: the new one counts from its first heartbeat, as in Kafka.
        resetSession(of: memberId, &step)
        waitToJoin(request, as: memberId, &step)
        switch state {
        case .stable where selectProtocol() == protocolName:
            var answer = joinAnswer(for: memberId)
            if request.supportsSkippingAssignment {
                answer.skipAssignment = isLeader(memberId)
            } else {
                // A leader that learns it is one would assign (KIP-814): it is told its former id, and nobody is.
                answer.leader = formerLeader
                answer.members = []
            }
            answerJoin(of: memberId, answer, &step)
        case .stable, .completingRebalance:
            // The leader assigns to the id it was told, which is no member's any more.
            prepareRebalance(.protocolsChanged(memberId: memberId, reason: request.reason), &step)
        case .preparingRebalance, .empty, .dead:
            completeJoinIfAllJoined(&step)
        }
    }

    /// What a member is told of the generation.
    func joinAnswer(for memberId: String) -> JoinAnswer {
        var answer = JoinAnswer(
            error: .none, memberId: memberId, generation: generation, protocolType: protocolType,
            protocolName: protocolName, leader: leader ?? "")
        if isLeader(memberId) {
            answer.members = orderedMembers.map {
                .init(memberId: $0.memberId, instanceId: $0.instanceId, metadata: $0.metadata(of: protocolName))
            }
        }
        return answer
    }
}
