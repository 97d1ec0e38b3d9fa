internal import KrunNames
internal import KrunWire

extension Group {
    mutating func heartbeat(_ request: MemberHeartbeat, _ step: inout GroupStep) -> ErrorCode {
        if let error = errorOfMember(request.memberId, instanceId: request.instanceId) { return error }
        if request.generation != generation { return .illegalGeneration }
        switch state {
        case .empty, .dead: return .unknownMemberId
        case .preparingRebalance:
            resetSession(of: request.memberId, &step)
            return .rebalanceInProgress
        case .completingRebalance, .stable:
            resetSession(of: request.memberId, &step)
            return .none
        }
    }

    /// Lets members leave, one after the other, and then rebalances once.
    mutating func leave(_ leaving: [LeaveRequest.Member], _ step: inout GroupStep) -> [LeaveAnswer.Member] {
        var left: [String] = []
        var reason: String?
        var answers: [LeaveAnswer.Member] = []
        for member in leaving {
            let error: ErrorCode
            if member.memberId.isEmpty {
                // An administrator names static members by their instance id only.
                if let memberId = member.instanceId.flatMap({ staticMembers[$0] }) {
                    takeOut(memberId, why: .left(reason: member.reason), &step)
                    left.append(memberId)
                    error = .none
                } else {
                    error = .unknownMemberId
                }
            } else if pendingMembers.contains(member.memberId) {
                takeOut(member.memberId, why: .left(reason: member.reason), &step)
                error = .none
            } else if let wrong = errorOfMember(member.memberId, instanceId: member.instanceId) {
                error = wrong
            } else {
                takeOut(member.memberId, why: .left(reason: member.reason), &step)
                left.append(member.memberId)
                error = .none
            }
            if error == .none { reason = reason ?? member.reason }
            answers.append(.init(memberId: member.memberId, instanceId: member.instanceId, error: error))
        }
        rebalanceWithout(left, why: .left(reason: reason), &step)
        return answers
    }

    /// Removes a member, or one that was only told its id, and rebalances.
    ///
    /// Does nothing when there is no such member.
    mutating func expel(_ memberId: String, why: MemberRemoval, _ step: inout GroupStep) {
        let isMember = members[memberId] != nil
        guard isMember || pendingMembers.contains(memberId) else { return }
        takeOut(memberId, why: why, &step)
        rebalanceWithout(isMember ? [memberId] : [], why: why, &step)
    }

    /// Goes on after members were taken out.
    ///
    /// One that was only told its id had no part in the generation: its going can only end a wait for it.
    private mutating func rebalanceWithout(_ memberIds: [String], why: MemberRemoval, _ step: inout GroupStep) {
        if state == .preparingRebalance {
            completeJoinIfAllJoined(&step)
        } else if !memberIds.isEmpty, state != .empty {
            prepareRebalance(.membersRemoved(memberIds: memberIds, why: why), &step)
        }
    }

    /// Answers what a member waits for, and forgets it.
    ///
    /// `UNKNOWN_MEMBER_ID` makes a member that is still there join again. (Kafka leaves its SyncGroup unanswered.)
    mutating func takeOut(_ memberId: String, why: MemberRemoval, _ step: inout GroupStep) {
        answerJoin(of: memberId, JoinAnswer(error: .unknownMemberId, memberId: ""), &step)
        answerSync(of: memberId, SyncAnswer(error: .unknownMemberId), &step)
        let instanceId = members[memberId]?.instanceId
        remove(memberId)
        step.tell(.memberRemoved(group: id, memberId: memberId, instanceId: instanceId, why: why))
    }

    /// Does what is due first, if anything is; false when nothing is.
    mutating func expireNext(_ step: inout GroupStep) -> Bool {
        switch timers.popDue(at: step.now.uptime) {
        case .join: joinTimerFired(&step)
        case .sync: syncTimerFired(&step)
        case .session(let memberId):
            // A member that waits is not judged; its session starts again when it is answered.
            if members[memberId]?.isExcusedFromHeartbeat != true { expel(memberId, why: .sessionExpired, &step) }
        case nil: return false
        }
        return true
    }

    /// Answers all that waits with `NOT_COORDINATOR`; the members are to come back to the new coordinator in time.
    mutating func abortPending(_ step: inout GroupStep) {
        for member in orderedMembers {
            if member.awaitingJoin != nil {
                answerJoin(of: member.memberId, JoinAnswer(error: .notCoordinator, memberId: member.memberId), &step)
                resetSession(of: member.memberId, &step)
            }
            if member.awaitingSync != nil {
                answerSync(of: member.memberId, SyncAnswer(error: .notCoordinator), &step)
                pendingSync.insert(member.memberId)
                resetSession(of: member.memberId, &step)
            }
        }
    }
}
