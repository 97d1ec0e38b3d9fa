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
