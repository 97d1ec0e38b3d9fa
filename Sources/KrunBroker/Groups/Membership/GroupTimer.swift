/// What a group can be late for.
enum GroupTimer: Hashable, Sendable {
    /// The end of the join phase.
    case join
    /// The time by which every member of the generation has sent SyncGroup.
    case sync
    /// A member's next heartbeat, or the return of one that was told its id.
    case session(memberId: String)
}
