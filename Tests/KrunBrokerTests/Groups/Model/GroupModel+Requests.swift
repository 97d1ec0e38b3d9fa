import KrunWire

@testable import KrunBroker

extension GroupModel {
    mutating func join(_ r: JoinRequest) {
        func no(_ error: ErrorCode, _ id: String) -> Answer { .join(JoinAnswer(error: error, memberId: id)) }
        answers[r.token] = join(r, no)
    }

    private mutating func join(_ r: JoinRequest, _ no: (ErrorCode, String) -> Answer) -> Answer? {
        if r.groupId.isEmpty { return no(.invalidGroupId, r.memberId) }
        if r.sessionTimeout < configuration.minSessionTimeout || r.sessionTimeout > configuration.maxSessionTimeout {
            return no(.invalidSessionTimeout, r.memberId)
        }
        if r.memberId.isEmpty { create(r.groupId) }
        guard var g = groups[r.groupId] else { return no(.unknownMemberId, r.memberId) }
        defer { groups[r.groupId] = g }

        let present = g.member(r.memberId)
        let waiting = g.members.count { $0.join != nil }
        let hasRoom =
            switch g.phase {
            case .preparingRebalance: present?.join != nil || waiting < configuration.maxSize
            case .completingRebalance, .stable: present != nil || g.members.count < configuration.maxSize
            case .empty, .dead: true
            }
        if !hasRoom {
            let counts = present != nil || g.told.contains(r.memberId)
            drop(&g, r.memberId)
            if counts { settle(&g, disturbed: false) }
            return no(.groupMaxSizeReached, "")
        }
        if !g.fits(type: r.protocolType, protocols: r.protocols) { return no(.inconsistentGroupProtocol, r.memberId) }
        if r.memberId.isEmpty {
            ids += 1
            let id = "\(r.instanceId ?? r.clientId)-\(ids)"
            if let instance = r.instanceId, let i = g.members.firstIndex(where: { $0.instance == instance }) {
                return comeBack(&g, i, as: id, r)
            }
            if r.instanceId != nil || !r.requireKnownMemberId { return enter(&g, id, r) }
            g.told.append(id)
            g.sessions[id] = due(in: r.sessionTimeout)
            return no(.memberIdRequired, id)
        }
        if g.told.contains(r.memberId) {
            return r.instanceId == nil ? enter(&g, r.memberId, r) : no(.unknownServerError, r.memberId)
        }
        if let error = g.wrong(r.memberId, r.instanceId) { return no(error, r.memberId) }
        let isNews = present!.protocols != r.protocols
        let matters =
            switch g.phase {
            case .preparingRebalance: true
            case .completingRebalance: isNews
            case .stable: isNews || g.leader == r.memberId
            case .empty, .dead: false
            }
        if !matters { return .join(g.news(for: r.memberId)) }
        wait(&g, g.position(r.memberId)!, r)
        settle(&g, disturbed: true)
        return answers[r.token]
    }

    private mutating func enter(_ g: inout ModelGroup, _ id: String, _ r: JoinRequest) -> Answer? {
        g.told.removeAll { $0 == id }
        if g.members.isEmpty { g.type = r.protocolType }
        g.members.append(
            .init(
                id: id, instance: r.instanceId, client: r.clientId, session: r.sessionTimeout,
                rebalance: r.rebalanceTimeout, protocols: r.protocols, join: r.token, isFresh: true))
        g.leader = g.leader ?? id
        g.opening?.newcomer = true
        g.sessions[id] = due(in: configuration.newMemberJoinTimeout)
        settle(&g, disturbed: true)
        return answers[r.token]
    }

    private mutating func wait(_ g: inout ModelGroup, _ i: Int, _ r: JoinRequest) {
        if let token = g.members[i].join {
            answers[token] = .join(JoinAnswer(error: .rebalanceInProgress, memberId: g.members[i].id))
        }
        g.members[i].join = r.token
        g.members[i].protocols = r.protocols
        g.members[i].session = r.sessionTimeout
        g.members[i].rebalance = r.rebalanceTimeout
    }

    private mutating func comeBack(_ g: inout ModelGroup, _ i: Int, as id: String, _ r: JoinRequest) -> Answer? {
        let old = g.members[i].id
        let formerLeader = g.leader!
        if let token = g.members[i].join {
            answers[token] = .join(JoinAnswer(error: .fencedInstanceId, memberId: old))
            g.members[i].join = nil
        }
        release(&g, i, .fencedInstanceId, thenJudge: false)
        g.members[i].id = id
        g.members[i].isFresh = false
        if formerLeader == old { g.leader = id }
        g.sessions[old] = nil
        g.sessions[id] = due(in: g.members[i].session)
        wait(&g, i, r)
        if g.phase == .stable, g.favourite == g.assignor {
            g.members[i].join = nil
            var news = g.news(for: id)
            news.skipAssignment = r.supportsSkippingAssignment && g.leader == id
            if !r.supportsSkippingAssignment {
                news.members = []
                news.leader = formerLeader
            }
            return .join(news)
        }
        settle(&g, disturbed: true)
        return answers[r.token]
    }

    mutating func sync(_ r: SyncRequest) {
        guard !r.groupId.isEmpty else { return refuse(r, .invalidGroupId) }
        guard var g = groups[r.groupId], g.phase != .empty else { return refuse(r, .unknownMemberId) }
        if let error = g.wrong(r.memberId, r.instanceId) { return refuse(r, error) }
        if r.generation != g.generation { return refuse(r, .illegalGeneration) }
        if let type = r.protocolType, let its = g.type, type != its { return refuse(r, .inconsistentGroupProtocol) }
        if let name = r.protocolName, let its = g.assignor, name != its { return refuse(r, .inconsistentGroupProtocol) }
        if g.phase == .preparingRebalance { return refuse(r, .rebalanceInProgress) }
        let i = g.position(r.memberId)!
        release(&g, i, .rebalanceInProgress, thenJudge: false)
        g.members[i].sync = r.token
        g.members[i].owesSync = false
        if !g.members.contains(where: \.owesSync) { g.syncDue = nil }
        if g.phase == .stable {
            release(&g, i, .none, thenJudge: true)
        } else if g.leader == r.memberId {
            for j in g.members.indices {
                g.members[j].assignment = r.assignments.last { $0.memberId == g.members[j].id }?.assignment ?? []
                release(&g, j, .none, thenJudge: true)
            }
            turn(&g, .stable)
        }
        groups[r.groupId] = g
    }

    private mutating func refuse(_ r: SyncRequest, _ error: ErrorCode) {
        answers[r.token] = .sync(SyncAnswer(error: error))
    }

    mutating func heartbeat(_ r: MemberHeartbeat) -> ErrorCode {
        guard !r.groupId.isEmpty else { return .invalidGroupId }
        guard let g = groups[r.groupId] else { return .unknownMemberId }
        if let error = g.wrong(r.memberId, r.instanceId) { return error }
        if r.generation != g.generation { return .illegalGeneration }
        groups[r.groupId]!.sessions[r.memberId] = due(in: g.member(r.memberId)!.session)
        return g.phase == .preparingRebalance ? .rebalanceInProgress : .none
    }

    mutating func leave(_ r: LeaveRequest) -> LeaveAnswer {
        guard !r.groupId.isEmpty else { return LeaveAnswer(error: .invalidGroupId) }
        var answer = LeaveAnswer(error: .none)
        var g = groups[r.groupId] ?? ModelGroup(since: 0)
        var disturbed = false
        for one in r.members {
            let named = g.members.first { $0.instance != nil && $0.instance == one.instanceId }?.id
            let id = one.memberId.isEmpty ? named ?? "" : one.memberId
            let isTold = g.told.contains(id)
            let error = isTold || (one.memberId.isEmpty && named != nil) ? nil : g.wrong(id, one.instanceId)
            if error == nil {
                disturbed = disturbed || !isTold
                drop(&g, id)
            }
            answer.members.append(
                .init(memberId: one.memberId, instanceId: one.instanceId, error: error ?? .none))
        }
        settle(&g, disturbed: disturbed)
        if groups[r.groupId] != nil { groups[r.groupId] = g }
        return answer
    }

    mutating func expel(_ name: String, _ id: String) {
        guard var g = groups[name], g.member(id) != nil || g.told.contains(id) else { return }
        let disturbed = !g.told.contains(id)
        drop(&g, id)
        settle(&g, disturbed: disturbed)
        groups[name] = g
    }

    mutating func abort(_ name: String) {
        guard var g = groups[name] else { return }
        for i in g.members.indices {
            let id = g.members[i].id
            if let token = g.members[i].join {
                answers[token] = .join(JoinAnswer(error: .notCoordinator, memberId: id))
                g.members[i].join = nil
                g.sessions[id] = due(in: g.members[i].session)
            }
            if g.members[i].sync != nil {
                release(&g, i, .notCoordinator, thenJudge: true)
                g.members[i].owesSync = true
            }
        }
        groups[name] = g
    }
}
