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
