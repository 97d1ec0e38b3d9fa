/// The brokers and topics of a cluster at one moment.
public struct ClusterMetadata: Hashable, Sendable {
    public struct Broker: Hashable, Sendable {
        public var id: Int32
        public var host: String
        public var port: Int
    }

    public struct Partition: Hashable, Sendable {
        public var id: Int32
        /// The leading broker, or −1 while there is none.
        public var leader: Int32
        public var replicas: [Int32]
        /// The replicas that have all that was acknowledged.
        public var inSyncReplicas: [Int32]
        /// Such as `LEADER_NOT_AVAILABLE`; nil when all is well.
        public var error: KafkaError?
    }

    public struct Topic: Hashable, Sendable {
        public var name: String
        /// In the order of their numbers.
        public var partitions: [Partition]
        /// Such as `UNKNOWN_TOPIC_OR_PART`; nil when all is well.
        public var error: KafkaError?
    }

    public var brokers: [Broker]
    public var topics: [Topic]
}
