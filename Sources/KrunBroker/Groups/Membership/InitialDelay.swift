/// How far the first rebalance of an empty group has been put off for members to come.
struct InitialDelay: Equatable, Sendable {
    /// The present extension.
    var delay: Duration
    /// What is left for extensions, of the rebalance timeout.
    var remaining: Duration
    /// Whether a member came since the present extension began.
    var memberAdded = false
}
