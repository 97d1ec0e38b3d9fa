internal import KrunWire

extension PartitionLog {
    /// The part of a log that compaction may work on.
    private struct Cleanable {
        var firstDirtyOffset: Int64
        /// Where the first segment begins that must not be touched.
        var endOffset: Int64
        var cleanBytes: Int
        var dirtyBytes: Int
        /// A dirty segment has waited for `max.compaction.lag.ms`.
        var isOverdue: Bool

        var dirtyRatio: Double { dirtyBytes == 0 ? 0 : Double(dirtyBytes) / Double(cleanBytes + dirtyBytes) }
    }

    /// Compacts what may be compacted, whatever the dirty ratio, if `cleanup.policy` says that the log is compacted.
    /// Gives back whether segments were rewritten.
    ///
    /// The active segment is never touched, so it is rolled first unless told otherwise: then all is compacted but what
    /// `min.compaction.lag.ms` or an open transaction protects. Nothing happens when memory does not suffice to write
    /// the new segments beside the old.
    @discardableResult
    package func cleanNow(now: Now, rollingActiveSegment: Bool = true) -> Bool {
        guard configuration.cleanupPolicy.contains(.compact) else { return false }
        if rollingActiveSegment { roll(now) }
        return clean(cleanable(now), now)
    }

    /// Compacts when the dirty part is more than `min.cleanable.dirty.ratio` of all, or `max.compaction.lag.ms` says
    /// so.
    func cleanIfDue(_ now: Now) -> Bool {
        guard configuration.cleanupPolicy.contains(.compact) else { return false }
        let cleanable = cleanable(now)
        guard cleanable.dirtyBytes > 0 else { return false }
        guard cleanable.isOverdue || cleanable.dirtyRatio > configuration.minCleanableDirtyRatio else { return false }
        return clean(cleanable, now)
    }

    /// There are segments that compaction may be interested in, now or later.
    var hasDirtySegments: Bool {
        configuration.cleanupPolicy.contains(.compact) && segments.count > 1
            && segments[segments.count - 1].baseOffset > firstDirtyOffset
    }

    private func cleanable(_ now: Now) -> Cleanable {
        let dirty = max(firstDirtyOffset, logStartOffset)
        var end = min(lastStableOffset, activeSegment.baseOffset)
        let inactive = segments.dropLast()
        let firstDirtySegment = max(0, segments.partitionPoint { $0.baseOffset > dirty } - 1)
        let lag = max(configuration.minCompactionLagMs, 0)
        if lag > 0 {
            let young = inactive.dropFirst(firstDirtySegment).first {
                $0.largestTimestamp > now.wallMilliseconds &- lag
            }
            end = min(end, young?.baseOffset ?? end)
        }
        // Whole segments only.
        end = segments[max(0, segments.partitionPoint { $0.baseOffset > end } - 1)].baseOffset
        var result = Cleanable(firstDirtyOffset: dirty, endOffset: end, cleanBytes: 0, dirtyBytes: 0, isOverdue: false)
        let overdue = now.wallMilliseconds.subtractingReportingOverflow(max(configuration.maxCompactionLagMs, 0))
        for (index, segment) in inactive.enumerated() {
            if index < firstDirtySegment {
                result.cleanBytes += segment.sizeInBytes
                continue
            }
            if segment.baseOffset < end { result.dirtyBytes += segment.sizeInBytes }
            if let first = segment.firstBatchTimestamp, first > 0, !overdue.overflow, first < overdue.partialValue {
                result.isOverdue = true
            }
        }
        return result
    }

    private func clean(_ cleanable: Cleanable, _ now: Now) -> Bool {
        let end = cleanable.endOffset
        let count = segments.prefix { $0.baseOffset < end }.count
        guard count > 0, end >= cleanable.firstDirtyOffset else { return false }
        var cleaner = LogCleaner(
            configuration: configuration, memory: memory, nowMilliseconds: now.wallMilliseconds, endOffset: end,
            producers: producers.producers)
        let old = Array(segments[..<count])
        let ended = aborted.prefix { $0.lastOffset < end }
        // What is stored was read before, so that it cannot fail to be read.
        guard
            let cleaned = try? cleaner.clean(
                old, dirtyFrom: cleanable.firstDirtyOffset, aborted: aborted.filter { $0.firstOffset < end })
        else { return false }
        segments.replaceSubrange(..<count, with: cleaned.segments)
        aborted.replaceSubrange(..<ended.count, with: cleaned.aborted)
        sizeInBytes += cleaned.segments.reduce(0) { $0 + Int64($1.sizeInBytes) }
        sizeInBytes -= old.reduce(0) { $0 + Int64($1.sizeInBytes) }
        firstDirtyOffset = end
        return true
    }
}

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

/// Which transactions compaction is within as it walks over a log: what was aborted goes at once, a marker when all
/// that it ended is gone.
struct CleanedTransactions {
    private var committed: Set<Int64> = []
    private var ongoing: [Int64: (transaction: AbortedTransaction, hasBatches: Bool)] = [:]
    /// By first offset, the next one last.
    private var upcoming: [AbortedTransaction]
    /// Those whose marker stays since batches of theirs were met.
    private(set) var kept: [AbortedTransaction] = []

    init(aborted: [AbortedTransaction]) {
        upcoming = aborted.sorted { $0.firstOffset > $1.firstOffset }
    }

    /// Whether a batch is part of an aborted transaction.
    mutating func isAborted(_ header: RecordBatchHeader) -> Bool {
        begin(upTo: header.lastOffset)
        guard header.isTransactional else { return false }
        guard ongoing[header.producerId] != nil else {
            committed.insert(header.producerId)
            return false
        }
        ongoing[header.producerId]?.hasBatches = true
        return true
    }

    /// Whether nothing is left of what a control batch ended; `isCommit` is nil when the batch has no record or is none
    /// of a transaction.
    mutating func endsNothing(_ header: RecordBatchHeader, isCommit: Bool?) -> Bool {
        begin(upTo: header.lastOffset)
        guard header.recordCount > 0 else { return true }
        switch isCommit {
        case true?:
            return committed.remove(header.producerId) == nil
        case false?:
            guard let ended = ongoing.removeValue(forKey: header.producerId), ended.hasBatches else { return true }
            kept.append(ended.transaction)
            return false
        case nil:
            return false
        }
    }

    private mutating func begin(upTo offset: Int64) {
        while let next = upcoming.last, next.firstOffset <= offset {
            upcoming.removeLast()
            if ongoing[next.producerId] == nil { ongoing[next.producerId] = (next, false) }
        }
    }
}
