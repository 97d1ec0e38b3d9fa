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
