package import KrunWire

/// The log of a partition, in memory: batches as their producers sent them, in segments, with all that Kafka knows
/// about them.
///
/// Confined to one event loop like everything else of a broker; a slice that was read may outlive what happens to the
/// log.
package final class PartitionLog {
    /// May be replaced at any time; segments and deadlines follow at the next append or maintenance.
    package var configuration: LogConfiguration
    package let memory: LogMemory

    /// Of the first record that readers may have.
    package internal(set) var logStartOffset: Int64 = 0
    /// Of the next record to be appended.
    package internal(set) var logEndOffset: Int64 = 0
    /// One after the last record that every in-sync replica has. It follows the log end at once unless it is held.
    package internal(set) var highWatermark: Int64 = 0
    /// Set while replicas lag: then only `advanceHighWatermark(to:)` moves it. Letting go moves it to the log end.
    package var isHighWatermarkHeld = false {
        didSet {
            if !isHighWatermarkHeld { moveHighWatermark(to: logEndOffset) }
        }
    }
    package internal(set) var producers = ProducerStateTable()
    /// Bytes of all batches in all segments; a segment counts as a whole until all of it is below the log start offset.
    package internal(set) var sizeInBytes: Int64 = 0

    /// In order; never empty, the last one is written to.
    var segments: [LogSegment]
    var epochs = LeaderEpochCache()
    /// In the order of their markers.
    var aborted: [AbortedTransaction] = []
    /// Below it compaction has been.
    var firstDirtyOffset: Int64 = 0
    var maintenance = MaintenanceClock()

    /// An empty log that begins at offset 0.
    package init(configuration: LogConfiguration = LogConfiguration(), memory: LogMemory = LogMemory(), now: Now) {
        self.configuration = configuration
        self.memory = memory
        segments = [LogSegment(baseOffset: 0, now: now.wallMilliseconds)]
        maintenance.start(now)
    }

    /// One after the last record that no open transaction can still change.
    package var lastStableOffset: Int64 {
        guard let unstable = producers.firstUnstableOffset else { return highWatermark }
        return min(max(unstable, logStartOffset), highWatermark)
    }

    var activeSegment: LogSegment { segments[segments.count - 1] }

    /// Moves the high watermark forward, at most to the log end; never back.
    func moveHighWatermark(to offset: Int64) {
        let target = min(offset, logEndOffset)
        guard target > highWatermark else { return }
        highWatermark = target
        producers.passed(highWatermark: target)
    }

    /// What readers of this isolation may not reach.
    package func limit(of isolation: LogIsolation) -> Int64 {
        switch isolation {
        case .highWatermark: highWatermark
        case .lastStable: lastStableOffset
        case .logEnd: logEndOffset
        }
    }

    /// Gives all memory back and begins anew at offset 0, as when a topic is deleted.
    package func removeAll(now: Now) {
        segments = [LogSegment(baseOffset: 0, now: now.wallMilliseconds)]
        producers = ProducerStateTable()
        epochs = LeaderEpochCache()
        aborted = []
        sizeInBytes = 0
        logStartOffset = 0
        logEndOffset = 0
        highWatermark = 0
        firstDirtyOffset = 0
        maintenance.start(now)
    }
}

// MARK: - Transactions

extension PartitionLog {
    /// Ends a producer's transaction in this partition: writes the control record for it, and then readers of committed
    /// records may go on.
    ///
    /// It is written even when the transaction has no record here, as Kafka does, for it fences older epochs. Throws
    /// INVALID_PRODUCER_EPOCH, TRANSACTION_COORDINATOR_FENCED, or KAFKA_STORAGE_ERROR when the memory bound is reached.
    package func appendEndTransactionMarker(
        producerId: Int64, producerEpoch: Int16, commit: Bool, coordinatorEpoch: Int32, leaderEpoch: Int32, now: Now
    ) throws(LogError) -> LogAppendResult {
        let offset = logEndOffset
        try producers.checkMarker(
            producerId: producerId, producerEpoch: producerEpoch, coordinatorEpoch: coordinatorEpoch, offset: offset)
        let marker = EndTransactionMarker(isCommit: commit, coordinatorEpoch: coordinatorEpoch)
        let batch = marker.batch(
            producerId: producerId, producerEpoch: producerEpoch, timestamp: now.wallMilliseconds,
            timestampType: configuration.messageTimestampType)
        let written = batch.withUnsafeBytes { bytes in
            Result { () throws(LogError) in
                try write(
                    bytes, RecordBatchHeader(loading: bytes.baseAddress!), changesHeader: false,
                    leaderEpoch: leaderEpoch, now: now)
            }
        }
        try written.get()
        let ended = producers.appendMarker(
            producerId: producerId, producerEpoch: producerEpoch, coordinatorEpoch: coordinatorEpoch, offset: offset,
            timestamp: now.wallMilliseconds)
        if let ended, !commit {
            aborted.append(
                AbortedTransaction(
                    producerId: producerId, firstOffset: ended.firstOffset, lastOffset: offset,
                    lastStableOffset: ended.lastStableOffset))
        }
        if !isHighWatermarkHeld { moveHighWatermark(to: logEndOffset) }
        return LogAppendResult(
            baseOffset: offset, lastOffset: offset,
            logAppendTime: configuration.messageTimestampType == .logAppendTime ? now.wallMilliseconds : -1,
            logStartOffset: logStartOffset, isDuplicate: false, recordCount: 1, storedBytes: batch.count)
    }

    /// The producers that DescribeProducers tells of, by id.
    package func describeProducers() -> [ProducerState] {
        producers.producers.values.sorted { $0.producerId < $1.producerId }
    }
}

/// The memory that all logs of a cluster share: a bound, and what is taken of it.
///
/// It counts whole chunks, so what is reserved and not yet filled is in it.
package final class LogMemory {
    /// In bytes. May be lowered below `used`: then nothing more is given, and nothing is taken back.
    package var limit: Int
    /// In bytes.
    package private(set) var used = 0

    package init(limit: Int = .max) {
        self.limit = limit
    }

    /// Takes so many bytes of the budget; false when they are not there, and then nothing is taken.
    func reserve(_ bytes: Int) -> Bool {
        guard bytes <= limit - used else { return false }
        used += bytes
        return true
    }

    func giveBack(_ bytes: Int) {
        used -= bytes
    }
}

/// Why a log refused something: the code to answer with, and a sentence for people.
package struct LogError: Error, Equatable, Sendable {
    package var code: ErrorCode
    package var message: String
    /// The records at fault where records were judged one by one; at most `BatchValidator.maxRecordErrors` of them.
    package var recordErrors: [RecordError]
    /// The cluster's memory bound was in the way: nobody's fault but something the user must be told.
    package var exceedsMemory: Bool

    package init(
        _ code: ErrorCode, _ message: String, recordErrors: [RecordError] = [], exceedsMemory: Bool = false
    ) {
        self.code = code
        self.message = message
        self.recordErrors = recordErrors
        self.exceedsMemory = exceedsMemory
    }
}
