import KrunWire
import Testing

@testable import KrunBroker

/// A random history of a few groups, given to the coordinator and to the model, which must agree at every step.
struct GroupHistory {
    static let metadata: [[UInt8]: [String]] = [
        [0, 0, 0, 0, 0, 0]: [],
        [0, 1, 0, 0, 0, 1, 0, 1, 116]: ["t"],
        [0, 3, 0, 0, 0, 2, 0, 1, 116, 0, 1, 117, 9, 9]: ["t", "u"],
    ]

    var random: GroupRandom
    var now = Now(uptime: .zero, wallMilliseconds: 1_000_000)
    var coordinator: GroupCoordinator
    var model: GroupModel
    /// Requests that were not answered yet.
    var open: Set<ReplyToken> = []
    private(set) var answered = 0
    var tokens: UInt64 = 0
    /// Ids that were given, of members that may be gone.
    var ids = ["", "stranger"]
    /// What each group's leader assigned, and in which generation.
    var assigned: [String: (generation: Int32, byMember: [String: [UInt8]])] = [:]
    /// How often each state was seen, for a history to have been worth it.
    private(set) var seen: [GroupState: Int] = [:]
    var errorsSeen: Set<ErrorCode> = []

    static let groups = ["a", "b", "c"]

    init(seed: UInt64) {
        random = GroupRandom(seed: seed)
        var configuration = GroupConfiguration()
        configuration.maxSize = 4
        configuration.minSessionTimeout = .milliseconds(20)
        configuration.maxSessionTimeout = .milliseconds(900)
        configuration.newMemberJoinTimeout = .milliseconds(500)
        configuration.offsetMetadataMaxSize = 4
        configuration.offsetsRetention = .milliseconds(600)
        configuration.offsetsRetentionCheckInterval = .milliseconds(250)
        if seed % 5 == 0 { configuration.initialRebalanceDelay = .zero }
        coordinator = GroupCoordinator(configuration: configuration, uniqueText: GroupBench.counter())
        model = GroupModel(configuration: configuration, subscriptions: Self.metadata, now: now)
    }

    mutating func step() {
        // Most of what comes is aimed at one group, so that things happen to it.
        let group = random.oneIn(4) ? random.pick(Self.groups) : "a"
        switch random.below(100) {
        case 0..<12: joinNew(group)
        case 12..<22: joinKnown(group)
        case 22..<28: gather(group)
        case 28..<40: sync(group)
        case 40..<48: assign(group)
        case 48..<58: heartbeat(group)
        case 58..<62: leave(group)
        case 62..<74: commit(group)
        case 74..<77: endTransaction()
        case 77..<79: delete(group)
        case 79: expel(group)
        case 80: abort(group)
        default: advance(milliseconds: random.oneIn(16) ? random.below(500) : random.below(25))
        }
        judge(group)
    }

    /// Lets time pass until every request is answered.
    mutating func drain() {
        for _ in 0..<1000 where !open.isEmpty {
            guard let due = coordinator.nextDeadline else { break }
            advance(milliseconds: max(0, Int((due - now.uptime) / .milliseconds(1))))
        }
        for group in Self.groups { judge(group) }
        #expect(open.isEmpty, "requests are never answered")
    }

    // MARK: Judging

    mutating func agree(_ error: ErrorCode, _ expected: ErrorCode) {
        #expect(error == expected)
        errorsSeen.insert(error)
    }

    /// Has the model do the same, and compares the answers; each is to a request that had none yet.
    mutating func take(_ actions: [GroupAction], _ same: (inout GroupModel) -> Void) {
        model.answers = [:]
        same(&model)
        var answers: [ReplyToken: GroupModel.Answer] = [:]
        for action in actions {
            let token: ReplyToken
            switch action {
            case .answerJoin(let to, let answer):
                token = to
                answers[to] = .join(answer)
                errorsSeen.insert(answer.error)
                if answer.memberId.contains("-") { remember(answer.memberId) }
            case .answerSync(let to, let answer):
                token = to
                answers[to] = .sync(answer)
                errorsSeen.insert(answer.error)
            case .event(.memberReplaced(let group, _, let oldMemberId, let memberId)):
                let assignment = assigned[group]?.byMember.removeValue(forKey: oldMemberId)
                assigned[group]?.byMember[memberId] = assignment
                continue
            case .event: continue
            }
            #expect(open.remove(token) != nil, "answered a request that had its answer")
            answered += 1
        }
        #expect(answers == model.answers)
    }

    private mutating func remember(_ memberId: String) {
        if ids.count > 12 { ids.remove(at: 2) }
        if !ids.contains(memberId) { ids.append(memberId) }
    }

    mutating func judge(_ group: String) {
        let described = coordinator.describe(groups: [group], knowsGroupIdNotFound: false)[0]
        seen[described.state, default: 0] += 1
        #expect(described == model.describe(group))
        #expect(coordinator.nextDeadline == model.nextDeadline)
        #expect(coordinator.waitingTokens(ofGroup: group) == model.waiting(group))
        #expect(coordinator.groupIds == model.groups.keys.sorted())
        let isStable = random.oneIn(2)
        #expect(
            coordinator.fetchOffsets(group: group, partitions: nil, requireStable: isStable)
                == model.fetchAll(group, stable: isStable))
        guard let its = coordinator[group] else { return }
        let members = its.orderedMembers
        #expect(members.isEmpty == (its.leader == nil) && members.count == its.members.count)
        #expect(its.awaitingJoinCount == members.count { $0.awaitingJoin != nil })
        switch its.state {
        case .empty: #expect(members.isEmpty)
        case .stable:
            #expect(!members.isEmpty)
            #expect(assigned[group]?.generation == its.generation)
            for member in members {
                #expect(member.assignment == assigned[group]?.byMember[member.memberId] ?? [])
                #expect(member.awaitingJoin == nil && member.awaitingSync == nil)
            }
        case .preparingRebalance: #expect(members.allSatisfy { $0.awaitingSync == nil })
        case .completingRebalance: #expect(members.allSatisfy { $0.awaitingJoin == nil })
        case .dead: Issue.record("a dead group is none")
        }
        for member in members where !member.isExcusedFromHeartbeat {
            let due = its.timers.deadline(of: .session(memberId: member.memberId))
            #expect(due != nil && due! > now.uptime - .milliseconds(1), "kept past its session")
        }
        #expect(its.pendingMembers.allSatisfy { its.timers.deadline(of: .session(memberId: $0)) != nil })
    }
}
