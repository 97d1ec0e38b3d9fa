internal import KrunWire

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

/// The producers that wrote to a log with an id: sequences, epochs and open transactions (KIP-98).
package struct ProducerStateTable: Equatable, Sendable {
    private struct OpenTransaction: Equatable {
        var firstOffset: Int64
        var producerId: Int64
    }

    private(set) package var producers: [Int64: ProducerState] = [:]
    /// In the order of their first offsets.
    private var open: [OpenTransaction] = []
    /// Ended, but with a marker that the high watermark had not passed when last looked at.
    private var unreplicated: [(firstOffset: Int64, lastOffset: Int64)] = []

    package init() {}

    package static func == (a: ProducerStateTable, b: ProducerStateTable) -> Bool {
        a.producers == b.producers && a.open == b.open && a.unreplicated.elementsEqual(b.unreplicated, by: ==)
    }

    /// Where the first transaction begins that readers of committed records must wait for.
    var firstUnstableOffset: Int64? {
        let undecided = open.first?.firstOffset
        let unreplicated = unreplicated.map(\.firstOffset).min()
        guard let undecided, let unreplicated else { return undecided ?? unreplicated }
        return min(undecided, unreplicated)
    }

    func hasOpenTransaction(_ producerId: Int64) -> Bool {
        producers[producerId]?.currentTransactionFirstOffset != nil
    }

    /// The batch that this one repeats, if it is among the producer's latest.
    func duplicate(of header: RecordBatchHeader) -> ProducerState.Batch? {
        guard let state = producers[header.producerId], state.producerEpoch == header.producerEpoch else { return nil }
        let last = header.lastSequence
        return state.batches.first { $0.firstSequence == header.baseSequence && $0.lastSequence == last }
    }

    /// Judges a batch that is about to be appended with these offsets, and changes nothing.
    ///
    /// Throws INVALID_PRODUCER_EPOCH for an epoch that was succeeded; from clients OUT_OF_ORDER_SEQUENCE_NUMBER for a
    /// gap or an old duplicate; INVALID_TXN_STATE for a plain batch while a transaction is open.
    func check(_ header: RecordBatchHeader, firstOffset: Int64, origin: LogAppendOrigin) throws(LogError) {
        let id = header.producerId
        let state = producers[id]
        try checkEpoch(header.producerEpoch, of: state, id, firstOffset)
        guard let state else { return }
        if origin == .client { try checkSequence(header, of: state, firstOffset) }
        if state.currentTransactionFirstOffset != nil && !header.isTransactional {
            throw LogError(
                .invalidTxnState,
                "Expected transactional write from producer \(id) at offset \(firstOffset): its transaction is open.")
        }
    }

    private func checkEpoch(
        _ epoch: Int16, of state: ProducerState?, _ id: Int64, _ offset: Int64
    ) throws(LogError) {
        guard let state, epoch < state.producerEpoch else { return }
        throw LogError(
            .invalidProducerEpoch,
            "Epoch of producer \(id) at offset \(offset) is \(epoch), less than the last seen epoch "
                + "\(state.producerEpoch)."
        )
    }

    private func checkSequence(
        _ header: RecordBatchHeader, of state: ProducerState, _ offset: Int64
    ) throws(LogError) {
        let first = header.baseSequence
        if header.producerEpoch != state.producerEpoch {
            guard first != 0, state.producerEpoch != -1 else { return }
            throw LogError(
                .outOfOrderSequenceNumber,
                "Sequence number \(first) of producer \(state.producerId) at offset \(offset) is not 0 in its new "
                    + "epoch \(header.producerEpoch); the current epoch is \(state.producerEpoch).")
        }
        let last = state.lastSequence
        guard Int64(first) == Int64(last) + 1 || (first == 0 && last == .max) else {
            throw LogError(
                .outOfOrderSequenceNumber,
                "Out of order sequence number for producer \(state.producerId) at offset \(offset): \(first) "
                    + "(incoming), \(last) (current end).")
        }
    }

    /// Notes a batch that was appended.
    mutating func append(_ header: RecordBatchHeader, firstOffset: Int64, lastOffset: Int64, maxTimestamp: Int64) {
        let batch = ProducerState.Batch(
            firstSequence: header.baseSequence, lastSequence: header.lastSequence, firstOffset: firstOffset,
            lastOffset: lastOffset, timestamp: maxTimestamp)
        let id = header.producerId
        let begins = header.isTransactional && !hasOpenTransaction(id)
        producers[id, default: ProducerState(producerId: id)].change(epoch: header.producerEpoch)
        producers[id]?.add(batch)
        if begins {
            producers[id]?.currentTransactionFirstOffset = firstOffset
            open.append(OpenTransaction(firstOffset: firstOffset, producerId: id))
        }
    }

    /// Judges a marker, and changes nothing. Throws INVALID_PRODUCER_EPOCH, or TRANSACTION_COORDINATOR_FENCED when a
    /// newer coordinator wrote one before.
    func checkMarker(
        producerId: Int64, producerEpoch: Int16, coordinatorEpoch: Int32, offset: Int64
    ) throws(LogError) {
        let state = producers[producerId]
        try checkEpoch(producerEpoch, of: state, producerId, offset)
        if let state, state.coordinatorEpoch > coordinatorEpoch {
            throw LogError(
                .transactionCoordinatorFenced,
                "Invalid coordinator epoch for producer \(producerId) at offset \(offset): \(coordinatorEpoch) "
                    + "(zombie), \(state.coordinatorEpoch) (current).")
        }
    }

    /// Notes a marker that was appended at this offset; gives back the first offset of the transaction it ended and the
    /// last stable offset afterwards, or nil when it had no record here.
    mutating func appendMarker(
        producerId: Int64, producerEpoch: Int16, coordinatorEpoch: Int32, offset: Int64, timestamp: Int64
    ) -> (firstOffset: Int64, lastStableOffset: Int64)? {
        var state = producers[producerId] ?? ProducerState(producerId: producerId)
        let first = state.currentTransactionFirstOffset
        state.change(epoch: producerEpoch)
        state.coordinatorEpoch = coordinatorEpoch
        state.currentTransactionFirstOffset = nil
        state.lastTimestamp = timestamp
        producers[producerId] = state
        guard let first else { return nil }
        open.removeAll { $0.producerId == producerId }
        unreplicated.append((firstOffset: first, lastOffset: offset))
        return (first, open.first?.firstOffset ?? offset + 1)
    }

    /// Forgets ended transactions whose marker is below this offset.
    mutating func passed(highWatermark: Int64) {
        guard !unreplicated.isEmpty else { return }
        unreplicated.removeAll { $0.lastOffset < highWatermark }
    }

    /// Forgets producers that wrote nothing for so long, unless a transaction of theirs is open.
    mutating func expire(nowMilliseconds: Int64, afterMilliseconds: Int64) {
        let expired = producers.values.filter {
            $0.currentTransactionFirstOffset == nil && nowMilliseconds &- $0.lastTimestamp >= afterMilliseconds
        }
        for state in expired { producers[state.producerId] = nil }
    }
}
