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
    private(set) var hasFailed = false
    private var steps = 0
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
        steps += 1
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
        if !open.isEmpty { fail("\(open) are never answered") }
    }

    // MARK: Judging

    /// Notes what is wrong; a history is over with the first thing that is, since the rest follows from it.
    mutating func fail(_ what: String) {
        if !hasFailed { Issue.record("after \(steps) steps: \(what)") }
        hasFailed = true
    }

    mutating func take(_ actions: [GroupAction], _ same: (inout GroupModel) -> Void) {
        take(actions, true) {
            same(&$0)
            return true
        }
    }

    /// Has the model do the same, and compares the answers; each is to a request that had none yet.
    mutating func take<Answer: Equatable>(
        _ actions: [GroupAction], _ answer: Answer, _ same: (inout GroupModel) -> Answer
    ) {
        model.answers = [:]
        let expected = same(&model)
        if answer != expected { fail("answered \(answer) for \(expected)") }
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
            if open.remove(token) == nil { fail("\(token) has its answer") }
            answered += 1
        }
        if answers != model.answers { fail("answered \(answers) for \(model.answers)") }
    }

    private mutating func remember(_ memberId: String) {
        if ids.count > 12 { ids.remove(at: 2) }
        if !ids.contains(memberId) { ids.append(memberId) }
    }

    mutating func judge(_ group: String) {
        let described = coordinator.describe(groups: [group], knowsGroupIdNotFound: false)[0]
        seen[described.state, default: 0] += 1
        if described != model.describe(group) { fail("\(described) for \(model.describe(group))") }
        if coordinator.nextDeadline != model.nextDeadline {
            fail("due at \(coordinator.nextDeadline, default: "no time") for \(model.nextDeadline, default: "no time")")
        }
        if coordinator.waitingTokens(ofGroup: group) != model.waiting(group) { fail("others wait") }
        if coordinator.groupIds != model.groups.keys.sorted() { fail("other groups") }
        let isStable = random.oneIn(2)
        let fetched = coordinator.fetchOffsets(group: group, partitions: nil, requireStable: isStable)
        if fetched != model.fetchAll(group, stable: isStable) {
            fail("fetched \(fetched) for \(model.fetchAll(group, stable: isStable))")
        }
        if let its = coordinator[group], let wrong = invariantBroken(in: its) { fail(wrong) }
    }

    /// What must hold of any group, whatever the rules; nil when it does.
    private func invariantBroken(in group: Group) -> String? {
        let members = group.orderedMembers
        if members.isEmpty != (group.leader == nil) { return "members without a leader, or the other way round" }
        if members.count != group.members.count { return "members twice, or lost" }
        if group.awaitingJoinCount != members.count(where: { $0.awaitingJoin != nil }) { return "miscounted" }
        if members.contains(where: { $0.awaitingJoin != nil }), group.state != .preparingRebalance {
            return "a join waits in \(group.state)"
        }
        if members.contains(where: { $0.awaitingSync != nil }), group.state != .completingRebalance {
            return "a sync waits in \(group.state)"
        }
        if members.isEmpty, group.state == .stable || group.state == .completingRebalance { return "nobody is stable" }
        if !members.isEmpty, group.state == .empty { return "members in an empty group" }
        if group.state == .stable {
            let leaders = assigned[group.id]
            if leaders?.generation != group.generation { return "stable in a generation nobody assigned" }
            for member in members where member.assignment != leaders?.byMember[member.memberId] ?? [] {
                return "\(member.memberId) has what the leader did not assign"
            }
        }
        let judged = members.filter { !$0.isExcusedFromHeartbeat }.map(\.memberId) + group.pendingMembers
        for memberId in judged {
            guard let due = group.timers.deadline(of: .session(memberId: memberId)) else { return "kept for ever" }
            if due < now.uptime { return "kept past its session" }
        }
        return nil
    }
}

/// SplitMix64: the same numbers for the same seed, everywhere.
struct GroupRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func below(_ bound: Int) -> Int {
        Int(next() % UInt64(bound))
    }

    /// True once in `times`.
    mutating func oneIn(_ times: Int) -> Bool {
        below(times) == 0
    }

    mutating func pick<T>(_ values: [T]) -> T {
        values[below(values.count)]
    }
}

@Suite(.timeLimit(.minutes(2)))
struct GroupHistoryTests {
    /// 100 000 steps in all, of histories that can be told again by their seeds.
    @Test(arguments: 1...20)
    func theCoordinatorAgreesWithTheModel(seed: UInt64) {
        var history = GroupHistory(seed: seed)
        for _ in 0..<5_000 where !history.hasFailed { history.step() }
        guard !history.hasFailed else { return }
        history.drain()
        // That all of it happened is part of the test.
        for state in GroupState.allCases { #expect(history.seen[state, default: 0] > 50, "\(state) was hardly seen") }
        let expected: Set<ErrorCode> = [
            .none, .unknownMemberId, .illegalGeneration, .inconsistentGroupProtocol, .invalidGroupId, .memberIdRequired,
            .invalidSessionTimeout, .rebalanceInProgress, .groupMaxSizeReached, .fencedInstanceId, .notCoordinator,
            .offsetMetadataTooLarge, .groupSubscribedToTopic,
        ]
        #expect(expected.subtracting(history.errorsSeen) == [])
        #expect(history.answered > 1_000)
    }
}
