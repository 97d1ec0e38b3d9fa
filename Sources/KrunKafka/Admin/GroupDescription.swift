/// A consumer group as its coordinator knows it.
public struct GroupDescription: Hashable, Sendable {
    public var group: String
    /// `Stable`, `Empty`, `Dead` (there is no such group), `PreparingRebalance`, `CompletingRebalance` or `Unknown`.
    public var state: String
    public var members: Int
    /// Such as `GROUP_AUTHORIZATION_FAILED`; nil when all is well.
    public var error: KafkaError?
}
