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
