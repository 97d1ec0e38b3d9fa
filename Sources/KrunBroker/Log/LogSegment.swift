/// A stretch of a log: what retention deletes and compaction rewrites as a whole. The last one of a log is written to.
final class LogSegment {
    /// No offset in it is below this one.
    let baseOffset: Int64
    /// In order; chunks that lie wholly below the log start offset are gone from the front.
    private(set) var chunks: [LogChunk] = []
    /// Of the batches that were written to it, also of those whose chunks are gone: Kafka frees whole segments and
    /// counts them so.
    private(set) var sizeInBytes = 0
    /// The greatest timestamp ever written to it; -1 when it has none.
    private(set) var maxTimestamp: Int64 = -1
    /// The first batch's greatest timestamp, from which the time to roll is counted; nil while empty.
    private(set) var firstBatchTimestamp: Int64?
    let createdMilliseconds: Int64
    var lastModifiedMilliseconds: Int64

    init(baseOffset: Int64, now: Int64) {
        self.baseOffset = baseOffset
        createdMilliseconds = now
        lastModifiedMilliseconds = now
    }

    /// Nothing was written to it, or compaction left nothing.
    var isEmpty: Bool { sizeInBytes == 0 }

    /// What retention judges the segment's age by: its greatest timestamp, else when it was last written to.
    var largestTimestamp: Int64 { maxTimestamp >= 0 ? maxTimestamp : lastModifiedMilliseconds }

    /// Makes room for a batch, in the last chunk or a new one. False when the budget has no more.
    func makeRoom(for bytes: Int, wanting capacity: Int, memory: LogMemory) -> Bool {
        if let last = chunks.last, last.room >= bytes { return true }
        let wanted = max(bytes, capacity)
        // When the budget is nearly used up, a chunk that just fits may still do.
        guard let chunk = LogChunk(capacity: wanted, memory: memory) ?? LogChunk(capacity: bytes, memory: memory) else {
            return false
        }
        chunks.last?.seal()
        chunks.append(chunk)
        return true
    }

    /// Copies a batch to the end, for which room was made.
    func append(
        _ batch: UnsafeRawBufferPointer, baseOffset: Int64, lastOffset: Int64, maxTimestamp timestamp: Int64
    ) -> UnsafeMutableRawPointer {
        sizeInBytes += batch.count
        maxTimestamp = max(maxTimestamp, timestamp)
        if firstBatchTimestamp == nil { firstBatchTimestamp = timestamp }
        return chunks[chunks.count - 1].append(
            batch, baseOffset: baseOffset, lastOffset: lastOffset, maxTimestamp: timestamp)
    }

    /// No batch will be added any more: what is reserved beyond the last one goes back.
    func seal() {
        chunks.last?.seal()
    }

    /// Frees the chunks of which no record is at or above this offset.
    func dropChunks(below offset: Int64) {
        let dead = chunks.partitionPoint { $0.lastOffset >= offset }
        chunks.removeFirst(dead)
    }

    /// The first chunk with an offset at or above this one; `chunks.count` when there is none.
    func chunk(of offset: Int64) -> Int {
        chunks.partitionPoint { $0.lastOffset >= offset }
    }
}
