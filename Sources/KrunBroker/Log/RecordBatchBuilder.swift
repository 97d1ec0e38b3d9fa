/// Builds a record batch in message format v2.
package struct RecordBatchBuilder {
    package var baseOffset: Int64 = 0
    package var partitionLeaderEpoch: Int32 = -1
    package var compression = RecordCompression.none
    package var timestampType = TimestampType.createTime
    /// What the header says when the type is LogAppendTime; otherwise the records' greatest timestamp is taken.
    package var logAppendTime: Int64 = -1
    package var producerId: Int64 = -1
    package var producerEpoch: Int16 = -1
    package var baseSequence: Int32 = -1
    package var isTransactional = false
    package var isControl = false
    /// Milliseconds (KIP-534); stands in place of the base timestamp.
    package var deleteHorizon: Int64?
    /// The offset of the last record less that of the first when records are missing at the end, as after compaction.
    package var lastOffsetDelta: Int32?
    /// Levels of the codecs are taken from here.
    package var levels = LogConfiguration()

    private var records: [UInt8] = []
    private var nextOffsetDelta: Int32 = 0
    private var baseTimestamp: Int64?
    private var maxTimestamp: Int64 = -1
    package private(set) var count: Int32 = 0

    package init(baseOffset: Int64 = 0, compression: RecordCompression = .none) {
        self.baseOffset = baseOffset
        self.compression = compression
    }

    package var isEmpty: Bool { count == 0 }

    /// Adds a record; its offset is one after the last one's unless a delta is given.
    package mutating func append(
        timestamp: Int64, key: [UInt8]?, value: [UInt8]?, headers: [LogRecordHeader] = [], offsetDelta: Int32? = nil
    ) {
        var encoded: [UInt8] = []
        for header in headers {
            Varint.append(Int32(header.key.count), to: &encoded)
            encoded += header.key
            Varint.append(header.value.map { Int32($0.count) } ?? -1, to: &encoded)
            encoded += header.value ?? []
        }
        encoded.withUnsafeBytes { encodedHeaders in
            (key ?? []).withUnsafeBytes { keyBytes in
                (value ?? []).withUnsafeBytes { valueBytes in
                    append(
                        timestamp: timestamp, key: key == nil ? nil : keyBytes, value: value == nil ? nil : valueBytes,
                        headerCount: Int32(headers.count), headers: encodedHeaders, offsetDelta: offsetDelta)
                }
            }
        }
    }

    /// Adds a record with its headers already encoded.
    mutating func append(
        timestamp: Int64, key: UnsafeRawBufferPointer?, value: UnsafeRawBufferPointer?, headerCount: Int32,
        headers: UnsafeRawBufferPointer, offsetDelta: Int32?
    ) {
        let base = deleteHorizon ?? baseTimestamp ?? timestamp
        baseTimestamp = base
        maxTimestamp = max(maxTimestamp, timestamp)
        let delta = offsetDelta ?? nextOffsetDelta
        nextOffsetDelta = delta &+ 1
        let timestampDelta = timestamp &- base
        let keyLength = Int64(key?.count ?? -1)
        let valueLength = Int64(value?.count ?? -1)
        var size = 1 + Varint.size(timestampDelta) + Varint.size(Int64(delta))
        size += Varint.size(keyLength) + Varint.size(valueLength) + Varint.size(Int64(headerCount))
        size += (key?.count ?? 0) + (value?.count ?? 0) + headers.count
        Varint.append(Int64(size), to: &records)
        records.append(0)
        Varint.append(timestampDelta, to: &records)
        Varint.append(delta, to: &records)
        Varint.append(keyLength, to: &records)
        if let key { records.append(contentsOf: key) }
        Varint.append(valueLength, to: &records)
        if let value { records.append(contentsOf: value) }
        Varint.append(headerCount, to: &records)
        records.append(contentsOf: headers)
        count += 1
    }

    /// The batch. One without records has no compressed bytes and keeps `lastOffsetDelta`, as Kafka writes it.
    package func build() -> [UInt8] {
        build(emptyMaxTimestamp: -1)
    }

    /// A batch without records, with the greatest timestamp from when it had some.
    func build(emptied header: RecordBatchHeader) -> [UInt8] {
        build(emptyMaxTimestamp: header.maxTimestamp)
    }

    private func build(emptyMaxTimestamp: Int64) -> [UInt8] {
        let codec = isEmpty ? RecordCompression.none : compression
        let payload = codec.compress(records, levels: levels)
        var attributes = codec.rawValue
        if timestampType == .logAppendTime { attributes |= RecordBatchHeader.Attribute.logAppendTime }
        if isTransactional { attributes |= RecordBatchHeader.Attribute.transactional }
        if isControl { attributes |= RecordBatchHeader.Attribute.control }
        if deleteHorizon != nil { attributes |= RecordBatchHeader.Attribute.deleteHorizon }
        let greatest = isEmpty ? emptyMaxTimestamp : timestampType == .logAppendTime ? logAppendTime : maxTimestamp
        let size = RecordBatchHeader.size + payload.count
        return [UInt8](unsafeUninitializedCapacity: size) { output, initialized in
            typealias Field = RecordBatchHeader.Field
            let pointer = UnsafeMutableRawPointer(output.baseAddress!)
            pointer.storeBigEndian(baseOffset, at: Field.baseOffset)
            pointer.storeBigEndian(Int32(size - RecordBatchHeader.overhead), at: Field.batchLength)
            pointer.storeBigEndian(partitionLeaderEpoch, at: Field.partitionLeaderEpoch)
            pointer.storeBigEndian(Int8(2), at: Field.magic)
            pointer.storeBigEndian(attributes, at: Field.attributes)
            pointer.storeBigEndian(lastOffsetDelta ?? nextOffsetDelta &- 1, at: Field.lastOffsetDelta)
            pointer.storeBigEndian(deleteHorizon ?? baseTimestamp ?? -1, at: Field.baseTimestamp)
            pointer.storeBigEndian(greatest, at: Field.maxTimestamp)
            pointer.storeBigEndian(producerId, at: Field.producerId)
            pointer.storeBigEndian(producerEpoch, at: Field.producerEpoch)
            pointer.storeBigEndian(baseSequence, at: Field.baseSequence)
            pointer.storeBigEndian(count, at: Field.recordCount)
            payload.withUnsafeBytes {
                UnsafeMutableRawBufferPointer(output)[RecordBatchHeader.size...].copyBytes(from: $0)
            }
            let crc = RecordBatchHeader.checksum(of: UnsafeRawBufferPointer(start: pointer, count: size))
            pointer.storeBigEndian(crc, at: Field.crc)
            initialized = size
        }
    }
}

/// A record of its own, apart from any batch.
package struct LogRecord: Equatable, Sendable {
    package var offset: Int64
    /// Milliseconds; -1 is none.
    package var timestamp: Int64
    package var key: [UInt8]?
    /// nil makes a tombstone.
    package var value: [UInt8]?
    package var headers: [LogRecordHeader]

    package init(
        offset: Int64 = 0, timestamp: Int64, key: [UInt8]?, value: [UInt8]?, headers: [LogRecordHeader] = []
    ) {
        self.offset = offset
        self.timestamp = timestamp
        self.key = key
        self.value = value
        self.headers = headers
    }
}

/// A header of a record.
package struct LogRecordHeader: Equatable, Sendable {
    /// UTF-8, kept as it came.
    package var key: [UInt8]
    package var value: [UInt8]?

    package init(key: [UInt8], value: [UInt8]?) {
        self.key = key
        self.value = value
    }
}

/// The control record that ends a transaction: key version and type, value version and coordinator epoch (Kafka's
/// documentation, "Control Batches").
struct EndTransactionMarker: Equatable {
    var isCommit: Bool
    var coordinatorEpoch: Int32

    /// As a batch of its own.
    func batch(producerId: Int64, producerEpoch: Int16, timestamp: Int64, timestampType: TimestampType) -> [UInt8] {
        var builder = RecordBatchBuilder()
        builder.producerId = producerId
        builder.producerEpoch = producerEpoch
        builder.isTransactional = true
        builder.isControl = true
        builder.timestampType = timestampType
        builder.logAppendTime = timestamp
        let epoch = withUnsafeBytes(of: coordinatorEpoch.bigEndian) { [UInt8]($0) }
        builder.append(timestamp: timestamp, key: [0, 0, 0, isCommit ? 1 : 0], value: [0, 0] + epoch)
        return builder.build()
    }

    /// Whether a control record's key says that it commits; nil when it says something else than the end of a
    /// transaction.
    static func isCommit(key: UnsafeRawBufferPointer?) -> Bool? {
        guard let key, key.count >= 4, let base = key.baseAddress else { return nil }
        switch base.bigEndian(at: 2, as: Int16.self) {
        case 0: return false
        case 1: return true
        default: return nil
        }
    }
}
