/// What the server is to do after a step of the group coordinator, in this order.
package enum GroupAction: Equatable, Sendable {
    case answerJoin(ReplyToken, JoinAnswer)
    case answerSync(ReplyToken, SyncAnswer)
    /// Nothing to do: what happened, for observers and transcripts.
    case event(GroupEvent)
}

/// What a group needs to handle one thing, and what comes of it.
struct GroupStep {
    let now: Now
    let configuration: GroupConfiguration
    private(set) var actions: [GroupAction] = []

    init(now: Now, configuration: GroupConfiguration) {
        self.now = now
        self.configuration = configuration
    }

    mutating func answer(_ token: ReplyToken, _ answer: JoinAnswer) {
        actions.append(.answerJoin(token, answer))
    }

    mutating func answer(_ token: ReplyToken, _ answer: SyncAnswer) {
        actions.append(.answerSync(token, answer))
    }

    mutating func tell(_ event: GroupEvent) {
        actions.append(.event(event))
    }
}

/// Names a request that is answered later; the server gives it and finds the connection by it.
///
/// A token is used for one request only, and answered exactly once.
package struct ReplyToken: Hashable, Sendable {
    package var number: UInt64

    package init(_ number: UInt64) {
        self.number = number
    }
}

/// Something that happened to a group.
package enum GroupEvent: Equatable, Sendable {
    case stateChanged(group: String, from: GroupState, to: GroupState, generation: Int32)
    /// A member without an id was told one, and is expected back with it.
    case memberIdGiven(group: String, memberId: String)
    case memberJoined(group: String, memberId: String, instanceId: String?, clientId: String, reason: String?)
    /// A static member came back under a new id; the old one is fenced.
    case memberReplaced(group: String, instanceId: String, oldMemberId: String, memberId: String)
    /// Also for a member that was only told an id.
    case memberRemoved(group: String, memberId: String, instanceId: String?, why: MemberRemoval)
    case rebalanceStarted(group: String, generation: Int32, cause: RebalanceCause)
    /// All members were told the new generation; the leader is to assign.
    case generationStarted(group: String, generation: Int32, assignor: String, leader: String, members: [String])
    /// The leader's assignments arrived and were passed on.
    case assigned(group: String, generation: Int32, assignments: [SyncRequest.Assignment])
    /// `producerId` is that of the transaction the offsets came with, if they did.
    case offsetsCommitted(group: String, memberId: String, generation: Int32, producerId: Int64?, [CommittedPartition])
    /// Offsets wait for the end of a transaction.
    case offsetsPending(group: String, memberId: String, generation: Int32, producerId: Int64, [CommittedPartition])
    case offsetsDropped(group: String, producerId: Int64, [GroupPartition])
    case offsetsDeleted(group: String, [GroupPartition])
    case offsetsExpired(group: String, [GroupPartition])
    /// Asked for, or nothing was left of it.
    case groupDeleted(group: String)
}

/// Why a member is no longer in its group.
package enum MemberRemoval: Equatable, Sendable {
    case left(reason: String?)
    /// No heartbeat within the session timeout, or no second JoinGroup after the first.
    case sessionExpired
    /// No JoinGroup within the rebalance timeout.
    case didNotRejoin
    /// No SyncGroup within the rebalance timeout.
    case didNotSync
    /// More members than `group.max.size`.
    case groupFull
    /// Thrown out by a fault that was asked for.
    case expelled
}

/// What made a group rebalance.
package enum RebalanceCause: Equatable, Sendable {
    case memberJoined(memberId: String, reason: String?)
    /// The leader joined again, for reasons of its own (such as a topic's partitions).
    case leaderRejoined(memberId: String, reason: String?)
    case protocolsChanged(memberId: String, reason: String?)
    /// The leader assigned more than can be kept, and nothing was.
    case assignmentTooLarge(memberId: String)
    case membersRemoved(memberIds: [String], why: MemberRemoval)
}
