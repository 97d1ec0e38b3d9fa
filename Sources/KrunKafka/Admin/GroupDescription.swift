/// A consumer group as its coordinator knows it.
public struct GroupDescription: Hashable, Sendable {
    public struct Member: Hashable, Sendable {
        /// Made by the coordinator: `rdkafka-0f1e…`.
        public var id: String
        public var clientID: String
        /// As the coordinator sees the member's address: `/127.0.0.1`.
        public var host: String
        /// `group.instance.id`, read from the member's id; nil for a member that is not static, and for one whose client id is the same.
        public var instanceID: String?
        /// What it was given of what the cluster has, in order; empty while a rebalance is under way.
        public var partitions: [TopicPartition]
        /// How many more partitions its assignment names: those that the cluster does not have, and repetitions.
        public var unknownPartitions: Int
        /// Whether the bytes of its assignment are not what consumers write.
        public var hasUnreadableAssignment: Bool
        /// In bytes; nil while the group is not stable, when brokers do not tell it.
        public var subscriptionSize: Int?

        public init(
            id: String, clientID: String, host: String, instanceID: String? = nil, partitions: [TopicPartition] = [],
            unknownPartitions: Int = 0, hasUnreadableAssignment: Bool = false, subscriptionSize: Int? = nil
        ) {
            self.id = id
            self.clientID = clientID
            self.host = host
            self.instanceID = instanceID
            self.partitions = partitions
            self.unknownPartitions = unknownPartitions
            self.hasUnreadableAssignment = hasUnreadableAssignment
            self.subscriptionSize = subscriptionSize
        }

        /// The longest subscription that a client of librdkafka can be trusted to read.
        private static let maximumSubscription = 1 << 20

        /// Whether a client of librdkafka that is made the leader of this member's group dies of it.
        ///
        /// In every version up to 2.15 it ends the process when it is handed an empty subscription, and it puts all names of a
        /// subscription on its stack.
        public var killsLeaders: Bool {
            subscriptionSize.map { $0 == 0 || $0 > Self.maximumSubscription } ?? false
        }
    }

    public var group: String
    /// As the coordinator says: `Stable`, `Empty`, `PreparingRebalance`, `CompletingRebalance`, or `Dead` (there is no such group);
    /// `Unknown` where the error says why.
    ///
    /// A group of the next-generation protocol (KIP-848) is `Dead` too: librdkafka asks about it in the classic way.
    public var state: String
    /// Nil for a group that no broker tells of.
    public var coordinator: ClusterMetadata.Broker?
    /// Such as `range`; nil while the group has none.
    public var assignor: String?
    public var members: [Member]
    /// Such as `GROUP_AUTHORIZATION_FAILED`; nil when all is well.
    public var error: KafkaError?

    public init(
        group: String, state: String, coordinator: ClusterMetadata.Broker? = nil, assignor: String? = nil,
        members: [Member], error: KafkaError? = nil
    ) {
        self.group = group
        self.state = state
        self.coordinator = coordinator
        self.assignor = assignor
        self.members = members
        self.error = error
    }
}

extension GroupDescription {
    /// A member beside whom nobody should join with librdkafka; nil where there is none.
    public var memberThatKillsLeaders: Member? { members.first(where: \.killsLeaders) }
}
