internal import KrunWire

/// Judges what a producer sent for a partition before anything is stored, in Kafka's order and with its error codes.
struct BatchValidator {
    /// A batch that may be stored.
    struct Accepted {
        /// As it is to be stored, but for base offset and leader epoch.
        var header: RecordBatchHeader
        /// The batch as sent, without what may follow it.
        var sent: UnsafeRawBufferPointer
        /// Takes the place of what was sent when the topic wants another codec.
        var rewritten: [UInt8]?
        /// The stored header differs from the sent one in attributes or greatest timestamp, so that its checksum is to
        /// be made anew.
        var changesHeader: Bool
    }

    /// A batch may have millions of records: no more than this many are reported one by one.
    static let maxRecordErrors = 1000

    let configuration: LogConfiguration
    let nowMilliseconds: Int64
    let origin: LogAppendOrigin
    /// Of the request; zstd is allowed from 7 on (KIP-110).
    let produceVersion: Int16

    private var recordErrors: [RecordError] = []
    private var refusesTimestamp = false
    private var errorCount = 0

    init(configuration: LogConfiguration, nowMilliseconds: Int64, origin: LogAppendOrigin, produceVersion: Int16) {
        self.configuration = configuration
        self.nowMilliseconds = nowMilliseconds
        self.origin = origin
        self.produceVersion = produceVersion
    }

    mutating func validate(_ bytes: UnsafeRawBufferPointer) throws(LogError) -> Accepted {
        let header = try RecordBatchHeader(parsing: bytes)
        let sent = UnsafeRawBufferPointer(rebasing: bytes[..<header.sizeInBytes])
        if header.compression == .zstd && produceVersion < 7 {
            throw LogError(.unsupportedCompressionType, "Produce version \(produceVersion) does not allow zstd.")
        }
        let rest = UnsafeRawBufferPointer(rebasing: bytes[header.sizeInBytes...])
        if try RecordBatchHeader.sizeOfFirstBatch(in: rest) != nil {
            throw LogError(.invalidRecord, "A partition must get exactly one record batch from Produce version 3 on.")
        }
        try checkHeader(header, sent)
        try checkCounts(header)
        return try checkRecords(header, sent)
    }

    private func checkHeader(_ header: RecordBatchHeader, _ sent: UnsafeRawBufferPointer) throws(LogError) {
        if origin == .client && header.baseOffset != 0 {
            throw LogError(
                .invalidRecord, "The base offset of a record batch that is sent must be 0, it is \(header.baseOffset).")
        }
        try checkSize(sent.count)
        guard RecordBatchHeader.checksum(of: sent) == header.crc else {
            throw LogError(.corruptMessage, "The record batch is corrupt: its checksum is not \(header.crc).")
        }
        guard header.compression != nil else {
            throw LogError(.unsupportedCompressionType, "There is no compression type \(header.attributes & 0x07).")
        }
    }

    private func checkSize(_ size: Int) throws(LogError) {
        guard size > configuration.maxMessageBytes else { return }
        throw LogError(
            .messageTooLarge,
            "The record batch has \(size) bytes, more than max.message.bytes allows: \(configuration.maxMessageBytes).")
    }

    private func checkCounts(_ header: RecordBatchHeader) throws(LogError) {
        if header.lastOffsetDelta < 0 {
            throw LogError(.invalidRecord, "The batch has an invalid offset range: [0, \(header.lastOffsetDelta)].")
        }
        if header.recordCount <= 0 {
            throw LogError(.invalidRecord, "Invalid reported count for record batch: \(header.recordCount).")
        }
        if Int64(header.lastOffsetDelta) + 1 != Int64(header.recordCount) {
            throw LogError(
                .invalidRecord,
                "Inconsistent offset range [0, \(header.lastOffsetDelta)] and count of records \(header.recordCount).")
        }
        // Nobody writes them through here: the log makes its own (`appendEndTransactionMarker`).
        if header.isControl {
            throw LogError(.invalidRecord, "Clients are not allowed to write control records.")
        }
        if origin == .client && header.hasProducerId && header.baseSequence < 0 {
            throw LogError(
                .invalidRecord,
                "Invalid sequence number \(header.baseSequence) in a batch of producer id \(header.producerId).")
        }
    }

    private mutating func checkRecords(
        _ header: RecordBatchHeader, _ sent: UnsafeRawBufferPointer
    ) throws(LogError) -> Accepted {
        let source = header.compression ?? .none
        let target = configuration.compressionType ?? source
        var keepsBytes = source == target
        var records = try RecordBatchIterator(
            header: header, batch: sent, maxDecompressedBytes: configuration.maxDecompressedBytes)
        var record = RawRecord()
        var index: Int32 = 0
        var maxTimestamp: Int64 = -1
        let needsKey = configuration.cleanupPolicy.contains(.compact)
        let isCreateTime = configuration.messageTimestampType == .createTime
        while try records.next(&record) {
            let timestamp = header.timestamp(delta: record.timestampDelta)
            if needsKey && record.key == nil {
                report(index, "Compacted topic cannot accept message without key.")
            } else if isCreateTime && timestamp != -1 {
                if isOutOfRange(timestamp) { reportTimestamp(index, timestamp, offset: record.offsetDelta) }
            } else if header.timestampType == .logAppendTime {
                refusesTimestamp = true
                report(index, "Invalid timestamp type: a producer should not set it to LogAppendTime.")
            }
            // As readers will have it, who are told CreateTime even when the producer said otherwise.
            let kept = isCreateTime && keepsBytes ? header.baseTimestamp &+ record.timestampDelta : timestamp
            maxTimestamp = max(maxTimestamp, kept)
            if source != .none && record.offsetDelta != index { keepsBytes = false }
            index += 1
        }
        try throwRecordErrors()
        if !keepsBytes, target != .none, records.plainBytes > configuration.maxRecompressedBytes {
            throw LogError(
                .invalidRecord,
                "The records hold more than \(configuration.maxRecompressedBytes) bytes, which this broker does not compress anew."
            )
        }
        if configuration.messageTimestampType == .logAppendTime { maxTimestamp = nowMilliseconds }
        guard keepsBytes else {
            return try rewritten(header, sent, to: target, maxTimestamp: maxTimestamp)
        }
        var stored = header
        stored.maxTimestamp = maxTimestamp
        if configuration.messageTimestampType == .logAppendTime {
            stored.attributes |= RecordBatchHeader.Attribute.logAppendTime
        } else {
            stored.attributes &= ~RecordBatchHeader.Attribute.logAppendTime
        }
        return Accepted(
            header: stored, sent: sent, rewritten: nil,
            changesHeader: stored.maxTimestamp != header.maxTimestamp || stored.attributes != header.attributes)
    }

    /// The batch in the codec that the topic wants, its records numbered from 0.
    private func rewritten(
        _ header: RecordBatchHeader, _ sent: UnsafeRawBufferPointer, to target: RecordCompression, maxTimestamp: Int64
    ) throws(LogError) -> Accepted {
        var builder = RecordBatchBuilder(compression: target)
        builder.levels = configuration
        builder.timestampType = configuration.messageTimestampType
        builder.logAppendTime = maxTimestamp
        builder.producerId = header.producerId
        builder.producerEpoch = header.producerEpoch
        builder.baseSequence = header.baseSequence
        builder.isTransactional = header.isTransactional
        var records = try RecordBatchIterator(
            header: header, batch: sent, maxDecompressedBytes: configuration.maxDecompressedBytes)
        var record = RawRecord()
        while try records.next(&record) {
            builder.append(
                timestamp: header.timestamp(delta: record.timestampDelta), key: record.key, value: record.value,
                headerCount: record.headerCount, headers: record.headers, offsetDelta: nil)
        }
        let bytes = builder.build()
        try checkSize(bytes.count)
        let stored = bytes.withUnsafeBytes { RecordBatchHeader(loading: $0.baseAddress!) }
        return Accepted(header: stored, sent: sent, rewritten: bytes, changesHeader: false)
    }

    private func isOutOfRange(_ timestamp: Int64) -> Bool {
        let age = nowMilliseconds &- timestamp
        return age > configuration.messageTimestampBeforeMaxMs || 0 &- age > configuration.messageTimestampAfterMaxMs
    }

    private mutating func reportTimestamp(_ index: Int32, _ timestamp: Int64, offset: Int32) {
        refusesTimestamp = true
        let earliest = nowMilliseconds &- configuration.messageTimestampBeforeMaxMs
        let latest = nowMilliseconds &+ configuration.messageTimestampAfterMaxMs
        report(
            index,
            "Timestamp \(timestamp) of message with offset \(offset) is out of range. "
                + "The timestamp should be within [\(earliest), \(latest)]")
    }

    private mutating func report(_ index: Int32, _ message: @autoclosure () -> String) {
        errorCount += 1
        guard recordErrors.count < Self.maxRecordErrors else { return }
        recordErrors.append(RecordError(batchIndex: index, message: message()))
    }

    private func throwRecordErrors() throws(LogError) {
        guard errorCount > 0 else { return }
        if refusesTimestamp {
            throw LogError(
                .invalidTimestamp, "One or more records have been rejected due to invalid timestamp",
                recordErrors: recordErrors)
        }
        throw LogError(
            .invalidRecord, "One or more records have been rejected due to \(errorCount) record errors in total",
            recordErrors: recordErrors)
    }
}
