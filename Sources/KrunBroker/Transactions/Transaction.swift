internal import KrunNames

/// What the coordinator knows of one transactional id.
struct Transaction: Sendable {
    /// Above it no epoch is given out, so that the coordinator can always fence the last one that was.
    static let lastEpoch = Int16.max - 1

    let transactionalId: String
    var producerId: Int64
    /// The producer id before the last InitProducerId, or -1.
    var previousProducerId: Int64 = -1
    /// -1 until InitProducerId is answered for the first time.
    var producerEpoch: Int16 = -1
    /// The epoch whose holder asked for the bump to the present one (KIP-360), or -1 when another producer took over.
    var lastProducerEpoch: Int16 = -1
    var timeoutMilliseconds: Int32
    var state = TransactionState.empty
    /// Those of the ongoing transaction, or whose markers are still to be written.
    var partitions: Set<TransactionPartition> = []
    var groups: Set<ExactName> = []
    /// Of the last transaction, see `TransactionMarkers.number`.
    var number: UInt64 = 0
    var startMilliseconds: Int64 = -1
    var started = Duration.zero
    var updated = Duration.zero

    var isEpochExhausted: Bool { producerEpoch >= Self.lastEpoch }

    /// When the coordinator has to act by itself, or nil when it waits for markers.
    func deadline(_ settings: TransactionSettings) -> Duration? {
        switch state {
        case .ongoing: started + .milliseconds(timeoutMilliseconds)
        case .empty, .completeCommit, .completeAbort: updated + .milliseconds(settings.idExpirationMilliseconds)
        case .prepareCommit, .prepareAbort, .dead, .prepareEpochFence: nil
        }
    }

    func markers(coordinatorEpoch: Int32) -> TransactionMarkers {
        TransactionMarkers(
            transactionalId: transactionalId, number: number, producerId: producerId, producerEpoch: producerEpoch,
            commit: state == .prepareCommit, coordinatorEpoch: coordinatorEpoch, partitions: partitions.sorted(),
            groups: groups.sorted().map(\.text))
    }
}

/// Where a transactional id stands, by the names that Kafka prints in DescribeTransactions and ListTransactions.
package enum TransactionState: String, CaseIterable, Sendable {
    /// A producer id was given out and no transaction was begun with it.
    case empty = "Empty"
    case ongoing = "Ongoing"
    /// The end is decided; markers are being written.
    case prepareCommit = "PrepareCommit"
    case prepareAbort = "PrepareAbort"
    /// The markers are written; the same producer may begin the next transaction.
    case completeCommit = "CompleteCommit"
    case completeAbort = "CompleteAbort"
    /// Expired and forgotten: seen in events only.
    case dead = "Dead"
    /// Named as Kafka names it so that a filter on it is no unknown state; the coordinator passes through it within one call.
    case prepareEpochFence = "PrepareEpochFence"

    /// Whether the markers of the transaction are still to be written.
    package var isPreparing: Bool { self == .prepareCommit || self == .prepareAbort }
}

/// A partition that takes part in a transaction.
package struct TransactionPartition: Hashable, Comparable, Sendable {
    package let topic: String
    package let partition: Int32

    package init(topic: String, partition: Int32) {
        self.topic = topic
        self.partition = partition
    }

    package static func < (a: TransactionPartition, b: TransactionPartition) -> Bool {
        (a.topic, a.partition) < (b.topic, b.partition)
    }
}

/// The broker configs that the transaction coordinator obeys.
package struct TransactionSettings: Equatable, Sendable {
    /// `transaction.max.timeout.ms`: no producer may ask for a longer transaction timeout.
    package var maximumTimeoutMilliseconds: Int32
    /// `transactional.id.expiration.ms`: how long an unused transactional id is remembered.
    package var idExpirationMilliseconds: Int32

    package init(maximumTimeoutMilliseconds: Int32 = 900_000, idExpirationMilliseconds: Int32 = 604_800_000) {
        self.maximumTimeoutMilliseconds = maximumTimeoutMilliseconds
        self.idExpirationMilliseconds = idExpirationMilliseconds
    }
}
