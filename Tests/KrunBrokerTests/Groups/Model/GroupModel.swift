import KrunWire

@testable import KrunBroker

/// The rules of consumer groups told once more, slowly and plainly, for the coordinator to be compared with.
///
/// A request changes what is written down, and `settle` then sees what follows from it.
struct GroupModel {
    enum Answer: Equatable {
        case join(JoinAnswer)
        case sync(SyncAnswer)
    }

    let configuration: GroupConfiguration
    /// The topics that metadata stand for; nil for those that cannot be read.
    let subscriptions: [[UInt8]: [String]]
    var groups: [String: ModelGroup] = [:]
    var now: Now
    /// Given since they were last taken.
    var answers: [ReplyToken: Answer] = [:]
    var checkDue: Duration?
    var orders = 0
    /// Member ids given.
    var ids = 0

    init(configuration: GroupConfiguration, subscriptions: [[UInt8]: [String]], now: Now) {
        self.configuration = configuration
        self.subscriptions = subscriptions
        self.now = now
    }

    mutating func order() -> Int {
        orders += 1
        return orders
    }

    mutating func due(in time: Duration) -> ModelGroup.Due {
        ModelGroup.Due(at: now.uptime + time, order: order())
    }

    mutating func create(_ name: String) {
        guard groups[name] == nil else { return }
        groups[name] = ModelGroup(since: now.wallMilliseconds)
        if checkDue == nil { checkDue = now.uptime + configuration.offsetsRetentionCheckInterval }
    }

    mutating func delete(_ name: String) {
        groups[name] = nil
        if groups.isEmpty { checkDue = nil }
    }

    // MARK: What follows

    mutating func turn(_ g: inout ModelGroup, _ phase: GroupState) {
        g.phase = phase
        g.since = now.wallMilliseconds
    }

    /// `disturbed`: something happened that a settled group has to rebalance for.
    mutating func settle(_ g: inout ModelGroup, disturbed: Bool) {
        if disturbed, g.phase != .preparingRebalance {
            if g.phase == .completingRebalance {
                for i in g.members.indices {
                    g.members[i].assignment = []
                    release(&g, i, .rebalanceInProgress, thenJudge: true)
                }
            }
            for i in g.members.indices { g.members[i].owesSync = false }
            g.syncDue = nil
            if g.phase == .empty {
                let delay = configuration.initialRebalanceDelay
                g.opening = .init(step: delay, left: max(.zero, g.patience - delay), newcomer: false)
                g.joinDue = due(in: delay)
            } else if !g.allHere {
                g.joinDue = due(in: g.patience)
            }
            turn(&g, .preparingRebalance)
        }
        if g.phase == .preparingRebalance, g.opening == nil, g.allHere { finish(&g) }
    }

    mutating func finish(_ g: inout ModelGroup) {
        g.opening = nil
        g.joinDue = nil
        for member in g.members where member.join == nil && member.instance == nil { drop(&g, member.id) }
        if !g.members.isEmpty {
            guard let first = g.members.first(where: { $0.join != nil }) else {
                g.joinDue = due(in: max(g.patience, .milliseconds(1)))
                return
            }
            if g.member(g.leader!)!.join == nil { g.leader = first.id }
        }
        g.generation += 1
        g.assignor = g.favourite
        g.topics = g.type == "consumer" ? topics(of: g) : nil
        turn(&g, g.members.isEmpty ? .empty : .completingRebalance)
        for i in g.members.indices {
            let id = g.members[i].id
            if let token = g.members[i].join { answers[token] = .join(g.news(for: id)) }
            g.members[i].join = nil
            g.members[i].isFresh = false
            g.members[i].owesSync = true
            g.sessions[id] = due(in: g.members[i].session)
        }
        g.syncDue = g.members.isEmpty ? nil : due(in: g.patience)
    }

    private func topics(of g: ModelGroup) -> Set<String>? {
        var all: Set<String> = []
        for member in g.members {
            let metadata = member.protocols.first { $0.name == g.assignor }!.metadata
            guard let topics = subscriptions[metadata] else { return nil }
            all.formUnion(topics)
        }
        return all
    }

    /// Answers a waiting SyncGroup request.
    mutating func release(
        _ g: inout ModelGroup, _ i: Int, _ error: ErrorCode, thenJudge: Bool
    ) {
        guard let token = g.members[i].sync else { return }
        g.members[i].sync = nil
        let good = SyncAnswer(
            error: .none, protocolType: g.type, protocolName: g.assignor, assignment: g.members[i].assignment)
        answers[token] = .sync(error == .none ? good : SyncAnswer(error: error))
        if thenJudge { g.sessions[g.members[i].id] = due(in: g.members[i].session) }
    }

    /// Forgets a member; what it waits for is answered.
    mutating func drop(_ g: inout ModelGroup, _ id: String) {
        if let i = g.position(id) {
            if let token = g.members[i].join {
                answers[token] = .join(JoinAnswer(error: .unknownMemberId, memberId: ""))
            }
            release(&g, i, .unknownMemberId, thenJudge: false)
            g.members.remove(at: i)
        }
        g.told.removeAll { $0 == id }
        g.sessions[id] = nil
        if g.leader == id { g.leader = g.members.first?.id }
    }

    // MARK: Time

    /// What is due first in a group, with what to do about it.
    private func next(_ g: ModelGroup) -> (due: ModelGroup.Due, what: String, id: String)? {
        var all = g.sessions.map { (due: $0.value, what: "session", id: $0.key) }
        if let due = g.joinDue { all.append((due, "join", "")) }
        if let due = g.syncDue { all.append((due, "sync", "")) }
        return all.min { ($0.due.at, $0.due.order) < ($1.due.at, $1.due.order) }
    }

    var nextDeadline: Duration? {
        (groups.values.compactMap { next($0)?.due.at } + [checkDue].compactMap(\.self)).min()
    }

    mutating func expire() {
        for name in groups.keys {
            while let g = groups[name], let first = next(g), first.due.at <= now.uptime {
                fire(name, first.what, first.id)
            }
        }
        if let due = checkDue, due <= now.uptime {
            checkOffsets()
            checkDue = groups.isEmpty ? nil : now.uptime + configuration.offsetsRetentionCheckInterval
        }
    }

    private mutating func fire(_ name: String, _ what: String, _ id: String) {
        var g = groups[name]!
        switch what {
        case "session":
            g.sessions[id] = nil
            groups[name] = g
            let member = g.member(id)
            if let member, !member.isFresh, member.join != nil || member.sync != nil { return }
            return expel(name, id)
        case "join":
            g.joinDue = nil
            if let opening = g.opening, opening.newcomer, opening.left > .zero {
                let step = min(configuration.initialRebalanceDelay, opening.left)
                g.opening = .init(step: step, left: max(.zero, opening.left - opening.step), newcomer: false)
                g.joinDue = due(in: step)
            } else {
                finish(&g)
            }
        default:
            g.syncDue = nil
            let late = g.members.filter(\.owesSync)
            for member in late { drop(&g, member.id) }
            if !late.isEmpty { settle(&g, disturbed: true) }
        }
        groups[name] = g
    }
}
