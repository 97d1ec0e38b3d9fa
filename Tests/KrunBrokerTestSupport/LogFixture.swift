package import KrunBroker

/// What the tests of the log share: a clock, and batches as producers build them.
package enum LogFixture {
    package static let wall: Int64 = 1_700_000_000_000

    package static func now(_ milliseconds: Int64 = 0) -> Now {
        Now(uptime: .milliseconds(milliseconds), wallMilliseconds: wall + milliseconds)
    }

    /// A batch of one record a value, keyed `k`, at the clock's beginning unless a timestamp is given.
    package static func batch(
        _ values: [String], key: String? = "k", timestamp: Int64 = wall, compression: RecordCompression = .none
    ) -> [UInt8] {
        batch(values.map { (key, $0, timestamp) }, compression: compression)
    }

    package static func batch(
        _ records: [(key: String?, value: String?, timestamp: Int64)], compression: RecordCompression = .none,
        producer: (id: Int64, epoch: Int16, sequence: Int32)? = nil, isTransactional: Bool = false
    ) -> [UInt8] {
        var builder = RecordBatchBuilder(compression: compression)
        if let producer {
            builder.producerId = producer.id
            builder.producerEpoch = producer.epoch
            builder.baseSequence = producer.sequence
        }
        builder.isTransactional = isTransactional
        for record in records {
            builder.append(
                timestamp: record.timestamp, key: record.key.map { Array($0.utf8) },
                value: record.value.map { Array($0.utf8) })
        }
        return builder.build()
    }

    /// A batch of a producer with an id, `count` records long.
    package static func sequenced(
        _ id: Int64, epoch: Int16 = 0, sequence: Int32, count: Int = 1, isTransactional: Bool = false
    ) -> [UInt8] {
        batch(
            (0..<count).map { ("k\($0)", "v\(sequence)", wall) }, producer: (id, epoch, sequence),
            isTransactional: isTransactional)
    }

    /// Every batch that lies one after another in these bytes, read into records.
    package static func records(_ bytes: [UInt8]) throws -> [LogRecord] {
        try batches(bytes).flatMap { try RecordBatchReader.records(in: $0) }
    }

    package static func batches(_ bytes: [UInt8]) throws -> [[UInt8]] {
        var result: [[UInt8]] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let size = try rest.withUnsafeBytes { try RecordBatchHeader(parsing: $0).sizeInBytes }
            result.append(Array(rest.prefix(size)))
            rest = rest.dropFirst(size)
        }
        return result
    }

    package static func text(_ bytes: [UInt8]?) -> String? {
        bytes.map { String(decoding: $0, as: UTF8.self) }
    }
}

extension PartitionLog {
    /// Everything readable, as records.
    package func allRecords(upTo isolation: LogIsolation = .highWatermark) throws -> [LogRecord] {
        let slice = try read(from: logStartOffset, maxBytes: .max, minOneBatch: true, upTo: isolation)
        return try LogFixture.records(slice.bytes)
    }

    package func header(of batch: Int) throws -> RecordBatchHeader {
        let slice = try read(from: logStartOffset, maxBytes: .max, minOneBatch: true, upTo: .logEnd)
        return try LogFixture.batches(slice.bytes)[batch].withUnsafeBytes { try RecordBatchHeader(parsing: $0) }
    }
}
