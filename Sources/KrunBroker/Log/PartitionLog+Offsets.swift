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
