/// A consumer group as its coordinator knows it.
public struct GroupDescription: Hashable, Sendable {
    public struct Member: Hashable, Sendable {
        /// Made by the coordinator: `rdkafka-0f1e…`.
        public var id: String
        public var clientID: String
        /// As the coordinator sees the member's address: `/127.0.0.1`.
        public var host: String
        /// `group.instance.id`; nil for a member that is not static.
        public var instanceID: String?
        /// What it was given, in order; empty while a rebalance is under way.
        public var partitions: [TopicPartition]
    }

    public var group: String
    /// `Stable`, `Empty`, `Dead` (there is no such group), `PreparingRebalance`, `CompletingRebalance` or `Unknown`.
    ///
    /// A group of the next-generation protocol (KIP-848) is `Dead` too: librdkafka 2.0 asks about it in the classic way.
    public var state: String
    /// Nil where the error says why.
    public var coordinator: ClusterMetadata.Broker?
    /// Such as `range`; nil while the group has none.
    public var assignor: String?
    public var members: [Member]
    /// Such as `GROUP_AUTHORIZATION_FAILED`; nil when all is well.
    public var error: KafkaError?
}
