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
