internal import KrunWire

extension PartitionLog {
    /// Appends the one batch that a producer sent, at the end of the log.
    ///
    /// What follows the batch without being a whole one is ignored, as Kafka does. Kept as sent but for base offset and
    /// leader epoch, unless the topic sets timestamps or the codec itself. When it throws, no record, offset or
    /// producer has changed.
    ///
    /// - Parameters:
    ///   - produceVersion: Of the request, which decides whether zstd is allowed.
    ///   - isVerified: The transaction coordinator knows that the producer's transaction includes this partition
    ///     (KIP-890).
    ///
    /// Throws, in this order: CORRUPT_MESSAGE, INVALID_RECORD, UNSUPPORTED_COMPRESSION_TYPE, MESSAGE_TOO_LARGE for the
    /// batch as such; INVALID_TIMESTAMP or INVALID_RECORD with record errors; RECORD_LIST_TOO_LARGE when it exceeds
    /// `segment.bytes`; INVALID_TXN_STATE, INVALID_PRODUCER_EPOCH, OUT_OF_ORDER_SEQUENCE_NUMBER by the producer's
    /// state; KAFKA_STORAGE_ERROR when the memory bound is reached.
    package func append(
        _ bytes: UnsafeRawBufferPointer, leaderEpoch: Int32, now: Now, origin: LogAppendOrigin = .client,
        produceVersion: Int16 = .max, isVerified: Bool = true
    ) throws(LogError) -> LogAppendResult {
        var validator = BatchValidator(
            configuration: configuration, nowMilliseconds: now.wallMilliseconds, origin: origin,
            produceVersion: produceVersion)
        let accepted = try validator.validate(bytes)
        guard let rewritten = accepted.rewritten else {
            return try store(
                accepted.sent, accepted, leaderEpoch: leaderEpoch, now: now, origin: origin, isVerified: isVerified)
        }
        let result = rewritten.withUnsafeBytes { batch in
            Result { () throws(LogError) in
                try store(batch, accepted, leaderEpoch: leaderEpoch, now: now, origin: origin, isVerified: isVerified)
            }
        }
        return try result.get()
    }

    /// The same from an array.
    package func append(
        _ bytes: [UInt8], leaderEpoch: Int32, now: Now, origin: LogAppendOrigin = .client,
        produceVersion: Int16 = .max, isVerified: Bool = true
    ) throws(LogError) -> LogAppendResult {
        let result = bytes.withUnsafeBytes { pointer in
            Result { () throws(LogError) in
                try append(
                    pointer, leaderEpoch: leaderEpoch, now: now, origin: origin, produceVersion: produceVersion,
                    isVerified: isVerified)
            }
        }
        return try result.get()
    }

    private func store(
        _ batch: UnsafeRawBufferPointer, _ accepted: BatchValidator.Accepted, leaderEpoch: Int32, now: Now,
        origin: LogAppendOrigin, isVerified: Bool
    ) throws(LogError) -> LogAppendResult {
        let header = accepted.header
        guard batch.count <= configuration.segmentBytes else {
            throw LogError(
                .recordListTooLarge,
                "The record batch has \(batch.count) bytes, more than segment.bytes: \(configuration.segmentBytes).")
        }
        let baseOffset = logEndOffset
        let (lastOffset, overflows) = baseOffset.addingReportingOverflow(Int64(header.lastOffsetDelta))
        guard !overflows, lastOffset < .max else {
            throw LogError(.unknownServerError, "There are no offsets left in this partition.")
        }
        if header.hasProducerId {
            if origin == .client, let original = producers.duplicate(of: header) {
                return LogAppendResult(
                    baseOffset: original.firstOffset, lastOffset: original.lastOffset,
                    logAppendTime: original.timestamp,
                    logStartOffset: logStartOffset, isDuplicate: true, recordCount: Int(header.recordCount),
                    storedBytes: 0)
            }
            if header.isTransactional && !isVerified && !producers.hasOpenTransaction(header.producerId) {
                throw LogError(.invalidTxnState, "Record was not part of an ongoing transaction.")
            }
            try producers.check(header, firstOffset: baseOffset, origin: origin)
        }
        try write(batch, header, changesHeader: accepted.changesHeader, leaderEpoch: leaderEpoch, now: now)
        if header.hasProducerId {
            producers.append(
                header, firstOffset: baseOffset, lastOffset: lastOffset, maxTimestamp: header.maxTimestamp)
        }
        if !isHighWatermarkHeld { moveHighWatermark(to: logEndOffset) }
        return LogAppendResult(
            baseOffset: baseOffset, lastOffset: lastOffset,
            logAppendTime: configuration.messageTimestampType == .logAppendTime ? now.wallMilliseconds : -1,
            logStartOffset: logStartOffset, isDuplicate: false, recordCount: Int(header.recordCount),
            storedBytes: batch.count)
    }

    /// Puts a batch at the end of the log, rolling the segment when it is time to, and moves the log end.
    func write(
        _ batch: UnsafeRawBufferPointer, _ header: RecordBatchHeader, changesHeader: Bool, leaderEpoch: Int32, now: Now
    ) throws(LogError) {
        let baseOffset = logEndOffset
        let lastOffset = baseOffset + Int64(header.lastOffsetDelta)
        if shouldRoll(for: batch.count, maxTimestamp: header.maxTimestamp, lastOffset: lastOffset, now) { roll(now) }
        let segment = activeSegment
        // A chunk takes an eighth of what is there already: small logs stay small, and what is reserved in vain is
        // little.
        let wanted = min(max(Int(sizeInBytes / 8), 2048), 4 << 20, configuration.segmentBytes - segment.sizeInBytes)
        guard segment.makeRoom(for: batch.count, wanting: wanted, memory: memory) else {
            throw LogError(
                .kafkaStorageError,
                "The broker's memory is used up: \(memory.used) of \(memory.limit) bytes, "
                    + "\(batch.count) more are needed.",
                exceedsMemory: true)
        }
        let place = segment.append(
            batch, baseOffset: baseOffset, lastOffset: lastOffset, maxTimestamp: header.maxTimestamp)
        place.storeBigEndian(baseOffset, at: RecordBatchHeader.Field.baseOffset)
        place.storeBigEndian(leaderEpoch, at: RecordBatchHeader.Field.partitionLeaderEpoch)
        if changesHeader {
            place.storeBigEndian(header.attributes, at: RecordBatchHeader.Field.attributes)
            place.storeBigEndian(header.maxTimestamp, at: RecordBatchHeader.Field.maxTimestamp)
            let crc = RecordBatchHeader.checksum(of: UnsafeRawBufferPointer(start: place, count: batch.count))
            place.storeBigEndian(crc, at: RecordBatchHeader.Field.crc)
        }
        sizeInBytes += Int64(batch.count)
        segment.lastModifiedMilliseconds = now.wallMilliseconds
        epochs.assign(leaderEpoch, startOffset: baseOffset)
        logEndOffset = lastOffset + 1
    }

    /// The active segment is full, or old by the timestamps in it (by the clock when they have none).
    private func shouldRoll(for bytes: Int, maxTimestamp: Int64, lastOffset: Int64, _ now: Now) -> Bool {
        let segment = activeSegment
        guard !segment.isEmpty else { return false }
        if segment.sizeInBytes > configuration.segmentBytes - bytes { return true }
        if lastOffset - segment.baseOffset > Int64(Int32.max) { return true }
        let first = segment.firstBatchTimestamp ?? -1
        let waited =
            first >= 0 ? maxTimestamp &- first : now.wallMilliseconds &- segment.createdMilliseconds
        return waited > configuration.maxSegmentMs
    }

    /// Begins a new active segment at the log end, unless the active one is empty.
    func roll(_ now: Now) {
        guard activeSegment.baseOffset < logEndOffset else { return }
        activeSegment.seal()
        segments.append(LogSegment(baseOffset: logEndOffset, now: now.wallMilliseconds))
    }
}

/// Who writes to a log, which decides how much is checked.
package enum LogAppendOrigin: Sendable {
    /// A Produce request: everything is checked.
    case client
    /// The broker's own group coordinator, which writes without sequences: they are not checked.
    case coordinator
}

/// What became of an append, with all that Produce answers for a partition.
package struct LogAppendResult: Equatable, Sendable {
    /// Of the first record: of the batch stored now, or of the one stored before when it was a duplicate.
    package var baseOffset: Int64
    package var lastOffset: Int64
    /// Milliseconds, when the topic's timestamp type is LogAppendTime, else -1. For a duplicate it is the first
    /// append's greatest timestamp whatever the type, as Kafka answers.
    package var logAppendTime: Int64
    package var logStartOffset: Int64
    /// Nothing was stored: the producer had sent this batch before.
    package var isDuplicate: Bool
    /// As sent; 0 bytes of it were stored for a duplicate.
    package var recordCount: Int
    package var storedBytes: Int

    package init(
        baseOffset: Int64, lastOffset: Int64, logAppendTime: Int64, logStartOffset: Int64, isDuplicate: Bool,
        recordCount: Int, storedBytes: Int
    ) {
        self.baseOffset = baseOffset
        self.lastOffset = lastOffset
        self.logAppendTime = logAppendTime
        self.logStartOffset = logStartOffset
        self.isDuplicate = isDuplicate
        self.recordCount = recordCount
        self.storedBytes = storedBytes
    }
}

/// One record of a refused batch and what is wrong with it, as Produce answers from version 8 on (KIP-467).
package struct RecordError: Equatable, Sendable {
    /// The record's place in its batch, from 0.
    package var batchIndex: Int32
    package var message: String

    package init(batchIndex: Int32, message: String) {
        self.batchIndex = batchIndex
        self.message = message
    }
}
