internal import KrunWire

extension PartitionLog {
    /// Whole batches from the one that holds this offset on, below the isolation's limit.
    ///
    /// At most `maxBytes` of them, but with `minOneBatch` the first one whatever its size. Empty at or above the limit.
    /// Throws OFFSET_OUT_OF_RANGE below the log start or above the log end.
    package func read(
        from offset: Int64, maxBytes: Int, minOneBatch: Bool, upTo isolation: LogIsolation = .highWatermark
    ) throws(LogError) -> LogSlice {
        guard offset >= logStartOffset, offset <= logEndOffset else {
            throw LogError(
                .offsetOutOfRange,
                "Offset \(offset) is not in the log, which has offsets \(logStartOffset) to \(logEndOffset).")
        }
        var slice = LogSlice(nextOffset: offset)
        let limit = limit(of: isolation)
        guard offset < limit, var place = place(of: offset) else { return slice }
        while true {
            let chunk = segments[place.segment].chunks[place.chunk]
            var end = chunk.end(from: place.position, below: limit, maxBytes: max(0, maxBytes - slice.count))
            if end == place.position && slice.isEmpty && minOneBatch
                && chunk.header(at: place.position).lastOffset < limit
            {
                end = chunk.next(after: place.position)
            }
            if end > place.position {
                slice.ranges.append(LogSlice.Range(chunk: chunk, start: place.position, end: end))
                slice.count += end - place.position
            }
            if end < chunk.used {
                let next = chunk.header(at: end)
                slice.hasMore = next.lastOffset < limit
                if !slice.isEmpty { slice.nextOffset = next.baseOffset }
                return slice
            }
            slice.nextOffset = chunk.lastOffset + 1
            guard let next = self.place(after: place) else { return slice }
            place = next
        }
    }

    /// Where a batch lies.
    struct Place {
        var segment: Int
        var chunk: Int
        var position: Int
    }

    /// Where the first batch lies whose last offset is not below this one; nil at the end of the log.
    func place(of offset: Int64) -> Place? {
        var segment = max(0, segments.partitionPoint { $0.baseOffset > offset } - 1)
        while segment < segments.count {
            let chunk = segments[segment].chunk(of: offset)
            if chunk < segments[segment].chunks.count,
                let position = segments[segment].chunks[chunk].position(of: offset)
            {
                return Place(segment: segment, chunk: chunk, position: position)
            }
            segment += 1
        }
        return nil
    }

    /// The beginning of the chunk after this one, in whatever segment has one.
    func place(after place: Place) -> Place? {
        if place.chunk + 1 < segments[place.segment].chunks.count {
            return Place(segment: place.segment, chunk: place.chunk + 1, position: 0)
        }
        guard let segment = segments[(place.segment + 1)...].firstIndex(where: { !$0.chunks.isEmpty }) else {
            return nil
        }
        return Place(segment: segment, chunk: 0, position: 0)
    }

    /// The transactions that a reader of committed records must skip between these offsets, as Fetch answers: `from` is
    /// the offset asked for, `to` the slice's `nextOffset`. In the order of their markers.
    package func abortedTransactions(from: Int64, to end: Int64) -> [AbortedTransaction] {
        var result: [AbortedTransaction] = []
        for transaction in aborted[aborted.partitionPoint { $0.lastOffset >= from }...] {
            if transaction.firstOffset < end { result.append(transaction) }
            // Every later one began at or above this.
            if transaction.lastStableOffset >= end { break }
        }
        return result
    }
}

/// How far a reader may see.
package enum LogIsolation: Sendable {
    /// `read_uncommitted`: what every in-sync replica has.
    case highWatermark
    /// `read_committed`: what no open transaction can still change.
    case lastStable
    /// Everything, as a replica sees it.
    case logEnd
}

/// Whole batches of a log, in order, as a read found them. It keeps their memory alive, whatever becomes of the log.
package struct LogSlice {
    struct Range {
        let chunk: LogChunk
        let start: Int
        let end: Int
    }

    var ranges: [Range] = []
    /// Bytes of all batches.
    package internal(set) var count = 0
    /// Above the last offset in it, and where the next read begins; the offset asked for when it is empty.
    package internal(set) var nextOffset: Int64
    /// There was more below the limit than fitted.
    package internal(set) var hasMore = false

    package var isEmpty: Bool { count == 0 }

    /// Copies the batches there, which needs room for `count` bytes, and gives back how many that were.
    @discardableResult
    package func copy(into target: UnsafeMutableRawBufferPointer) -> Int {
        precondition(target.count >= count, "room for \(target.count) of \(count) bytes")
        guard var place = target.baseAddress else { return 0 }
        for range in ranges {
            place.copyMemory(from: range.chunk.bytes.baseAddress! + range.start, byteCount: range.end - range.start)
            place += range.end - range.start
        }
        return count
    }

    /// The batches in an array.
    package var bytes: [UInt8] {
        [UInt8](unsafeUninitializedCapacity: count) { target, initialized in
            initialized = copy(into: UnsafeMutableRawBufferPointer(target))
        }
    }
}

/// A transaction that was aborted, as the log remembers it and Fetch answers it to `read_committed` readers.
package struct AbortedTransaction: Equatable, Sendable {
    package var producerId: Int64
    /// Of its first record.
    package var firstOffset: Int64
    /// Of its marker.
    package var lastOffset: Int64
    /// The last stable offset once it had ended.
    package var lastStableOffset: Int64
}
