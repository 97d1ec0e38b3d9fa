/// A member of a group, as its last JoinGroup request described it.
struct GroupMember: Sendable {
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
