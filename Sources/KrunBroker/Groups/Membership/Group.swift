internal import KrunNames
internal import KrunWire

/// A group of the classic protocol: its members, its rebalance and its offsets.
///
/// Members are kept, and answered, in the order in which they came: where Kafka takes any, this takes the first.
struct Group: Sendable {
    let id: String
    var state = GroupState.empty
    /// When the state was entered, in milliseconds since 1970.
    var stateSince: Int64
    /// 0 until the first join phase has ended.
    var generation: Int32 = 0
    /// Nil in a group that only ever kept offsets.
    var protocolType: String?
    /// The assignor chosen for the generation.
    var protocolName: String?
    var leader: String?
    private(set) var members: [String: MemberMetadata] = [:]
    private(set) var memberOrder: [String] = []
    /// Member ids by instance id.
    private(set) var staticMembers = NameMap<String>()
    /// Members that were told their id and have not come back with it.
    private(set) var pendingMembers: Set<String> = []
    /// Members of the generation that have not sent SyncGroup.
    var pendingSync: Set<String> = []
    /// How many members know a protocol, by its name.
    private var supporters: [String: Int] = [:]
    private(set) var awaitingJoinCount = 0
    /// The topics the members of the generation subscribe to; nil when that is not known.
    var subscribedTopics: Set<String>?
    /// Set during the first rebalance of an empty group, which ends by time only.
    var initialDelay: InitialDelay?
    var timers = DeadlineQueue<GroupTimer>()
    var offsets = GroupOffsetTable()
    private var memberBytes = 0

    init(id: String, now: Now) {
        self.id = id
        stateSince = now.wallMilliseconds
    }

    var orderedMembers: [MemberMetadata] { memberOrder.compactMap { members[$0] } }

    /// About how many bytes it takes.
    var heldBytes: Int { id.utf8.count + 256 + memberBytes + offsets.heldBytes }

    func isLeader(_ memberId: String) -> Bool { leader == memberId }

    var isConsumerGroup: Bool { protocolType == "consumer" }

    /// Whether an offset of the topic may be in use; of a consumer group whose topics are not known, any may be.
    func isSubscribed(to topic: String) -> Bool {
        subscribedTopics?.contains(topic) ?? isConsumerGroup
    }

    /// The longest that any member may take to rejoin.
    var rebalanceTimeout: Duration {
        members.values.reduce(.zero) { max($0, $1.rebalanceTimeout) }
    }

    var haveAllJoined: Bool { awaitingJoinCount == members.count && pendingMembers.isEmpty }

    /// What is wrong with a request that says it comes from this member; nil when nothing is.
    func errorOfMember(_ memberId: String, instanceId: String?) -> ErrorCode? {
        if let instanceId {
            guard let current = staticMembers[instanceId] else { return .unknownMemberId }
            guard current == memberId else { return .fencedInstanceId }
        }
        return members[memberId] == nil ? .unknownMemberId : nil
    }

    // MARK: Members

    mutating func addPending(_ memberId: String) {
        if pendingMembers.insert(memberId).inserted { memberBytes += memberId.utf8.count }
    }

    private mutating func removePending(_ memberId: String) {
        if pendingMembers.remove(memberId) != nil { memberBytes -= memberId.utf8.count }
    }

    mutating func add(_ member: MemberMetadata, protocolType type: String) {
        if members.isEmpty { protocolType = type }
        if leader == nil { leader = member.memberId }
        if let instanceId = member.instanceId { staticMembers[instanceId] = member.memberId }
        removePending(member.memberId)
        members[member.memberId] = member
        memberBytes += member.heldBytes
        memberOrder.append(member.memberId)
        count(member.protocols, by: 1)
        if member.awaitingJoin != nil { awaitingJoinCount += 1 }
    }

    /// Changes what is known of a member; nothing when there is no such member.
    mutating func update(_ memberId: String, protocols: [MemberProtocol], from request: JoinRequest) {
        guard let index = members.index(forKey: memberId) else { return }
        count(members.values[index].protocols, by: -1)
        count(protocols, by: 1)
        memberBytes -= members.values[index].heldBytes
        members.values[index].protocols = protocols
        memberBytes += members.values[index].heldBytes
        members.values[index].rebalanceTimeout = request.rebalanceTimeout
        members.values[index].sessionTimeout = request.sessionTimeout
    }

    mutating func setAwaitingJoin(_ token: ReplyToken?, of memberId: String) {
        guard let index = members.index(forKey: memberId) else { return }
        let was = members.values[index].awaitingJoin
        members.values[index].awaitingJoin = token
        awaitingJoinCount += (token == nil ? 0 : 1) - (was == nil ? 0 : 1)
    }

    mutating func setAwaitingSync(_ token: ReplyToken?, of memberId: String) {
        members[memberId]?.awaitingSync = token
    }

    mutating func setAssignment(_ assignment: [UInt8], of memberId: String) {
        guard let index = members.index(forKey: memberId) else { return }
        memberBytes += assignment.count - members.values[index].assignment.count
        members.values[index].assignment = assignment
    }

    mutating func setKnowing(_ memberId: String) {
        members[memberId]?.isNew = false
    }

    /// Forgets a member, or one that was only told its id, whatever it waits for.
    mutating func remove(_ memberId: String) {
        if let member = members.removeValue(forKey: memberId) {
            memberOrder.removeAll { $0 == memberId }
            memberBytes -= member.heldBytes
            count(member.protocols, by: -1)
            if member.awaitingJoin != nil { awaitingJoinCount -= 1 }
            if let instanceId = member.instanceId { staticMembers[instanceId] = nil }
        }
        if leader == memberId { leader = memberOrder.first }
        removePending(memberId)
        pendingSync.remove(memberId)
        timers.remove(.session(memberId: memberId))
    }

    /// Puts a static member that came back under a new id in the place of the old one.
    ///
    /// It keeps the assignment, and Kafka has it keep the client id and host too.
    mutating func rename(_ oldMemberId: String, to memberId: String, instanceId: String) {
        guard var member = members.removeValue(forKey: oldMemberId) else { return }
        memberBytes += memberId.utf8.count - oldMemberId.utf8.count
        member.memberId = memberId
        member.isNew = false
        members[memberId] = member
        if let position = memberOrder.firstIndex(of: oldMemberId) { memberOrder[position] = memberId }
        if leader == oldMemberId { leader = memberId }
        staticMembers[instanceId] = memberId
        // Kafka leaves the old id here, and rebalances for want of a SyncGroup that nobody can send any more.
        if pendingSync.remove(oldMemberId) != nil { pendingSync.insert(memberId) }
        timers.remove(.session(memberId: oldMemberId))
    }

    // MARK: Protocols

    /// Whether a member with these protocols can be in the group with the others.
    func supports(protocolType type: String, protocols: [MemberProtocol]) -> Bool {
        if state == .empty { return !type.isEmpty && !protocols.isEmpty }
        return protocolType == type && protocols.contains { supporters[$0.name, default: 0] == members.count }
    }

    /// The protocol most members prefer among those that all know; of equals, the one voted for first.
    ///
    /// Nil in a group without members.
    func selectProtocol() -> String? {
        let candidates = Set(supporters.filter { $0.value == members.count }.keys)
        var votes: [String: Int] = [:]
        var best: String?
        let ballots = orderedMembers.compactMap { $0.vote(among: candidates) }
        for ballot in ballots { votes[ballot, default: 0] += 1 }
        for ballot in ballots where votes[ballot, default: 0] > best.map({ votes[$0, default: 0] }) ?? 0 {
            best = ballot
        }
        return best
    }

    /// Topics of the members' subscriptions to the chosen protocol.
    ///
    /// Nil when the group is no consumer group, or a subscription cannot be read.
    func computeSubscribedTopics() -> Set<String>? {
        guard isConsumerGroup else { return nil }
        guard !members.isEmpty else { return [] }
        guard let protocolName else { return nil }
        var topics: Set<String> = []
        for member in members.values {
            guard let subscription = ConsumerSubscription(member.metadata(of: protocolName)) else { return nil }
            topics.formUnion(subscription.topics)
        }
        return topics
    }

    private mutating func count(_ protocols: [MemberProtocol], by change: Int) {
        for name in Set(protocols.map(\.name)) {
            let count = supporters[name, default: 0] + change
            supporters[name] = count == 0 ? nil : count
        }
    }
}

extension Group {
    /// The group as DescribeGroups tells it: what the members subscribe to only while that is settled.
    var description: GroupSummary {
        let settledProtocol = state == .stable ? protocolName : nil
        return GroupSummary(
            groupId: id, state: state, protocolType: protocolType ?? "", protocolName: settledProtocol ?? "",
            members: orderedMembers.map {
                GroupSummary.Member(
                    memberId: $0.memberId, instanceId: $0.instanceId, clientId: $0.clientId, clientHost: $0.clientHost,
                    metadata: settledProtocol == nil ? [] : $0.metadata(of: settledProtocol), assignment: $0.assignment)
            })
    }
}

/// Where a group of the classic protocol stands; the raw values are what Kafka prints.
package enum GroupState: String, Sendable, CaseIterable {
    case empty = "Empty"
    case preparingRebalance = "PreparingRebalance"
    case completingRebalance = "CompletingRebalance"
    case stable = "Stable"
    /// A group that does not exist: only said in answers.
    case dead = "Dead"
}

/// What a group can be late for.
enum GroupTimer: Hashable, Sendable {
    /// The end of the join phase.
    case join
    /// The time by which every member of the generation has sent SyncGroup.
    case sync
    /// A member's next heartbeat, or the return of one that was told its id.
    case session(memberId: String)
}

/// How far the first rebalance of an empty group has been put off for members to come.
struct InitialDelay: Equatable, Sendable {
    /// The present extension.
    var delay: Duration
    /// What is left for extensions, of the rebalance timeout.
    var remaining: Duration
    /// Whether a member came since the present extension began.
    var memberAdded = false
}

/// A member of a group, as its last JoinGroup request described it.
struct MemberMetadata: Sendable {
    var memberId: String
    var instanceId: String?
    var clientId: String
    var clientHost: String
    var sessionTimeout: Duration
    var rebalanceTimeout: Duration
    var protocols: [MemberProtocol]
    var assignment: [UInt8] = []
    /// The JoinGroup request to answer when the join phase is over.
    var awaitingJoin: ReplyToken?
    /// The SyncGroup request to answer when the leader has assigned.
    var awaitingSync: ReplyToken?
    /// Not told a generation yet: such a member cannot heartbeat, so that its waiting is limited instead.
    var isNew = false

    var isStatic: Bool { instanceId != nil }

    /// A member that waits for the group need not heartbeat; one that is new has only so long to wait.
    var isExcusedFromHeartbeat: Bool {
        !isNew && (awaitingJoin != nil || awaitingSync != nil)
    }

    /// About how many bytes it takes.
    var heldBytes: Int {
        memberId.utf8.count + (instanceId?.utf8.count ?? 0) + clientId.utf8.count + clientHost.utf8.count
            + assignment.count + protocols.reduce(256) { $0 + $1.heldBytes }
    }

    /// The metadata sent with the named protocol; empty when there is no such protocol.
    func metadata(of name: String?) -> [UInt8] {
        protocols.first { $0.name == name }?.metadata ?? []
    }

    /// The first of the member's protocols that is among `candidates`.
    func vote(among candidates: Set<String>) -> String? {
        protocols.first { candidates.contains($0.name) }?.name
    }
}
