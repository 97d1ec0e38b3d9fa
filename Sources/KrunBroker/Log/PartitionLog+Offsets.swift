internal import KrunWire

extension PartitionLog {
    /// The offset asked for, or nil when there is none that a reader of this isolation may have (offset -1 on the
    /// wire).
    ///
    /// For `.latest` the leader epoch is the newest record's; a server answers its own current one.
    package func offset(for query: LogOffsetQuery, isolation: LogIsolation = .highWatermark) -> LogTimestampOffset? {
        switch query {
        case .earliest:
            return LogTimestampOffset(
                offset: logStartOffset, timestamp: -1, leaderEpoch: epochs.epoch(of: logStartOffset) ?? -1)
        case .latest:
            return LogTimestampOffset(
                offset: limit(of: isolation), timestamp: -1, leaderEpoch: epochs.latestEpoch ?? -1)
        case .maxTimestamp:
            return offsetOfMaxTimestamp().flatMap { $0.offset < limit(of: isolation) ? $0 : nil }
        case .timestamp(let timestamp):
            return offset(ofTimestamp: timestamp).flatMap { $0.offset < limit(of: isolation) ? $0 : nil }
        }
    }

    /// What OffsetForLeaderEpoch answers.
    package func endOffset(forLeaderEpoch epoch: Int32) -> LogEpochEnd {
        guard let end = epochs.endOffset(of: epoch, logEndOffset: logEndOffset) else {
            return LogEpochEnd(leaderEpoch: -1, endOffset: -1)
        }
        return LogEpochEnd(leaderEpoch: end.epoch, endOffset: end.offset)
    }

    /// Notes that a leader of this epoch took over, before it has written anything.
    package func beginLeaderEpoch(_ epoch: Int32) {
        epochs.assign(epoch, startOffset: logEndOffset)
    }

    private func offset(ofTimestamp timestamp: Int64) -> LogTimestampOffset? {
        guard var place = place(of: logStartOffset) else { return nil }
        while true {
            let segment = segments[place.segment]
            let chunk = segment.chunks[place.chunk]
            while chunk.maxTimestamp >= timestamp,
                let position = chunk.position(ofTimestamp: timestamp, from: place.position)
            {
                if let found = record(in: chunk.batch(at: position), where: { $0 >= timestamp }) { return found }
                place.position = chunk.next(after: position)
                if place.position == chunk.used { break }
            }
            guard let next = self.place(after: place) else { return nil }
            place = next
        }
    }

    private func offsetOfMaxTimestamp() -> LogTimestampOffset? {
        guard let start = place(of: logStartOffset) else { return nil }
        var best: LogTimestampOffset?
        for segment in segments.indices[start.segment...].reversed() {
            let chunks = segments[segment].chunks
            let firstChunk = segment == start.segment ? start.chunk : 0
            for index in chunks.indices[firstChunk...].reversed() {
                let chunk = chunks[index]
                guard chunk.maxTimestamp >= best?.timestamp ?? -1 else { continue }
                let isFirst = segment == start.segment && index == start.chunk
                let found = greatest(in: chunk, from: isFirst ? start.position : 0)
                // Of equal ones the earliest counts, and these are earlier.
                if let found, found.timestamp >= best?.timestamp ?? 0 { best = found }
            }
        }
        return best
    }

    private func greatest(in chunk: LogChunk, from start: Int) -> LogTimestampOffset? {
        var best: LogTimestampOffset?
        var position = start
        while position < chunk.used {
            defer { position = chunk.next(after: position) }
            let header = chunk.header(at: position)
            guard header.maxTimestamp > best?.timestamp ?? -1, header.recordCount > 0 else { continue }
            let batch = chunk.batch(at: position)
            if header.baseOffset >= logStartOffset {
                if let found = record(in: batch, where: { $0 >= header.maxTimestamp }) { best = found }
            } else {
                // The greatest may be among the records that are deleted.
                let readable = (try? records(of: batch)) ?? []
                for record in readable where record.offset >= logStartOffset {
                    if record.timestamp > best?.timestamp ?? -1 {
                        best = LogTimestampOffset(
                            offset: record.offset, timestamp: record.timestamp, leaderEpoch: header.partitionLeaderEpoch
                        )
                    }
                }
            }
        }
        return best
    }

    /// The first readable record of a batch whose timestamp will do.
    private func record(
        in batch: UnsafeRawBufferPointer, where holds: (Int64) -> Bool
    ) -> LogTimestampOffset? {
        let header = RecordBatchHeader(loading: batch.baseAddress!)
        // What is stored was read before: it cannot fail now.
        guard
            var records = try? RecordBatchIterator(
                header: header, batch: batch, maxDecompressedBytes: .max)
        else { return nil }
        var record = RawRecord()
        while (try? records.next(&record)) == true {
            let offset = header.baseOffset &+ Int64(record.offsetDelta)
            let timestamp = header.timestamp(delta: record.timestampDelta)
            if offset >= logStartOffset && holds(timestamp) {
                return LogTimestampOffset(
                    offset: offset, timestamp: timestamp, leaderEpoch: header.partitionLeaderEpoch)
            }
        }
        return nil
    }

    private func records(of batch: UnsafeRawBufferPointer) throws(LogError) -> [LogRecord] {
        try RecordBatchReader.records(in: batch, maxDecompressedBytes: .max)
    }
}

/// What ListOffsets may ask a log for.
package enum LogOffsetQuery: Equatable, Sendable {
    /// The log start offset; -2 on the wire, and -4 (earliest local) is the same where nothing is tiered.
    case earliest
    /// The end of what the isolation lets be read; -1 on the wire.
    case latest
    /// The first record that has the greatest timestamp; -3 on the wire (KIP-734).
    case maxTimestamp
    /// The first record with this timestamp or a later one.
    case timestamp(Int64)

    /// From the timestamp of a request. nil for -5, the latest tiered offset, which here is never known: offset -1.
    package init?(wireTimestamp: Int64) {
        switch wireTimestamp {
        case -1: self = .latest
        case -2, -4: self = .earliest
        case -3: self = .maxTimestamp
        case -5: return nil
        default: self = .timestamp(wireTimestamp)
        }
    }
}

/// An offset that was looked up, as ListOffsets answers it.
package struct LogTimestampOffset: Equatable, Sendable {
    package var offset: Int64
    /// Of the record there; -1 when the offset was not looked up by time.
    package var timestamp: Int64
    /// Of the record there; -1 when unknown.
    package var leaderEpoch: Int32

    package init(offset: Int64, timestamp: Int64, leaderEpoch: Int32) {
        self.offset = offset
        self.timestamp = timestamp
        self.leaderEpoch = leaderEpoch
    }
}

/// Where a leader epoch ended, as OffsetForLeaderEpoch answers it.
package struct LogEpochEnd: Equatable, Sendable {
    /// The greatest epoch in the log at or below the one asked for; -1 when unknown.
    package var leaderEpoch: Int32
    /// One after its last record; -1 when unknown.
    package var endOffset: Int64

    package init(leaderEpoch: Int32, endOffset: Int64) {
        self.leaderEpoch = leaderEpoch
        self.endOffset = endOffset
    }
}

/// Where each leader epoch of a log began (KIP-101).
struct LeaderEpochCache: Equatable {
    struct Entry: Equatable {
        var epoch: Int32
        var startOffset: Int64
    }

    /// Both fields rise strictly.
    private(set) var entries: [Entry] = []

    var latestEpoch: Int32? { entries.last?.epoch }

    /// Notes that records of this epoch begin here, if it is news. An entry that contradicts it gives way.
    mutating func assign(_ epoch: Int32, startOffset: Int64) {
        guard epoch >= 0, startOffset >= 0 else { return }
        if let last = entries.last, last.epoch == epoch, last.startOffset <= startOffset { return }
        while let last = entries.last, last.epoch >= epoch || last.startOffset >= startOffset {
            entries.removeLast()
        }
        entries.append(Entry(epoch: epoch, startOffset: startOffset))
    }

    /// The epoch of the record at this offset, nil when none is known.
    func epoch(of offset: Int64) -> Int32? {
        let after = entries.partitionPoint { $0.startOffset > offset }
        return after > 0 ? entries[after - 1].epoch : nil
    }

    /// What OffsetForLeaderEpoch answers: the greatest epoch at or below the one asked for, and where it ended; nil
    /// when unknown.
    func endOffset(of epoch: Int32, logEndOffset: Int64) -> (epoch: Int32, offset: Int64)? {
        guard epoch >= 0 else { return nil }
        if epoch == latestEpoch { return (epoch, logEndOffset) }
        let higher = entries.partitionPoint { $0.epoch > epoch }
        guard higher < entries.count else { return nil }
        // Below all that is known: the log begins where the first known epoch does.
        let found = higher > 0 ? entries[higher - 1].epoch : epoch
        return (found, entries[higher].startOffset)
    }

    /// Forgets epochs that ended at or below the new start of the log; the one that it lies in begins there from now
    /// on.
    mutating func truncate(fromStart offset: Int64) {
        let removed = entries.partitionPoint { $0.startOffset > offset }
        guard removed > 0 else { return }
        entries[removed - 1].startOffset = offset
        entries.removeFirst(removed - 1)
    }
}
