import KrunBrokerTestSupport
import KrunWire
import Testing

@testable import KrunBroker

/// What a producer's batch must be, in the order in which Kafka looks, and with its codes.
@Suite(.timeLimit(.minutes(1)))
struct LogValidationTests {
    private static func refusal(
        of bytes: [UInt8], _ change: (inout LogConfiguration) -> Void = { _ in }, origin: LogAppendOrigin = .client,
        produceVersion: Int16 = 9, isVerified: Bool = true
    ) -> LogError? {
        var configuration = LogConfiguration()
        change(&configuration)
        let log = PartitionLog(configuration: configuration, now: LogFixture.now())
        do {
            _ = try log.append(
                bytes, leaderEpoch: 0, now: LogFixture.now(), origin: origin, produceVersion: produceVersion,
                isVerified: isVerified)
            return nil
        } catch {
            #expect(log.logEndOffset == 0)
            #expect(log.memory.used == 0)
            return error
        }
    }

    /// A batch with some bytes changed, and its checksum put right again.
    private static func patched<T: FixedWidthInteger & BitwiseCopyable>(
        _ batch: [UInt8], _ field: Int, _ value: T
    ) -> [UInt8] {
        var batch = batch
        batch.withUnsafeMutableBytes { bytes in
            bytes.baseAddress!.storeBigEndian(value, at: field)
            let crc = RecordBatchHeader.checksum(of: UnsafeRawBufferPointer(bytes))
            bytes.baseAddress!.storeBigEndian(crc, at: RecordBatchHeader.Field.crc)
        }
        return batch
    }

    private typealias Field = RecordBatchHeader.Field
    private static let good = LogFixture.batch(["a", "b"])

    @Test
    func wantsExactlyOneWholeBatchOfMagic2() {
        #expect(Self.refusal(of: [])?.code == .invalidRecord)
        #expect(Self.refusal(of: Array(Self.good.dropLast()))?.code == .invalidRecord)
        #expect(Self.refusal(of: Self.good + Self.good)?.code == .invalidRecord)
        // What does not make another batch is ignored.
        #expect(Self.refusal(of: Self.good + [0, 0, 0]) == nil)
        #expect(Self.refusal(of: Self.good + Self.good.dropLast()) == nil)
        #expect(Self.refusal(of: Self.good + [UInt8](repeating: 0, count: 20))?.code == .corruptMessage)
        for magic: Int8 in [0, 1] {
            #expect(Self.refusal(of: Self.patched(Self.good, Field.magic, magic))?.code == .invalidRecord)
        }
        for magic: Int8 in [-1, 3] {
            #expect(Self.refusal(of: Self.patched(Self.good, Field.magic, magic))?.code == .corruptMessage)
        }
        for length: Int32 in [-1, 0, 13, 48] {
            #expect(Self.refusal(of: Self.patched(Self.good, Field.batchLength, length))?.code == .corruptMessage)
        }
        for length: Int32 in [1000, .max] {
            #expect(Self.refusal(of: Self.patched(Self.good, Field.batchLength, length))?.code == .invalidRecord)
        }
    }

    @Test
    func judgesTheHeader() {
        #expect(Self.refusal(of: Self.patched(Self.good, Field.baseOffset, Int64(1)))?.code == .invalidRecord)
        for attributes: Int16 in [5, 6, 7] {
            let code = Self.refusal(of: Self.patched(Self.good, Field.attributes, attributes))?.code
            #expect(code == .unsupportedCompressionType)
        }
        for delta: Int32 in [-1, .min, 0, 2, .max] {
            #expect(Self.refusal(of: Self.patched(Self.good, Field.lastOffsetDelta, delta))?.code == .invalidRecord)
        }
        for count: Int32 in [-1, .min, 0, 1, 3, .max] {
            #expect(Self.refusal(of: Self.patched(Self.good, Field.recordCount, count))?.code == .invalidRecord)
        }
        let control = Self.patched(Self.good, Field.attributes, RecordBatchHeader.Attribute.control)
        #expect(Self.refusal(of: control)?.code == .invalidRecord)
        let withoutSequence = Self.patched(Self.good, Field.producerId, Int64(4))
        #expect(Self.refusal(of: withoutSequence)?.code == .invalidRecord)
        #expect(Self.refusal(of: withoutSequence, origin: .coordinator) == nil)
    }

    /// The size of the batch as sent is what `max.message.bytes` bounds, and it comes before the checksum.
    @Test
    func refusesTooLargeBatches() {
        var broken = Self.good
        broken[70] ^= 1
        #expect(Self.refusal(of: broken) { $0.maxMessageBytes = Self.good.count }?.code == .corruptMessage)
        #expect(Self.refusal(of: broken) { $0.maxMessageBytes = Self.good.count - 1 }?.code == .messageTooLarge)
        #expect(Self.refusal(of: Self.good) { $0.segmentBytes = Self.good.count } == nil)
        #expect(Self.refusal(of: Self.good) { $0.segmentBytes = Self.good.count - 1 }?.code == .recordListTooLarge)
    }

    @Test
    func allowsZstdFromProduce7On() {
        let batch = LogFixture.batch(["a"], compression: .zstd)
        #expect(Self.refusal(of: batch, produceVersion: 6)?.code == .unsupportedCompressionType)
        #expect(Self.refusal(of: batch, produceVersion: 7) == nil)
    }

    @Test
    func tellsWhichRecordsLackAKey() {
        let batch = LogFixture.batch([
            ("a", "1", LogFixture.wall), (nil, "2", LogFixture.wall), (nil, "3", LogFixture.wall),
        ])
        let message = "Compacted topic cannot accept message without key."
        #expect(
            Self.refusal(of: batch) { $0.cleanupPolicy = .compact }
                == LogError(
                    .invalidRecord, "One or more records have been rejected due to 2 record errors in total",
                    recordErrors: [
                        RecordError(batchIndex: 1, message: message), RecordError(batchIndex: 2, message: message),
                    ]))
        #expect(Self.refusal(of: batch) == nil)
    }

    @Test
    func boundsTheRecordErrors() {
        let batch = LogFixture.batch([String](repeating: "v", count: 5000), key: nil)
        let error = Self.refusal(of: batch) { $0.cleanupPolicy = .compact }
        #expect(error?.recordErrors.count == 1000)
    }

    @Test
    func judgesTimestampsOfProducers() {
        func batch(_ age: Int64) -> [UInt8] { LogFixture.batch(["a"], timestamp: LogFixture.wall - age) }
        func limits(_ configuration: inout LogConfiguration) {
            configuration.messageTimestampBeforeMaxMs = 1000
            configuration.messageTimestampAfterMaxMs = 500
        }
        #expect(Self.refusal(of: batch(1000), limits) == nil)
        #expect(Self.refusal(of: batch(-500), limits) == nil)
        let earliest = LogFixture.wall - 1000
        #expect(
            Self.refusal(of: batch(1001), limits)
                == LogError(
                    .invalidTimestamp, "One or more records have been rejected due to invalid timestamp",
                    recordErrors: [
                        RecordError(
                            batchIndex: 0,
                            message: "Timestamp \(earliest - 1) of message with offset 0 is out of range. "
                                + "The timestamp should be within [\(earliest), \(LogFixture.wall + 500)]")
                    ]))
        #expect(Self.refusal(of: batch(-501), limits)?.code == .invalidTimestamp)
        // Without a timestamp there is nothing to judge.
        #expect(Self.refusal(of: LogFixture.batch(["a"], timestamp: -1), limits) == nil)
        // Where the broker sets it, the producer's does not matter, but it must not claim to be the broker's.
        #expect(
            Self.refusal(of: batch(5000)) {
                limits(&$0); $0.messageTimestampType = .logAppendTime
            } == nil)
        let claims = Self.patched(Self.good, Field.attributes, RecordBatchHeader.Attribute.logAppendTime)
        #expect(Self.refusal(of: claims) { $0.messageTimestampType = .logAppendTime }?.code == .invalidTimestamp)
    }

    /// Under LogAppendTime the batch gets the broker's time and a new checksum; under CreateTime a wrong greatest
    /// timestamp is put right.
    @Test
    func setsTimestampsInTheHeader() throws {
        var configuration = LogConfiguration()
        configuration.messageTimestampType = .logAppendTime
        let log = PartitionLog(configuration: configuration, now: LogFixture.now())
        let result = try log.append(Self.good, leaderEpoch: 0, now: LogFixture.now(77))
        #expect(result.logAppendTime == LogFixture.wall + 77)
        #expect(try log.header(of: 0).timestampType == .logAppendTime)
        #expect(try log.allRecords().map(\.timestamp) == [LogFixture.wall + 77, LogFixture.wall + 77])
        #expect(log.offset(for: .timestamp(LogFixture.wall + 77))?.offset == 0)
        log.configuration.messageTimestampType = .createTime
        _ = try log.append(Self.patched(Self.good, Field.maxTimestamp, Int64(5)), leaderEpoch: 0, now: LogFixture.now())
        #expect(try log.header(of: 1).maxTimestamp == LogFixture.wall)
        #expect(try LogFixture.records(log.read(from: 2, maxBytes: .max, minOneBatch: true).bytes).count == 2)
    }

    /// Kafka takes a batch that claims LogAppendTime where the topic is of CreateTime; readers are told CreateTime then,
    /// so that the greatest timestamp must be one of the records' own.
    @Test
    func aProducersLogAppendTimeIsNoRecordsTimestamp() throws {
        let claimed = Self.patched(Self.good, Field.attributes, RecordBatchHeader.Attribute.logAppendTime)
        let log = PartitionLog(now: LogFixture.now())
        _ = try log.append(
            Self.patched(claimed, Field.maxTimestamp, LogFixture.wall + 1024), leaderEpoch: 3, now: LogFixture.now())
        let expected = LogTimestampOffset(offset: 0, timestamp: LogFixture.wall, leaderEpoch: 3)
        #expect(log.offset(for: .maxTimestamp) == expected)
        #expect(log.offset(for: .timestamp(LogFixture.wall + 1)) == nil)
        #expect(try log.allRecords().map(\.timestamp) == [LogFixture.wall, LogFixture.wall])
    }

    /// `compression.type` of the topic decides what is stored, whatever was sent.
    @Test(arguments: RecordCompression.allCases, RecordCompression.allCases)
    func storesInTheCodecOfTheTopic(sent: RecordCompression, wanted: RecordCompression) throws {
        var configuration = LogConfiguration()
        configuration.compressionType = wanted
        let log = PartitionLog(configuration: configuration, now: LogFixture.now())
        let records = (0..<100).map { ("k\($0)" as String?, $0 % 9 == 0 ? nil : "v\($0)", LogFixture.wall + Int64($0)) }
        let batch = LogFixture.batch(records, compression: sent, producer: (5, 1, 10))
        _ = try log.append(LogFixture.batch(["first"]), leaderEpoch: 0, now: LogFixture.now())
        let result = try log.append(batch, leaderEpoch: 2, now: LogFixture.now())
        let stored = try log.read(from: 1, maxBytes: .max, minOneBatch: true).bytes
        #expect(result.storedBytes == stored.count)
        let header = try stored.withUnsafeBytes { try RecordBatchHeader(parsing: $0) }
        #expect(header.compression == wanted)
        #expect([header.producerId, Int64(header.producerEpoch), Int64(header.baseSequence)] == [5, 1, 10])
        #expect(header.partitionLeaderEpoch == 2)
        var expected = try RecordBatchReader.records(in: batch)
        for index in expected.indices { expected[index].offset += 1 }
        #expect(try RecordBatchReader.records(in: stored) == expected)
        #expect(try log.append(batch, leaderEpoch: 2, now: LogFixture.now()).isDuplicate)
    }

    @Test
    func storesWhatMemoryAllowsAndTellsOtherwise() throws {
        let memory = LogMemory(limit: 10_000)
        let log = PartitionLog(memory: memory, now: LogFixture.now())
        let batch = LogFixture.batch([String(repeating: "x", count: 900)])
        var stored = 0
        var refusal: LogError?
        while refusal == nil {
            do {
                _ = try log.append(batch, leaderEpoch: 0, now: LogFixture.now())
                stored += 1
            } catch {
                refusal = error
            }
        }
        #expect(refusal?.code == .kafkaStorageError)
        #expect(refusal?.exceedsMemory == true)
        #expect(memory.used <= 10_000)
        #expect(stored * batch.count > 8000)
        #expect(try log.allRecords().count == stored)
        // Room is made by deleting, and never otherwise.
        try log.deleteRecords(before: -1)
        #expect(memory.used == 0)
        #expect(try log.append(batch, leaderEpoch: 0, now: LogFixture.now()).baseOffset == Int64(stored))
    }

    /// A thousand partitions of five messages cost what their messages do, about.
    @Test
    func smallLogsAreSmall() throws {
        let memory = LogMemory()
        let logs = (0..<1000).map { _ in PartitionLog(memory: memory, now: LogFixture.now()) }
        for log in logs {
            for _ in 0..<5 { _ = try log.append(Self.good, leaderEpoch: 0, now: LogFixture.now()) }
        }
        #expect(memory.used == 1000 * 2048)
    }

    /// What is reserved beyond the batches is little, and all goes back.
    @Test(arguments: [100, 5000, 700_000])
    func memoryIsLittleMoreThanTheBatches(recordBytes: Int) throws {
        let memory = LogMemory()
        do {
            let log = PartitionLog(memory: memory, now: LogFixture.now())
            let batch = LogFixture.batch([String(repeating: "x", count: recordBytes)])
            for _ in 0..<max(20, 2_000_000 / batch.count) {
                _ = try log.append(batch, leaderEpoch: 0, now: LogFixture.now())
            }
            #expect(Double(memory.used) < Double(log.sizeInBytes) * 1.15)
            let slice = try log.read(from: 0, maxBytes: 5000, minOneBatch: true)
            log.removeAll(now: LogFixture.now())
            #expect(memory.used > 0)
            #expect(slice.bytes.count == slice.count)
        }
        #expect(memory.used == 0)
    }

    @Test
    func wantsTransactionsToBeVerified() throws {
        let batch = LogFixture.sequenced(3, sequence: 0, isTransactional: true)
        #expect(Self.refusal(of: batch, isVerified: false)?.code == .invalidTxnState)
        let log = PartitionLog(now: LogFixture.now())
        _ = try log.append(batch, leaderEpoch: 0, now: LogFixture.now())
        // What is open needs no more of it, and a duplicate none at all.
        let next = LogFixture.sequenced(3, sequence: 1, isTransactional: true)
        #expect(try log.append(next, leaderEpoch: 0, now: LogFixture.now(), isVerified: false).baseOffset == 1)
        #expect(try log.append(next, leaderEpoch: 0, now: LogFixture.now(), isVerified: false).isDuplicate)
    }
}
