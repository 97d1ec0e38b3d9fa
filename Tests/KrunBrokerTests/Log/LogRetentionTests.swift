import KrunBrokerTestSupport
import KrunWire
import Testing

@testable import KrunBroker

@Suite(.timeLimit(.minutes(1)))
struct LogRetentionTests {
    private static let size = Int64(LogFixture.batch(["0"]).count)

    /// Segments of two batches each, one batch every 100 ms.
    private static func log(batches: Int, _ change: (inout LogConfiguration) -> Void) throws -> PartitionLog {
        var configuration = LogConfiguration()
        configuration.segmentBytes = Int(size) * 2
        configuration.retentionCheckIntervalMs = 1000
        change(&configuration)
        let log = PartitionLog(configuration: configuration, now: LogFixture.now())
        for index in 0..<batches {
            let batch = LogFixture.batch(["\(index % 10)"], timestamp: LogFixture.wall + Int64(index) * 100)
            _ = try log.append(batch, leaderEpoch: 0, now: LogFixture.now(Int64(index) * 100))
        }
        return log
    }

    /// Whole segments, while at least `retention.bytes` are left.
    @Test(arguments: [(0, 0), (1, 1), (2, 3), (3, 3), (4, 5), (5, 5), (7, 7), (8, 7)] as [(Int64, Int64)])
    func deletesTheOldestSegmentsBySize(batchesRetained: Int64, kept: Int64) throws {
        let log = try Self.log(batches: 7) { $0.retentionBytes = batchesRetained * Self.size }
        #expect(log.segments.map(\.baseOffset) == [0, 2, 4, 6])
        _ = log.retainNow(now: LogFixture.now(700))
        #expect([log.logEndOffset - log.logStartOffset, log.sizeInBytes] == [kept, kept * Self.size])
    }

    /// By the greatest timestamp of a segment, the active one too when all of it is old.
    @Test
    func deletesOldSegmentsByTime() throws {
        let log = try Self.log(batches: 5) { $0.retentionMs = 2000 }
        // The oldest segment has timestamps 0 and 100, so that it goes at 2101.
        #expect(log.nextMaintenance(now: LogFixture.now(500)) == .milliseconds(2101))
        #expect(log.maintain(now: LogFixture.now(2100)) == LogMaintenance())
        // Looked at just now: next time in a second.
        #expect(log.nextMaintenance(now: LogFixture.now(2100)) == .milliseconds(3100))
        #expect(log.maintain(now: LogFixture.now(2101)) == LogMaintenance())
        #expect(log.retainNow(now: LogFixture.now(2101)))
        #expect(log.logStartOffset == 2)
        #expect(log.maintain(now: LogFixture.now(5000)) == LogMaintenance(deletedSegments: true))
        #expect([log.logStartOffset, log.logEndOffset, log.sizeInBytes, Int64(log.memory.used)] == [5, 5, 0, 0])
        #expect(log.logStartOffset == log.logEndOffset)
        #expect(log.nextMaintenance(now: LogFixture.now(5000)) == nil)
        #expect(try log.append(LogFixture.batch(["x"]), leaderEpoch: 0, now: LogFixture.now(5000)).logStartOffset == 5)
    }

    @Test
    func deletesNothingThatReplicasLack() throws {
        let log = try Self.log(batches: 0) { $0.retentionMs = 10 }
        log.isHighWatermarkHeld = true
        for _ in 0..<4 { _ = try log.append(LogFixture.batch(["x"]), leaderEpoch: 0, now: LogFixture.now()) }
        log.moveHighWatermark(to: 3)
        #expect(log.retainNow(now: LogFixture.now(5000)))
        #expect(log.logStartOffset == 2)
    }

    @Test
    func deletesNothingWhereThePolicyOnlyCompacts() throws {
        let log = try Self.log(batches: 5) {
            $0.cleanupPolicy = .compact; $0.retentionMs = 1; $0.retentionBytes = 0
        }
        #expect(!log.retainNow(now: LogFixture.now(1_000_000)))
        #expect(throws: LogError(.policyViolation, "Records cannot be deleted where cleanup.policy does not delete.")) {
            try log.deleteRecords(before: 1)
        }
    }

    /// A segment begins when the next batch's timestamp is more than `segment.ms` after the first one's.
    @Test
    func rollsByTimestamps() throws {
        let log = try Self.log(batches: 0) {
            $0.segmentBytes = 1 << 20; $0.segmentMs = 100
        }
        for timestamp: Int64 in [0, 100, 101, 50, 201, 202] {
            let batch = LogFixture.batch(["x"], timestamp: LogFixture.wall + timestamp)
            _ = try log.append(batch, leaderEpoch: 0, now: LogFixture.now())
        }
        #expect(log.segments.map(\.baseOffset) == [0, 2, 5])
    }

    @Test
    func deletesRecordsBeforeAnOffset() throws {
        let log = try Self.log(batches: 5) { _ in }
        #expect(try log.deleteRecords(before: 3) == 3)
        #expect(try log.deleteRecords(before: 1) == 3)
        #expect(throws: LogError.self) { try log.deleteRecords(before: 6) }
        #expect(throws: LogError.self) { try log.deleteRecords(before: -2) }
        #expect(throws: LogError.self) { try log.read(from: 2, maxBytes: 1, minOneBatch: true) }
        #expect(try log.allRecords().map(\.offset) == [3, 4])
        #expect(log.offset(for: .earliest) == LogTimestampOffset(offset: 3, timestamp: -1, leaderEpoch: 0))
        #expect(try log.deleteRecords(before: -1) == 5)
        #expect(try log.read(from: 5, maxBytes: 1, minOneBatch: true).isEmpty)
    }

    /// A start within a batch: the batch is read as a whole, but look-ups by time do not find what is deleted.
    @Test
    func startsWithinABatch() throws {
        let log = PartitionLog(now: LogFixture.now())
        let records = [3, 1, 2].map { ("k" as String?, "v" as String?, LogFixture.wall + $0) }
        _ = try log.append(LogFixture.batch(records), leaderEpoch: 6, now: LogFixture.now())
        #expect(log.offset(for: .maxTimestamp)?.offset == 0)
        try log.deleteRecords(before: 1)
        #expect(try LogFixture.records(log.read(from: 1, maxBytes: 1, minOneBatch: true).bytes).count == 3)
        let latest = LogTimestampOffset(offset: 2, timestamp: LogFixture.wall + 2, leaderEpoch: 6)
        #expect(log.offset(for: .maxTimestamp) == latest)
        #expect(log.offset(for: .timestamp(LogFixture.wall + 2)) == latest)
        #expect(log.offset(for: .timestamp(LogFixture.wall + 3)) == nil)
        #expect(log.offset(for: .timestamp(0))?.offset == 1)
    }

    /// KIP-101 and KIP-279: the greatest epoch at or below the one asked for, and where the next one began.
    @Test
    func knowsWhereLeaderEpochsEnd() throws {
        let log = PartitionLog(now: LogFixture.now())
        for epoch: Int32 in [2, 2, 5] {
            _ = try log.append(LogFixture.batch(["x"]), leaderEpoch: epoch, now: LogFixture.now())
        }
        log.beginLeaderEpoch(8)
        let ends = [-1, 0, 2, 3, 5, 7, 8, 9].map { log.endOffset(forLeaderEpoch: $0) }
        let expected = [(-1, -1), (0, 0), (2, 2), (2, 2), (5, 3), (5, 3), (8, 3), (-1, -1)] as [(Int32, Int64)]
        #expect(ends == expected.map { LogEpochEnd(leaderEpoch: $0.0, endOffset: $0.1) })
        #expect(log.epochs.latestEpoch == 8)
        try log.deleteRecords(before: 2)
        #expect(log.endOffset(forLeaderEpoch: 2) == LogEpochEnd(leaderEpoch: 2, endOffset: 2))
    }

    /// The wire's special timestamps.
    @Test
    func understandsTheTimestampsOfListOffsets() {
        let queries = [0, -1, -2, -3, -4, -5, 77].map { LogOffsetQuery(wireTimestamp: $0) }
        #expect(queries == [.timestamp(0), .latest, .earliest, .maxTimestamp, .earliest, nil, .timestamp(77)])
    }
}
