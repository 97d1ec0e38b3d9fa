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
