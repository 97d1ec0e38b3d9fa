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
