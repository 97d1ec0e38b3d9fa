/// What a log remembers of a producer id: enough to find duplicates and gaps, to fence old epochs, and its open
/// transaction.
package struct ProducerState: Equatable, Sendable {
    /// One of the latest batches, by which a retry is recognised.
    package struct Batch: Equatable, Sendable {
        package var firstSequence: Int32
        package var lastSequence: Int32
        package var firstOffset: Int64
        package var lastOffset: Int64
        /// The batch's greatest.
        package var timestamp: Int64
    }

    /// As many as a producer may have in flight.
    static let batchesKept = 5

    package var producerId: Int64
    /// -1 until something was written.
    package var producerEpoch: Int16 = -1
    /// Of the transaction coordinator that wrote the last marker; -1 when there was none.
    package var coordinatorEpoch: Int32 = -1
    /// Of the last batch or marker; -1 for none.
    package var lastTimestamp: Int64 = -1
    /// Of the open transaction's first record; nil when none is open.
    package var currentTransactionFirstOffset: Int64?
    /// The latest, oldest first, of the current epoch only.
    package var batches: [Batch] = []

    init(producerId: Int64) {
        self.producerId = producerId
    }

    /// -1 when no batch of this epoch is known.
    package var lastSequence: Int32 { batches.last?.lastSequence ?? -1 }

    mutating func change(epoch: Int16) {
        guard epoch != producerEpoch else { return }
        batches.removeAll()
        producerEpoch = epoch
    }

    mutating func add(_ batch: Batch) {
        if batches.count == Self.batchesKept { batches.removeFirst() }
        batches.append(batch)
        lastTimestamp = batch.timestamp
    }
}
