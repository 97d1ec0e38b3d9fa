import KrunBrokerTestSupport
import KrunWire
import Testing

@testable import KrunBroker

@Suite(.timeLimit(.minutes(1)))
struct RecordBatchTests {
    /// What every batch of `ForeignBatches` holds.
    private static let expected: [LogRecord] = [
        LogRecord(
            offset: 0, timestamp: 1_700_000_000_000, key: Array("alice".utf8),
            value: Array(String(repeating: "espresso ", count: 12).utf8),
            headers: [
                LogRecordHeader(key: Array("trace".utf8), value: [1, 2]),
                LogRecordHeader(key: Array("empty".utf8), value: []),
                LogRecordHeader(key: Array("none".utf8), value: nil),
            ]),
        LogRecord(offset: 1, timestamp: 1_700_000_000_010, key: nil, value: Array("no key".utf8)),
        LogRecord(offset: 2, timestamp: 1_700_000_000_020, key: Array("bob".utf8), value: nil),
        LogRecord(offset: 3, timestamp: 1_700_000_000_005, key: [], value: []),
    ]

    @Test(arguments: ForeignBatches.all.indices)
    func readsAndKeepsWhatOtherProducersMake(index: Int) throws {
        let (_, compression, hex) = ForeignBatches.all[index]
        let bytes = ForeignBatches.bytes(hex)
        let header = try bytes.withUnsafeBytes { try RecordBatchHeader(parsing: $0) }
        #expect(header.compression == compression)
        #expect(header.sizeInBytes == bytes.count)
        #expect(header.maxTimestamp == 1_700_000_000_020)
        #expect(try RecordBatchReader.records(in: bytes) == Self.expected)
        let log = PartitionLog(now: LogFixture.now())
        _ = try log.append(bytes, leaderEpoch: 0, now: LogFixture.now())
        #expect(try log.allRecords() == Self.expected)
    }

    @Test
    func readsEveryFieldOfAHeader() throws {
        let bytes = ForeignBatches.bytes(ForeignBatches.all[0].hex)
        let header = try bytes.withUnsafeBytes { try RecordBatchHeader(parsing: $0) }
        var expected = header
        expected.baseOffset = 0
        expected.batchLength = Int32(bytes.count - 12)
        expected.partitionLeaderEpoch = 0
        expected.magic = 2
        expected.crc = 0xE24C_955F
        expected.attributes = 0
        expected.lastOffsetDelta = 3
        expected.baseTimestamp = 1_700_000_000_000
        expected.maxTimestamp = 1_700_000_000_020
        expected.producerId = 4000
        expected.producerEpoch = 3
        expected.baseSequence = 17
        expected.recordCount = 4
        #expect(header == expected)
        #expect(header.lastSequence == 20)
    }

    /// What we build for the same records is, byte for byte, what another producer builds.
    @Test
    func buildsWhatOtherProducersBuild() {
        var builder = RecordBatchBuilder()
        builder.partitionLeaderEpoch = 0
        builder.producerId = 4000
        builder.producerEpoch = 3
        builder.baseSequence = 17
        for record in Self.expected {
            builder.append(timestamp: record.timestamp, key: record.key, value: record.value, headers: record.headers)
        }
        #expect(builder.build() == ForeignBatches.bytes(ForeignBatches.all[0].hex))
    }

    @Test(arguments: RecordCompression.allCases)
    func readsWhatItBuilds(compression: RecordCompression) throws {
        var builder = RecordBatchBuilder(baseOffset: 100, compression: compression)
        var expected: [LogRecord] = []
        for index in 0..<5000 {
            let value = Array("value \(index % 13) of a length that fills several blocks".utf8)
            expected.append(
                LogRecord(
                    offset: 100 + Int64(index), timestamp: 1000 - Int64(index), key: [UInt8(index % 251)], value: value)
            )
            builder.append(timestamp: 1000 - Int64(index), key: [UInt8(index % 251)], value: value)
        }
        #expect(try RecordBatchReader.records(in: builder.build()) == expected)
    }

    @Test(arguments: [0, 1, -1, 63, -64, 64, -65, 8191, 8192, -8193, Int64(Int32.max), Int64(Int32.min), .max, .min])
    func varintsComeBack(value: Int64) {
        var bytes: [UInt8] = []
        Varint.append(value, to: &bytes)
        #expect(Varint.size(value) == bytes.count)
        bytes.withUnsafeBufferPointer { buffer in
            var p = buffer.baseAddress!
            let end = p + buffer.count
            #expect(Varint.int64(&p, end) == value)
            #expect(p == end)
            p = buffer.baseAddress!
            #expect(Varint.int64(&p, end - 1) == nil)
            if let small = Int32(exactly: value) {
                p = buffer.baseAddress!
                #expect(Varint.int32(&p, end) == small)
            }
        }
    }

    /// After Int32.max comes 0.
    @Test
    func sequencesWrapAround() {
        #expect(RecordBatchHeader.sequence(.max, advancedBy: 0) == .max)
        #expect(RecordBatchHeader.sequence(.max, advancedBy: 1) == 0)
        #expect(RecordBatchHeader.sequence(.max - 2, advancedBy: 5) == 2)
        #expect(RecordBatchHeader.sequence(7, advancedBy: 5) == 12)
    }

    /// A few hundred bytes that unfold to 16 MiB are refused at a limit of 1 MiB, and the memory taken is bounded by
    /// it.
    @Test(arguments: [RecordCompression.gzip, .snappy, .lz4, .zstd])
    func refusesABomb(compression: RecordCompression) throws {
        var builder = RecordBatchBuilder(compression: compression)
        builder.append(timestamp: LogFixture.wall, key: nil, value: [UInt8](repeating: 0, count: 16 << 20))
        let bomb = builder.build()
        #expect(bomb.count < 1 << 20)
        var configuration = LogConfiguration()
        configuration.maxDecompressedBytes = 1 << 20
        let log = PartitionLog(configuration: configuration, now: LogFixture.now())
        #expect(throws: LogError.self) { try log.append(bomb, leaderEpoch: 0, now: LogFixture.now()) }
        do {
            _ = try log.append(bomb, leaderEpoch: 0, now: LogFixture.now())
        } catch {
            #expect(error.code == .invalidRecord)
        }
        configuration.maxDecompressedBytes = 17 << 20
        log.configuration = configuration
        #expect(try log.append(bomb, leaderEpoch: 0, now: LogFixture.now()).baseOffset == 0)
    }

    /// Every cut and every flipped bit of a batch: nothing may trap, and nearly all must be refused, with the code
    /// Kafka has for it.
    @Test(arguments: ForeignBatches.all.indices)
    func survivesEveryCutAndEveryFlip(index: Int) {
        let bytes = ForeignBatches.bytes(ForeignBatches.all[index].hex)
        for count in 0..<bytes.count {
            let code = Self.refusal(of: Array(bytes[..<count]))
            #expect(code == .invalidRecord, "cut to \(count)")
        }
        for position in bytes.indices {
            for bit in 0..<8 {
                var flipped = bytes
                flipped[position] ^= 1 << bit
                let code = Self.refusal(of: flipped)
                switch position {
                case 0..<8: #expect(code == .invalidRecord, "base offset")
                case 8..<12: #expect([.invalidRecord, .corruptMessage, .messageTooLarge].contains(code), "length")
                case 12..<16: #expect(code == nil, "the leader epoch is the broker's to set")
                case 16: #expect([.invalidRecord, .corruptMessage].contains(code), "magic")
                default: #expect(code == .corruptMessage, "byte \(position)")
                }
            }
        }
    }

    /// The same with a checksum that matches, so that what is behind it is tried: any answer will do but a trap.
    @Test(arguments: ForeignBatches.all.indices)
    func survivesFlipsBehindAGoodChecksum(index: Int) {
        let bytes = ForeignBatches.bytes(ForeignBatches.all[index].hex)
        let allowed: [ErrorCode?] = [nil, .invalidRecord, .unsupportedCompressionType, .invalidTimestamp]
        for position in 21..<bytes.count {
            for change: UInt8 in [1, 2, 4, 8, 16, 32, 64, 128, 0xFF] {
                var flipped = bytes
                flipped[position] ^= change
                Self.seal(&flipped)
                #expect(allowed.contains(Self.refusal(of: flipped)), "byte \(position)")
            }
        }
        for count in 61..<bytes.count {
            var cut = Array(bytes[..<count])
            cut.replaceSubrange(8..<12, with: withUnsafeBytes(of: Int32(count - 12).bigEndian) { Array($0) })
            Self.seal(&cut)
            #expect(Self.refusal(of: cut) == .invalidRecord, "cut to \(count)")
        }
    }

    private static func seal(_ batch: inout [UInt8]) {
        batch.withUnsafeMutableBytes { bytes in
            let crc = RecordBatchHeader.checksum(of: UnsafeRawBufferPointer(bytes))
            bytes.baseAddress!.storeBigEndian(crc, at: RecordBatchHeader.Field.crc)
        }
    }

    private static func refusal(of bytes: [UInt8]) -> ErrorCode? {
        let log = PartitionLog(now: LogFixture.now())
        do {
            _ = try log.append(bytes, leaderEpoch: 0, now: LogFixture.now())
            _ = try? log.allRecords()
            _ = log.offset(for: .maxTimestamp)
            return nil
        } catch {
            return error.code
        }
    }
}
