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
