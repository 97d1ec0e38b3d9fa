internal import CKrunChecksum
internal import KrunWire

/// The fixed part of a record batch in message format v2 (Kafka's documentation, "Record Batch"): 61 bytes, then the
/// records.
package struct RecordBatchHeader: Equatable, Sendable {
    /// Bytes before the first record.
    package static let size = 61
    /// Bytes before those that `batchLength` counts.
    static let overhead = 12

    package var baseOffset: Int64
    package var batchLength: Int32
    package var partitionLeaderEpoch: Int32
    package var magic: Int8
    package var crc: UInt32
    package var attributes: Int16
    package var lastOffsetDelta: Int32
    package var baseTimestamp: Int64
    package var maxTimestamp: Int64
    package var producerId: Int64
    package var producerEpoch: Int16
    package var baseSequence: Int32
    package var recordCount: Int32

    /// Reads what is there without judging it; the caller knows that there are 61 bytes.
    @inline(__always)
    init(loading pointer: UnsafeRawPointer) {
        baseOffset = pointer.bigEndian(at: Field.baseOffset)
        batchLength = pointer.bigEndian(at: Field.batchLength)
        partitionLeaderEpoch = pointer.bigEndian(at: Field.partitionLeaderEpoch)
        magic = pointer.bigEndian(at: Field.magic)
        crc = pointer.bigEndian(at: Field.crc)
        attributes = pointer.bigEndian(at: Field.attributes)
        lastOffsetDelta = pointer.bigEndian(at: Field.lastOffsetDelta)
        baseTimestamp = pointer.bigEndian(at: Field.baseTimestamp)
        maxTimestamp = pointer.bigEndian(at: Field.maxTimestamp)
        producerId = pointer.bigEndian(at: Field.producerId)
        producerEpoch = pointer.bigEndian(at: Field.producerEpoch)
        baseSequence = pointer.bigEndian(at: Field.baseSequence)
        recordCount = pointer.bigEndian(at: Field.recordCount)
    }

    /// The header of the batch that these bytes begin with, whole and with a matching checksum.
    ///
    /// Throws CORRUPT_MESSAGE for a length that cannot be, an unknown magic or a checksum that does not match;
    /// INVALID_RECORD for magic 0 or 1, which Produce has not allowed since version 3, and when the batch is not all
    /// there.
    package init(parsing bytes: UnsafeRawBufferPointer) throws(LogError) {
        let size = try Self.sizeOfFirstBatch(in: bytes)
        guard let size, let pointer = bytes.baseAddress else {
            throw LogError(.invalidRecord, "There is no whole record batch in \(bytes.count) bytes.")
        }
        let magic: Int8 = pointer.bigEndian(at: Field.magic)
        guard magic == 2 else {
            throw LogError(
                .invalidRecord, "A record batch must have magic 2 from Produce version 3 on, this one has \(magic).")
        }
        guard size >= Self.size else {
            throw LogError(.corruptMessage, "A record batch of \(size) bytes is smaller than its own header.")
        }
        self.init(loading: pointer)
    }

    /// Bytes of the first batch, or nil when it is not all there; the same test that Kafka's reader makes of every
    /// batch.
    static func sizeOfFirstBatch(in bytes: UnsafeRawBufferPointer) throws(LogError) -> Int? {
        guard let pointer = bytes.baseAddress, bytes.count >= overhead else { return nil }
        let length: Int32 = pointer.bigEndian(at: Field.batchLength)
        // 14 is the least that a message of format v0 can have.
        guard length >= 14 else {
            throw LogError(.corruptMessage, "A record batch cannot have a length of \(length).")
        }
        guard bytes.count > Field.magic else { return nil }
        let magic: Int8 = pointer.bigEndian(at: Field.magic)
        guard magic >= 0 && magic <= 2 else {
            throw LogError(.corruptMessage, "There is no message format with magic \(magic).")
        }
        let size = Int(length) + overhead
        return size <= bytes.count ? size : nil
    }

    /// The CRC-32C of a whole batch, from its attributes to its end.
    package static func checksum(of batch: UnsafeRawBufferPointer) -> UInt32 {
        let covered = UnsafeRawBufferPointer(rebasing: batch[Field.attributes...])
        return krun_crc32c(0, covered.baseAddress, covered.count)
    }

    /// Where each field begins.
    enum Field {
        static let baseOffset = 0
        static let batchLength = 8
        static let partitionLeaderEpoch = 12
        static let magic = 16
        static let crc = 17
        static let attributes = 21
        static let lastOffsetDelta = 23
        static let baseTimestamp = 27
        static let maxTimestamp = 35
        static let producerId = 43
        static let producerEpoch = 51
        static let baseSequence = 53
        static let recordCount = 57
    }

    /// The bits of `attributes` above the codec.
    enum Attribute {
        static let logAppendTime: Int16 = 0x08
        static let transactional: Int16 = 0x10
        static let control: Int16 = 0x20
        static let deleteHorizon: Int16 = 0x40
    }
}

extension RecordBatchHeader {
    /// Of the whole batch, in bytes.
    package var sizeInBytes: Int { Int(batchLength) + Self.overhead }

    package var lastOffset: Int64 { baseOffset &+ Int64(lastOffsetDelta) }

    /// nil for a codec that Kafka does not have.
    package var compression: RecordCompression? { RecordCompression(rawValue: attributes & 0x07) }

    package var timestampType: TimestampType {
        attributes & Attribute.logAppendTime == 0 ? .createTime : .logAppendTime
    }

    package var isTransactional: Bool { attributes & Attribute.transactional != 0 }

    package var isControl: Bool { attributes & Attribute.control != 0 }

    /// When tombstones or markers in it may go (KIP-534); it stands in place of the base timestamp.
    package var deleteHorizon: Int64? { attributes & Attribute.deleteHorizon != 0 ? baseTimestamp : nil }

    package var hasProducerId: Bool { producerId > -1 }

    /// Of the last record; -1 when the batch has no sequence.
    package var lastSequence: Int32 {
        baseSequence < 0 ? -1 : Self.sequence(baseSequence, advancedBy: lastOffsetDelta)
    }

    /// The timestamp of a record with this delta.
    @inline(__always)
    func timestamp(delta: Int64) -> Int64 {
        timestampType == .logAppendTime ? maxTimestamp : baseTimestamp &+ delta
    }

    /// A later sequence; after Int32.max comes 0.
    package static func sequence(_ sequence: Int32, advancedBy count: Int32) -> Int32 {
        Int32(truncatingIfNeeded: (Int64(sequence) + Int64(count)) & Int64(Int32.max))
    }
}

extension RecordBatchHeader {
    /// The header of what may be a batch, without a judgement; nil where it is too short to be one.
    init?(peekingAt bytes: UnsafeRawBufferPointer) {
        guard bytes.count >= Self.size, let pointer = bytes.baseAddress else { return nil }
        self.init(loading: pointer)
    }
}
