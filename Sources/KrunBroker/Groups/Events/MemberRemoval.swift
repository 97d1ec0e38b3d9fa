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
