/// Something that happened in a cluster, as plain values.
///
/// Texts that a client chose (ids, reasons) are cut after 256 bytes.
public struct BrokerEvent: Hashable, Sendable {
    public enum Kind: Hashable, Sendable {
        case requestServed(ServedRequest)
        /// A request of an API or version that is not served here; its connection is closed, as Kafka does.
        case requestNotServed(UnservedRequest)
        /// A client asked for the group protocol `consumer` (KIP-848), which this broker does not have.
        case groupProtocolNotServed(group: String, client: String?)
        /// `connection` counts the connections of the cluster; `peer` is the client's address.
        case connectionOpened(broker: Int32, connection: UInt64, peer: String)
        case connectionClosed(broker: Int32, connection: UInt64, reason: String)
        /// The first request of a connection said who is there.
        case clientIdentified(IdentifiedClient)
        /// States by Kafka's names: `Empty`, `PreparingRebalance`, `CompletingRebalance`, `Stable`, `Dead`.
        case groupChanged(group: String, from: String, to: String, generation: Int32)
        case memberJoined(group: String, member: String, client: String)
        case memberLeft(group: String, member: String, reason: String)
        case rebalanceStarted(GroupRebalance)
        /// The members of a generation were told their partitions.
        case partitionsAssigned(GroupAssignment)
        case offsetsCommitted(CommittedOffsets)
        /// `partitions`: how many; their topic was deleted, their retention time is over, or it was asked for.
        case offsetsDeleted(group: String, partitions: Int)
        case groupDeleted(group: String)
        case recordsAppended(AppendedRecords)
        /// Nil for no leader.
        case leaderChanged(topic: String, partition: Int32, from: Int32?, to: Int32?, epoch: Int32)
        /// Of a group or, if `isTransactional`, of a transactional id.
        case coordinatorMoved(key: String, isTransactional: Bool, from: Int32, to: Int32)
        case brokerStopped(Int32)
        case brokerStarted(Int32)
        /// `client`: its `client.id`, nil where none asked for it; `isAutomatic`: by `auto.create.topics.enable`.
        case topicCreated(topic: String, partitions: Int32, client: String? = nil, isAutomatic: Bool = false)
        /// `partitions`: how many it has now.
        case partitionsAdded(topic: String, partitions: Int32, client: String? = nil)
        case topicDeleted(topic: String, client: String? = nil)
        /// A client had the records before this offset deleted.
        case recordsDeleted(topic: String, partition: Int32, before: Int64, client: String? = nil)
        case configsChanged(ConfigsChange)
        /// Records for this partition were refused: `limit` bytes are the most that the cluster may keep.
        case memoryLimitReached(topic: String, partition: Int32, limit: Int)
        case faultFired(FaultID, rule: String, request: RequestKind, client: String?)
        /// States by Kafka's names: `Ongoing`, `PrepareCommit`, `CompleteCommit`, ...
        case transactionChanged(TransactionChange)
    }

    /// The reason of `connectionClosed` where the client did it.
    public static let closedByClient = Connection.CloseReason.byClient.rawValue

    /// The reason of `connectionClosed` after `requestNotServed`.
    public static let closedAsNotServed = Connection.CloseReason.notServed.rawValue

    /// Since the cluster started.
    public let time: Duration
    public let kind: Kind

    public init(at time: Duration, _ kind: Kind) {
        self.time = time
        self.kind = kind.bounded
    }
}

extension BrokerEvent.Kind {
    /// With what a client chose cut, where the payload's own initializer has not done it.
    fileprivate var bounded: BrokerEvent.Kind {
        switch self {
        case .connectionClosed(let broker, let connection, let reason):
            .connectionClosed(broker: broker, connection: connection, reason: reason.bounded)
        case .groupChanged(let group, let from, let to, let generation):
            .groupChanged(group: group.bounded, from: from, to: to, generation: generation)
        case .memberJoined(let group, let member, let client):
            .memberJoined(group: group.bounded, member: member.bounded, client: client.bounded)
        case .memberLeft(let group, let member, let reason):
            .memberLeft(group: group.bounded, member: member.bounded, reason: reason.bounded)
        case .coordinatorMoved(let key, let isTransactional, let from, let to):
            .coordinatorMoved(key: key.bounded, isTransactional: isTransactional, from: from, to: to)
        case .faultFired(let id, let rule, let request, let client):
            .faultFired(id, rule: rule, request: request, client: client?.bounded)
        case .offsetsDeleted(let group, let partitions):
            .offsetsDeleted(group: group.bounded, partitions: partitions)
        case .groupDeleted(let group): .groupDeleted(group: group.bounded)
        case .groupProtocolNotServed(let group, let client):
            .groupProtocolNotServed(group: group.bounded, client: client?.bounded)
        case .topicCreated(let topic, let partitions, let client, let isAutomatic):
            .topicCreated(topic: topic, partitions: partitions, client: client?.bounded, isAutomatic: isAutomatic)
        case .partitionsAdded(let topic, let partitions, let client):
            .partitionsAdded(topic: topic, partitions: partitions, client: client?.bounded)
        case .topicDeleted(let topic, let client): .topicDeleted(topic: topic, client: client?.bounded)
        case .recordsDeleted(let topic, let partition, let offset, let client):
            .recordsDeleted(topic: topic, partition: partition, before: offset, client: client?.bounded)
        case .requestServed, .requestNotServed, .connectionOpened, .clientIdentified, .rebalanceStarted,
            .partitionsAssigned,
            .offsetsCommitted, .recordsAppended, .leaderChanged, .brokerStopped, .brokerStarted, .memoryLimitReached,
            .configsChanged, .transactionChanged:
            self
        }
    }
}

extension BrokerEvent {
    /// A request that was answered, or would have been.
    public struct ServedRequest: Hashable, Sendable {
        public let broker: Int32
        public let request: RequestKind
        public let version: Int16
        public let client: String?
        public let correlationId: Int32
        /// From the last byte of the request to the answer.
        public let latency: Duration
        /// The first error in the answer; nil: none.
        public let error: KafkaErrorName?
        public let bytesIn: Int
        public let bytesOut: Int

        public init(
            broker: Int32, request: RequestKind, version: Int16, client: String?, correlationId: Int32,
            latency: Duration, error: KafkaErrorName?, bytesIn: Int, bytesOut: Int
        ) {
            self.broker = broker
            self.request = request
            self.version = version
            self.client = client?.bounded
            self.correlationId = correlationId
            self.latency = latency
            self.error = error
            self.bytesIn = bytesIn
            self.bytesOut = bytesOut
        }
    }

    /// A request that ended its connection, for this broker has no answer to it.
    public struct UnservedRequest: Hashable, Sendable {
        public let broker: Int32
        /// Counts the connections of the cluster.
        public let connection: UInt64
        /// The client's address.
        public let peer: String
        public let request: RequestKind
        public let version: Int16
        public let client: String?
        /// Nil where the request is not served in any version.
        public let servedVersions: ClosedRange<Int16>?

        package init(
            broker: Int32, connection: UInt64, peer: String, request: RequestKind, version: Int16, client: String?,
            servedVersions: ClosedRange<Int16>?
        ) {
            self.broker = broker
            self.connection = connection
            self.peer = peer
            self.request = request
            self.version = version
            self.client = client?.bounded
            self.servedVersions = servedVersions
        }
    }

    /// A record batch that a partition took.
    public struct AppendedRecords: Hashable, Sendable {
        public let topic: String
        public let partition: Int32
        public let baseOffset: Int64
        public let count: Int
        public let bytes: Int
        /// Nil for a producer that is not idempotent.
        public let producerId: Int64?
        /// Whether it is the marker of a transaction's end, which the broker wrote.
        public let isMarker: Bool

        public init(
            topic: String, partition: Int32, baseOffset: Int64, count: Int, bytes: Int, producerId: Int64?,
            isMarker: Bool = false
        ) {
            self.topic = topic
            self.partition = partition
            self.baseOffset = baseOffset
            self.count = count
            self.bytes = bytes
            self.producerId = producerId
            self.isMarker = isMarker
        }
    }

    /// A transactional id went from one state to the next.
    public struct TransactionChange: Hashable, Sendable {
        public let transactionalId: String
        public let producerId: Int64
        public let producerEpoch: Int16
        public let from: String
        public let to: String
        /// `initialized`, `begun`, `ended`, `fenced`, `timedOut`, `markersWritten` or `expired`.
        public let cause: String

        package init(_ event: TransactionEvent) {
            transactionalId = event.transactionalId.bounded
            producerId = event.producerId
            producerEpoch = event.producerEpoch
            from = event.from.rawValue
            to = event.to.rawValue
            cause = event.cause.rawValue
        }
    }
}

// MARK: - Clients

extension BrokerEvent {
    /// Whose connection it is, as the first request on it says.
    public struct IdentifiedClient: Hashable, Sendable {
        public let broker: Int32
        /// Counts the connections of the cluster.
        public let connection: UInt64
        /// The client's address.
        public let peer: String
        /// Its `client.id`.
        public let client: String?
        /// Such as `librdkafka`; nil where the client does not say (KIP-511).
        public let softwareName: String?
        public let softwareVersion: String?

        package init(
            broker: Int32, connection: UInt64, peer: String, client: String?, softwareName: String?,
            softwareVersion: String?
        ) {
            self.broker = broker
            self.connection = connection
            self.peer = peer
            self.client = client?.bounded
            self.softwareName = softwareName?.bounded
            self.softwareVersion = softwareVersion?.bounded
        }
    }

    /// A client set configs of a topic or of brokers.
    public struct ConfigsChange: Hashable, Sendable {
        public enum Resource: Hashable, Sendable {
            case topic(String)
            case broker(Int32)
            case allBrokers
        }

        public struct Change: Hashable, Sendable {
            public let name: String
            /// Nil: back to what is the default.
            public let value: String?

            package init(name: String, value: String?) {
                self.name = name.bounded
                self.value = value?.bounded
            }
        }

        public let resource: Resource
        /// In the order of their names, 64 at most.
        public let changes: [Change]
        public let client: String?

        package init(resource: Resource, changes: [Change], client: String?) {
            self.resource = resource
            self.changes = Array(changes.prefix(64))
            self.client = client?.bounded
        }
    }
}

extension BrokerEvent.IdentifiedClient: CustomStringConvertible {
    public var description: String {
        let software = [softwareName, softwareVersion].compactMap { $0?.oneLine }.joined(separator: " ")
        return "broker \(broker): connection \(connection) is \(client.map(\.oneLine) ?? "of a client without an id")"
            + (software.isEmpty ? "" : ", \(software)")
    }
}

extension BrokerEvent.ConfigsChange: CustomStringConvertible {
    public var description: String {
        let thing =
            switch resource {
            case .topic(let topic): topic.oneLine
            case .broker(let id): "broker \(id)"
            case .allBrokers: "all brokers"
            }
        let changes = changes.map { "\($0.name.oneLine) \($0.value.map { "= \($0.oneLine)" } ?? "by default")" }
        return "\(thing): \(changes.joined(separator: ", "))\(BrokerEvent.Kind.by(client))"
    }
}
