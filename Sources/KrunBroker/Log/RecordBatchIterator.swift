internal import KrunWire

/// Reads the records of a batch whatever its codec, one after another, with a bound on what decompression may take.
///
/// It owns what it decompressed; of a plain batch it only borrows the bytes, which must outlive it.
struct RecordBatchIterator {
    let header: RecordBatchHeader
    private let decompressed: GrowingBuffer?
    /// How many bytes the records have, without compression.
    let plainBytes: Int
    private var cursor: RecordCursor
    private var remaining: Int32

    /// The header must be that of the batch, whose checksum nobody looks at here.
    ///
    /// Throws UNSUPPORTED_COMPRESSION_TYPE for a codec there is not, INVALID_RECORD when the bytes are not what the
    /// codec makes or hold more than the limit.
    init(header: RecordBatchHeader, batch: UnsafeRawBufferPointer, maxDecompressedBytes: Int) throws(LogError) {
        self.header = header
        let payload = UnsafeRawBufferPointer(rebasing: batch[RecordBatchHeader.size...])
        guard let compression = header.compression else {
            throw LogError(.unsupportedCompressionType, "There is no compression type \(header.attributes & 0x07).")
        }
        // A batch that compaction emptied holds no compressed bytes at all.
        if compression == .none || (header.recordCount == 0 && payload.isEmpty) {
            decompressed = nil
            plainBytes = payload.count
            cursor = RecordCursor(payload)
        } else {
            guard let plain = compression.decompress(payload, limit: maxDecompressedBytes) else {
                throw LogError(
                    .invalidRecord,
                    "The records cannot be decompressed with \(compression), or hold more than "
                        + "\(maxDecompressedBytes) bytes."
                )
            }
            decompressed = plain
            plainBytes = plain.count
            cursor = RecordCursor(plain.bytes)
        }
        remaining = header.recordCount
    }

    /// The next record, or false after the last. Throws INVALID_RECORD when a record is malformed, or when bytes are
    /// left after as many as the header counts.
    @inline(__always)
    mutating func next(_ record: inout RawRecord) throws(LogError) -> Bool {
        guard remaining > 0 else {
            guard remaining == 0 else {
                throw LogError(.invalidRecord, "A batch cannot have \(header.recordCount) records.")
            }
            guard cursor.isAtEnd else {
                throw LogError(.invalidRecord, "There are bytes after the last record of the batch.")
            }
            return false
        }
        guard cursor.next(&record) else {
            throw LogError(
                .invalidRecord, "Record \(header.recordCount - remaining) of \(header.recordCount) is malformed.")
        }
        remaining -= 1
        return true
    }
}
