internal import KrunWire

/// One round of compaction over the segments of a log below some offset: of every key the newest record stays, with its
/// offset (Kafka's documentation, "Log Compaction").
struct LogCleaner {
    let configuration: LogConfiguration
    let memory: LogMemory
    let nowMilliseconds: Int64
    /// No record at or above it was looked at; a segment begins there.
    let endOffset: Int64
    /// By producer id, what must be kept of it so that its next sequence and epoch can be judged.
    let producers: [Int64: ProducerState]

    /// The newest offset of each key in the dirty part.
    private var newest: [[UInt8]: Int64] = [:]
    private var transactions = CleanedTransactions(aborted: [])

    init(
        configuration: LogConfiguration, memory: LogMemory, nowMilliseconds: Int64, endOffset: Int64,
        producers: [Int64: ProducerState]
    ) {
        self.configuration = configuration
        self.memory = memory
        self.nowMilliseconds = nowMilliseconds
        self.endOffset = endOffset
        self.producers = producers
    }

    /// The segments that take the place of these, and the aborted transactions that are still to be told to readers.
    /// nil when memory does not suffice to write them beside the old ones.
    mutating func clean(
        _ segments: [LogSegment], dirtyFrom: Int64, aborted: [AbortedTransaction]
    ) throws(LogError) -> (segments: [LogSegment], aborted: [AbortedTransaction])? {
        transactions = CleanedTransactions(aborted: aborted.filter { $0.lastOffset >= dirtyFrom })
        let firstDirty = max(0, segments.partitionPoint { $0.baseOffset > dirtyFrom } - 1)
        for segment in segments[firstDirty...] { try noteKeys(in: segment, from: dirtyFrom) }
        transactions = CleanedTransactions(aborted: aborted)
        var cleaned: [LogSegment] = []
        var grouped = 0
        for segment in segments {
            // Small neighbours become one, as long as what they had fits.
            if cleaned.isEmpty || grouped + segment.sizeInBytes > configuration.segmentBytes {
                cleaned.append(LogSegment(baseOffset: segment.baseOffset, now: segment.createdMilliseconds))
                grouped = 0
            }
            grouped += segment.sizeInBytes
            let target = cleaned[cleaned.count - 1]
            target.lastModifiedMilliseconds = segment.lastModifiedMilliseconds
            for chunk in segment.chunks {
                guard try clean(chunk, into: target) else { return nil }
            }
        }
        for segment in cleaned { segment.seal() }
        return (cleaned, transactions.kept)
    }

    private mutating func noteKeys(in segment: LogSegment, from start: Int64) throws(LogError) {
        for chunk in segment.chunks {
            var position = 0
            while position < chunk.used {
                let batch = chunk.batch(at: position)
                position += batch.count
                let header = RecordBatchHeader(loading: batch.baseAddress!)
                if header.isControl {
                    _ = transactions.endsNothing(header, isCommit: try Self.isCommit(batch, header))
                } else if !transactions.isAborted(header), header.recordCount > 0 {
                    var records = try Self.records(of: batch, header)
                    var record = RawRecord()
                    while try records.next(&record) {
                        let offset = header.baseOffset &+ Int64(record.offsetDelta)
                        if let key = record.key, offset >= start { newest[[UInt8](key)] = offset }
                    }
                }
            }
        }
    }

    private mutating func clean(_ chunk: LogChunk, into target: LogSegment) throws(LogError) -> Bool {
        var position = 0
        while position < chunk.used {
            let batch = chunk.batch(at: position)
            position += batch.count
            let header = RecordBatchHeader(loading: batch.baseAddress!)
            switch try fate(of: batch, header) {
            case .goes:
                continue
            case .stays:
                guard write(batch, into: target) else { return false }
            case .becomes(let bytes):
                guard bytes.withUnsafeBytes({ write($0, into: target) }) else { return false }
            }
        }
        return true
    }

    private enum Fate {
        case goes
        case stays
        case becomes([UInt8])
    }

    private mutating func fate(of batch: UnsafeRawBufferPointer, _ header: RecordBatchHeader) throws(LogError) -> Fate {
        let isLeftOver =
            header.isControl
            ? transactions.endsNothing(header, isCommit: try Self.isCommit(batch, header))
            : transactions.isAborted(header)
        // A marker without a transaction waits for its delete horizon, so that slow readers meet it.
        let loses = isLeftOver && (!header.isControl || (header.deleteHorizon ?? .max) <= nowMilliseconds)
        // The last batch of the round stays, if empty, so that the offset at which the next one begins is not
        // forgotten.
        let isNeeded = isLastOfProducer(header) || header.lastOffset + 1 == endOffset
        if loses && !isNeeded { return .goes }
        var kept: [RawRecord] = []
        var hasTombstone = false
        var records = try Self.records(of: batch, header)
        var record = RawRecord()
        while try records.next(&record) {
            guard !loses, header.isControl || stays(record, header) else { continue }
            if record.value == nil { hasTombstone = true }
            kept.append(record)
        }
        guard !kept.isEmpty else {
            return isNeeded ? .becomes(Self.builder(for: header).build(emptied: header)) : .goes
        }
        let setsHorizon = (hasTombstone || (isLeftOver && header.isControl)) && header.deleteHorizon == nil
        if kept.count == Int(header.recordCount) && !setsHorizon { return .stays }
        let horizon = nowMilliseconds.addingReportingOverflow(configuration.deleteRetentionMs)
        return withExtendedLifetime(records) {
            .becomes(
                rebuilt(header, kept, horizon: setsHorizon ? (horizon.overflow ? .max : horizon.partialValue) : nil))
        }
    }

    private func rebuilt(_ header: RecordBatchHeader, _ kept: [RawRecord], horizon: Int64?) -> [UInt8] {
        var builder = Self.builder(for: header)
        builder.levels = configuration
        builder.deleteHorizon = horizon ?? header.deleteHorizon
        for record in kept {
            // Under LogAppendTime the header's timestamp stands for all, but the records keep their own.
            builder.append(
                timestamp: header.baseTimestamp &+ record.timestampDelta, key: record.key, value: record.value,
                headerCount: record.headerCount, headers: record.headers, offsetDelta: record.offsetDelta)
        }
        return builder.build()
    }

    private static func builder(for header: RecordBatchHeader) -> RecordBatchBuilder {
        var builder = RecordBatchBuilder(baseOffset: header.baseOffset, compression: header.compression ?? .none)
        builder.partitionLeaderEpoch = header.partitionLeaderEpoch
        builder.timestampType = header.timestampType
        builder.logAppendTime = header.maxTimestamp
        builder.producerId = header.producerId
        builder.producerEpoch = header.producerEpoch
        builder.baseSequence = header.baseSequence
        builder.isTransactional = header.isTransactional
        builder.isControl = header.isControl
        builder.lastOffsetDelta = header.lastOffsetDelta
        return builder
    }

    private func stays(_ record: RawRecord, _ header: RecordBatchHeader) -> Bool {
        guard let key = record.key else { return false }
        let offset = header.baseOffset &+ Int64(record.offsetDelta)
        if let latest = newest[[UInt8](key)], latest > offset { return false }
        return record.value != nil || (header.deleteHorizon ?? .max) > nowMilliseconds
    }

    /// It holds the last sequence of a producer that may go on, or else the epoch below which it is fenced.
    private func isLastOfProducer(_ header: RecordBatchHeader) -> Bool {
        guard header.hasProducerId, let producer = producers[header.producerId] else { return false }
        if let last = producer.batches.last { return last.lastOffset == header.lastOffset }
        return header.isControl && header.producerEpoch == producer.producerEpoch
    }

    private func write(_ batch: UnsafeRawBufferPointer, into target: LogSegment) -> Bool {
        let header = RecordBatchHeader(loading: batch.baseAddress!)
        let wanted = min(max(target.sizeInBytes / 8, 2048), 4 << 20)
        guard target.makeRoom(for: batch.count, wanting: wanted, memory: memory) else { return false }
        _ = target.append(
            batch, baseOffset: header.baseOffset, lastOffset: header.lastOffset, maxTimestamp: header.maxTimestamp)
        return true
    }

    private static func records(
        of batch: UnsafeRawBufferPointer, _ header: RecordBatchHeader
    ) throws(LogError) -> RecordBatchIterator {
        try RecordBatchIterator(header: header, batch: batch, maxDecompressedBytes: .max)
    }

    private static func isCommit(_ batch: UnsafeRawBufferPointer, _ header: RecordBatchHeader) throws(LogError) -> Bool?
    {
        var records = try records(of: batch, header)
        var record = RawRecord()
        return try records.next(&record) ? EndTransactionMarker.isCommit(key: record.key) : nil
    }
}
