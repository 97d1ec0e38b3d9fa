package import KrunWire

/// What a transactional request is answered, and what is to be done.
package struct TransactionAnswer: Equatable, Sendable {
    package var errorCode: ErrorCode
    package var actions: [TransactionAction]

    package init(errorCode: ErrorCode, actions: [TransactionAction] = []) {
        self.errorCode = errorCode
        self.actions = actions
    }
}

/// What InitProducerId is answered, and what is to be done.
package struct InitProducerIdAnswer: Equatable, Sendable {
    package var errorCode: ErrorCode
    /// -1 with an error.
    package var producerId: Int64
    /// -1 with an error.
    package var producerEpoch: Int16
    package var actions: [TransactionAction]

    package init(
        errorCode: ErrorCode, producerId: Int64 = -1, producerEpoch: Int16 = -1, actions: [TransactionAction] = []
    ) {
        self.errorCode = errorCode
        self.producerId = producerId
        self.producerEpoch = producerEpoch
        self.actions = actions
    }
}

/// What the server has to do after the coordinator handled something, in this order.
package enum TransactionAction: Equatable, Sendable {
    /// Append the markers, then tell the coordinator which are written.
    case writeMarkers(TransactionMarkers)
    case event(TransactionEvent)
}

/// A change of a transactional id's state.
package struct TransactionEvent: Equatable, Sendable {
    package enum Cause: String, Sendable {
        /// InitProducerId gave the producer its id and epoch.
        case initialized
        /// The first partition or group was added.
        case begun
        /// EndTxn asked for it.
        case ended
        /// A new producer with the same transactional id put an end to it.
        case fenced
        /// The transaction timeout passed.
        case timedOut
        /// Every marker is written.
        case markersWritten
        /// Nothing was heard for `transactional.id.expiration.ms`.
        case expired
    }

    package let transactionalId: String
    package let producerId: Int64
    package let producerEpoch: Int16
    package let from: TransactionState
    package let to: TransactionState
    package let cause: Cause

    package init(
        transactionalId: String, producerId: Int64, producerEpoch: Int16, from: TransactionState, to: TransactionState,
        cause: Cause
    ) {
        self.transactionalId = transactionalId
        self.producerId = producerId
        self.producerEpoch = producerEpoch
        self.from = from
        self.to = to
        self.cause = cause
    }
}

/// The end of one transaction, to be made known to every partition and group that took part in it.
///
/// The server appends a control batch to each partition and completes the offsets of each group, then hands what it did to
/// `TransactionCoordinator.markersWritten(_:now:)`; it may hand over a part, when a partition is not available, and the rest later.
package struct TransactionMarkers: Equatable, Sendable {
    package let transactionalId: String
    /// Counts the transactions of the coordinator, so that a late report is never taken for the next transaction's.
    package let number: UInt64
    package let producerId: Int64
    package let producerEpoch: Int16
    package let commit: Bool
    /// Goes into the control record (`EndTransactionMarker`).
    package let coordinatorEpoch: Int32
    /// In order of topic and number.
    package var partitions: [TransactionPartition]
    /// The ids of the groups whose offsets were committed within the transaction, in order.
    package var groups: [String]

    package init(
        transactionalId: String, number: UInt64, producerId: Int64, producerEpoch: Int16, commit: Bool,
        coordinatorEpoch: Int32, partitions: [TransactionPartition], groups: [String]
    ) {
        self.transactionalId = transactionalId
        self.number = number
        self.producerId = producerId
        self.producerEpoch = producerEpoch
        self.commit = commit
        self.coordinatorEpoch = coordinatorEpoch
        self.partitions = partitions
        self.groups = groups
    }
}

/// A transactional id as DescribeTransactions shows it.
package struct TransactionDescription: Equatable, Sendable {
    package let transactionalId: String
    package var errorCode: ErrorCode
    /// Kafka's name of the state; empty with an error.
    package var state = ""
    package var timeoutMilliseconds: Int32 = 0
    /// When the last transaction began, in milliseconds since 1970; -1 before the first one.
    package var startMilliseconds: Int64 = 0
    package var producerId: Int64 = 0
    package var producerEpoch: Int16 = 0
    /// Those whose markers are still to be written, in order of topic and number.
    package var partitions: [TransactionPartition] = []
    /// Kafka shows the partitions of `__consumer_offsets` that these groups belong to.
    package var groups: [String] = []
}

/// The transactional ids that ListTransactions found.
package struct TransactionListing: Equatable, Sendable {
    package struct Entry: Equatable, Sendable {
        package let transactionalId: String
        package let producerId: Int64
        /// Kafka's name of the state.
        package let state: String
    }

    /// The states asked for that do not exist.
    package var unknownStateFilters: [String] = []
    /// In order of transactional id.
    package var transactions: [Entry] = []
}
