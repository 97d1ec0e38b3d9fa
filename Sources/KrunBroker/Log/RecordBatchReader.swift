internal import KrunWire

/// Reads a batch into records that stand on their own: for coordinators, compaction and tests.
package enum RecordBatchReader {
    /// The records of the one batch in these bytes, whose header and checksum are checked too.
    ///
    /// Throws what `RecordBatchHeader.init(parsing:)` does; CORRUPT_MESSAGE for a wrong checksum; INVALID_RECORD for
    /// malformed records.
    package static func records(
        in bytes: UnsafeRawBufferPointer, maxDecompressedBytes: Int = LogConfiguration().maxDecompressedBytes
    ) throws(LogError) -> [LogRecord] {
        let header = try RecordBatchHeader(parsing: bytes)
        let batch = UnsafeRawBufferPointer(rebasing: bytes[..<header.sizeInBytes])
        guard RecordBatchHeader.checksum(of: batch) == header.crc else {
            throw LogError(.corruptMessage, "The checksum of the batch does not match.")
        }
        var iterator = try RecordBatchIterator(
            header: header, batch: batch, maxDecompressedBytes: maxDecompressedBytes)
        var records: [LogRecord] = []
        var raw = RawRecord()
        while try iterator.next(&raw) {
            records.append(LogRecord(raw, in: header))
        }
        return records
    }

    /// The same of an array.
    package static func records(
        in bytes: [UInt8], maxDecompressedBytes: Int = LogConfiguration().maxDecompressedBytes
    ) throws(LogError) -> [LogRecord] {
        let result = bytes.withUnsafeBytes { (pointer) -> Result<[LogRecord], LogError> in
            Result { () throws(LogError) in try records(in: pointer, maxDecompressedBytes: maxDecompressedBytes) }
        }
        return try result.get()
    }
}

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

/// Walks over the (uncompressed) records of a batch, checking their structure, and never reads beyond them.
struct RecordCursor {
    private var position: UnsafePointer<UInt8>
    private let end: UnsafePointer<UInt8>

    /// The bytes must outlive the cursor and the records it gives.
    init(_ records: UnsafeRawBufferPointer) {
        let start = records.baseAddress ?? UnsafeRawPointer(bitPattern: 1)!
        position = start.assumingMemoryBound(to: UInt8.self)
        end = position + records.count
    }

    var isAtEnd: Bool { position == end }

    /// The next record; false when there is none that is well formed, and then the cursor is of no more use.
    @inline(__always)
    mutating func next(_ record: inout RawRecord) -> Bool {
        var p = position
        guard let length = Varint.int32(&p, end), length >= 0, Int(length) <= end - p else { return false }
        let bodyEnd = p + Int(length)
        guard p < bodyEnd else { return false }
        p += 1  // its attributes, of which none is in use
        guard let timestampDelta = Varint.int64(&p, bodyEnd), let offsetDelta = Varint.int32(&p, bodyEnd),
            let keyLength = Varint.int32(&p, bodyEnd), Int(keyLength) <= bodyEnd - p
        else { return false }
        let key = p
        p += max(Int(keyLength), 0)
        guard let valueLength = Varint.int32(&p, bodyEnd), Int(valueLength) <= bodyEnd - p else { return false }
        let value = p
        p += max(Int(valueLength), 0)
        guard let headerCount = Varint.int32(&p, bodyEnd), headerCount >= 0 else { return false }
        let headers = p
        if headerCount > 0 {
            guard Self.skipHeaders(headerCount, &p, bodyEnd) else { return false }
        }
        guard p == bodyEnd else { return false }
        record.timestampDelta = timestampDelta
        record.offsetDelta = offsetDelta
        record.key = keyLength < 0 ? nil : UnsafeRawBufferPointer(start: key, count: Int(keyLength))
        record.value = valueLength < 0 ? nil : UnsafeRawBufferPointer(start: value, count: Int(valueLength))
        record.headerCount = headerCount
        record.headers = UnsafeRawBufferPointer(start: headers, count: bodyEnd - headers)
        record.sizeInBytes = bodyEnd - position
        position = bodyEnd
        return true
    }

    private static func skipHeaders(
        _ count: Int32, _ p: inout UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>
    ) -> Bool {
        guard Int(count) <= end - p else { return false }
        for _ in 0..<count {
            guard let keyLength = Varint.int32(&p, end), keyLength >= 0, Int(keyLength) <= end - p else { return false }
            p += Int(keyLength)
            guard let valueLength = Varint.int32(&p, end), Int(valueLength) <= end - p else { return false }
            p += max(Int(valueLength), 0)
        }
        return true
    }
}

/// A record as it lies in a batch: deltas, and where its parts are. The pointers are good for as long as the batch's
/// bytes are.
struct RawRecord {
    var timestampDelta: Int64 = 0
    var offsetDelta: Int32 = 0
    /// nil for no key; the same with the value, where it makes a tombstone.
    var key: UnsafeRawBufferPointer?
    var value: UnsafeRawBufferPointer?
    var headerCount: Int32 = 0
    /// The headers' bytes, already known to be well formed.
    var headers = UnsafeRawBufferPointer(start: nil, count: 0)
    /// Of the whole record, its length included.
    var sizeInBytes = 0
}

extension LogRecord {
    /// A copy of a record that lies in a batch.
    init(_ raw: RawRecord, in header: RecordBatchHeader) {
        self.init(
            offset: header.baseOffset &+ Int64(raw.offsetDelta), timestamp: header.timestamp(delta: raw.timestampDelta),
            key: raw.key.map { [UInt8]($0) }, value: raw.value.map { [UInt8]($0) }, headers: raw.copyOfHeaders())
    }
}

extension RawRecord {
    func copyOfHeaders() -> [LogRecordHeader] {
        guard headerCount > 0, let base = headers.baseAddress else { return [] }
        var p = base.assumingMemoryBound(to: UInt8.self)
        let end = p + headers.count
        var result: [LogRecordHeader] = []
        for _ in 0..<headerCount {
            guard let keyLength = Varint.int32(&p, end) else { break }
            let key = [UInt8](UnsafeBufferPointer(start: p, count: Int(keyLength)))
            p += Int(keyLength)
            guard let valueLength = Varint.int32(&p, end) else { break }
            let value = valueLength < 0 ? nil : [UInt8](UnsafeBufferPointer(start: p, count: Int(valueLength)))
            p += max(Int(valueLength), 0)
            result.append(LogRecordHeader(key: key, value: value))
        }
        return result
    }
}
