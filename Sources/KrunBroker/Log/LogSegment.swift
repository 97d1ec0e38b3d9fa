#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Darwin
#endif

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

/// A piece of memory that holds whole batches, one after another, and goes back to the system as a whole.
///
/// A sparse index leads to any offset: an entry for every 4 KiB or so, and from there from header to header.
final class LogChunk {
    /// A place where a batch begins, and what is known of it and those up to the next entry.
    private struct IndexEntry {
        var baseOffset: Int64
        var maxTimestamp: Int64
        var position: Int
    }

    /// From here on memory is mapped, so that freeing it surely gives it back; below it is the allocator's.
    private static let mappedFrom = 64 * 1024
    private static let indexInterval = 4096

    private var base: UnsafeMutableRawPointer
    private(set) var capacity: Int
    private(set) var used = 0
    private var index: [IndexEntry] = []
    private let memory: LogMemory
    private let isMapped: Bool

    /// Of the last record of the last batch; there is always one, since a chunk is made for a batch.
    private(set) var lastOffset: Int64 = -1
    private(set) var maxTimestamp: Int64 = -1

    /// nil when the budget or the machine has no more.
    init?(capacity wanted: Int, memory: LogMemory) {
        isMapped = wanted >= Self.mappedFrom
        let page = Int(getpagesize())
        capacity = isMapped ? (wanted + page - 1) / page * page : wanted
        guard memory.reserve(capacity) else { return nil }
        let allocated =
            isMapped
            ? mmap(nil, capacity, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0) : malloc(capacity)
        guard let allocated, allocated != MAP_FAILED else {
            memory.giveBack(capacity)
            return nil
        }
        base = allocated
        self.memory = memory
    }

    deinit {
        if isMapped {
            munmap(base, capacity)
        } else {
            free(base)
        }
        memory.giveBack(capacity)
    }

    var room: Int { capacity - used }

    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: used) }

    /// Copies a batch to the end. The caller knows that it fits and sets its offset and epoch at the place returned.
    func append(
        _ batch: UnsafeRawBufferPointer, baseOffset first: Int64, lastOffset last: Int64, maxTimestamp timestamp: Int64
    ) -> UnsafeMutableRawPointer {
        let place = base + used
        place.copyMemory(from: batch.baseAddress!, byteCount: batch.count)
        if let entry = index.last, used - entry.position < Self.indexInterval {
            index[index.count - 1].maxTimestamp = max(entry.maxTimestamp, timestamp)
        } else {
            index.append(IndexEntry(baseOffset: first, maxTimestamp: timestamp, position: used))
        }
        used += batch.count
        lastOffset = last
        maxTimestamp = max(maxTimestamp, timestamp)
        return place
    }

    /// Gives back the room that is left, since no batch will come any more.
    func seal() {
        let page = Int(getpagesize())
        let needed = isMapped ? (used + page - 1) / page * page : used
        guard needed < capacity, needed > 0 else { return }
        if isMapped {
            munmap(base + needed, capacity - needed)
        } else {
            guard let smaller = realloc(base, needed) else { return }
            base = smaller
        }
        memory.giveBack(capacity - needed)
        capacity = needed
    }

    /// The header of the batch that begins there.
    @inline(__always)
    func header(at position: Int) -> RecordBatchHeader {
        RecordBatchHeader(loading: base + position)
    }

    /// The whole batch that begins there.
    func batch(at position: Int) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: base + position, count: size(at: position))
    }

    @inline(__always)
    private func size(at position: Int) -> Int {
        Int(UnsafeRawPointer(base + position).bigEndian(at: RecordBatchHeader.Field.batchLength, as: Int32.self))
            + RecordBatchHeader.overhead
    }

    @inline(__always)
    private func lastOffset(at position: Int) -> Int64 {
        let batch = UnsafeRawPointer(base + position)
        let delta: Int32 = batch.bigEndian(at: RecordBatchHeader.Field.lastOffsetDelta)
        return batch.bigEndian(at: RecordBatchHeader.Field.baseOffset) &+ Int64(delta)
    }

    /// Where the batch after this one begins; `used` after the last.
    func next(after position: Int) -> Int {
        position + size(at: position)
    }

    /// Where the first batch begins whose last offset is not below this one; nil when all are below.
    func position(of offset: Int64) -> Int? {
        guard offset <= lastOffset else { return nil }
        var position = index[max(0, index.partitionPoint { $0.baseOffset > offset } - 1)].position
        while lastOffset(at: position) < offset {
            position = next(after: position)
        }
        return position
    }

    /// Where whole batches end that begin at `start`, are all below the offset `limit`, and have at most so many bytes.
    func end(from start: Int, below limit: Int64, maxBytes: Int) -> Int {
        if lastOffset < limit && used - start <= maxBytes { return used }
        var end = start
        let after = index.partitionPoint { $0.baseOffset > limit || $0.position - start > maxBytes }
        if after > 0 && index[after - 1].position > start { end = index[after - 1].position }
        while end < used {
            let next = next(after: end)
            guard next - start <= maxBytes, lastOffset(at: end) < limit else { break }
            end = next
        }
        return end
    }

    /// Where the first batch begins, at `start` or later, whose greatest timestamp is not below this one; nil when
    /// there is none.
    func position(ofTimestamp timestamp: Int64, from start: Int) -> Int? {
        var entry = max(0, index.partitionPoint { $0.position > start } - 1)
        while entry < index.count {
            defer { entry += 1 }
            guard index[entry].maxTimestamp >= timestamp else { continue }
            var position = max(start, index[entry].position)
            let end = entry + 1 < index.count ? index[entry + 1].position : used
            while position < end {
                if header(at: position).maxTimestamp >= timestamp { return position }
                position = next(after: position)
            }
        }
        return nil
    }
}

extension Array {
    /// How many elements come before the first for which this holds; from there on it must hold for all.
    func partitionPoint(_ holds: (Element) -> Bool) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if holds(self[middle]) {
                high = middle
            } else {
                low = middle + 1
            }
        }
        return low
    }
}
