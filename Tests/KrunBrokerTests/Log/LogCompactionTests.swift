import KrunBrokerTestSupport
import KrunWire
import Testing

@testable import KrunBroker

@Suite(.timeLimit(.minutes(2)))
struct LogCompactionTests {
    private static func configuration() -> LogConfiguration {
        var configuration = LogConfiguration()
        configuration.cleanupPolicy = .compact
        configuration.segmentMs = 1000
        configuration.minCleanableDirtyRatio = 0.5
        configuration.cleanerBackoffMs = 10
        configuration.deleteRetentionMs = 60_000
        return configuration
    }

    private static func log(_ configuration: LogConfiguration = configuration()) -> PartitionLog {
        PartitionLog(configuration: configuration, now: LogFixture.now())
    }

    /// Offset, key and value of all that can be read.
    private static func contents(_ log: PartitionLog) throws -> [String] {
        try log.allRecords(upTo: .lastStable).map {
            "\($0.offset) \(LogFixture.text($0.key) ?? "-")=\(LogFixture.text($0.value) ?? "-")"
        }
    }

    @Test
    func keepsTheNewestRecordOfEveryKeyWithItsOffset() throws {
        let log = Self.log()
        _ = try log.append(
            LogFixture.batch([("a", "1", LogFixture.wall), ("b", "1", LogFixture.wall), ("a", "2", LogFixture.wall)]),
            leaderEpoch: 0, now: LogFixture.now())
        _ = try log.append(LogFixture.batch(["3"], key: "b"), leaderEpoch: 0, now: LogFixture.now())
        _ = try log.append(LogFixture.batch(["4"], key: "c"), leaderEpoch: 0, now: LogFixture.now())
        #expect(log.cleanNow(now: LogFixture.now()))
        #expect(try Self.contents(log) == ["2 a=2", "3 b=3", "4 c=4"])
        #expect(log.logStartOffset == 0)
        #expect(log.logEndOffset == 5)
        // Reading from an offset that is gone gives what comes next.
        #expect(try LogFixture.records(log.read(from: 1, maxBytes: 1, minOneBatch: true).bytes).map(\.offset) == [2])
    }

    /// In its own codec, with the batch's first and last offset, so that sequences can still be told from it.
    @Test(arguments: RecordCompression.allCases)
    func rewritesABatchInItsOwnCodec(compression: RecordCompression) throws {
        let log = Self.log()
        let records = (0..<200).map { ("key \($0 % 50)" as String?, "value \($0)" as String?, LogFixture.wall) }
        _ = try log.append(LogFixture.batch(records, compression: compression), leaderEpoch: 0, now: LogFixture.now())
        log.cleanNow(now: LogFixture.now())
        let header = try log.header(of: 0)
        #expect(header.compression == compression)
        #expect([header.baseOffset, header.lastOffset, Int64(header.recordCount)] == [0, 199, 50])
        #expect(try log.allRecords().map(\.offset) == Array(150..<200))
    }

    /// The segment that is written to is left alone, also when compaction is due.
    @Test
    func neverTouchesTheActiveSegment() throws {
        let log = Self.log()
        for index in 0..<10 {
            _ = try log.append(LogFixture.batch(["\(index)"]), leaderEpoch: 0, now: LogFixture.now())
        }
        #expect(log.nextMaintenance(now: LogFixture.now()) == nil)
        #expect(log.maintain(now: LogFixture.now(500)) == LogMaintenance())
        #expect(!log.cleanNow(now: LogFixture.now(), rollingActiveSegment: false))
        #expect(try Self.contents(log).count == 10)
        // A record more than segment.ms younger opens a new segment, and then the old one may be compacted.
        let late = LogFixture.batch(["late"], timestamp: LogFixture.wall + 1001)
        _ = try log.append(late, leaderEpoch: 0, now: LogFixture.now(1001))
        #expect(log.nextMaintenance(now: LogFixture.now(1001)) == .milliseconds(510))
        #expect(log.maintain(now: LogFixture.now(1001)) == LogMaintenance(compacted: true))
        #expect(try Self.contents(log) == ["9 k=9", "10 k=late"])
        #expect(log.nextMaintenance(now: LogFixture.now(1001)) == nil)
    }

    @Test
    func waitsForTheDirtyRatioOrTheMaximumLag() throws {
        var configuration = Self.configuration()
        configuration.minCleanableDirtyRatio = 1
        configuration.maxCompactionLagMs = 5000
        configuration.segmentMs = 100
        let log = Self.log(configuration)
        for index in 0..<4 {
            let batch = LogFixture.batch(["\(index)"], timestamp: LogFixture.wall + Int64(index) * 200)
            _ = try log.append(batch, leaderEpoch: 0, now: LogFixture.now(Int64(index) * 200))
        }
        #expect(log.segments.count == 4)
        #expect(log.maintain(now: LogFixture.now(5000)) == LogMaintenance())
        #expect(log.maintain(now: LogFixture.now(5020)) == LogMaintenance(compacted: true))
        #expect(try Self.contents(log) == ["2 k=2", "3 k=3"])
    }

    @Test
    func leavesAloneWhatIsYoungerThanTheMinimumLag() throws {
        var configuration = Self.configuration()
        configuration.minCompactionLagMs = 1000
        configuration.segmentMs = 100
        let log = Self.log(configuration)
        for index in 0..<4 {
            let batch = LogFixture.batch(["\(index)"], timestamp: LogFixture.wall + Int64(index) * 500)
            _ = try log.append(batch, leaderEpoch: 0, now: LogFixture.now(Int64(index) * 500))
        }
        log.cleanNow(now: LogFixture.now(2000), rollingActiveSegment: false)
        #expect(try Self.contents(log) == ["2 k=2", "3 k=3"])
    }

    /// A tombstone outlives the first compaction by `delete.retention.ms`, so that slow readers meet it.
    @Test
    func keepsATombstoneForItsRetention() throws {
        let log = Self.log()
        _ = try log.append(
            LogFixture.batch([("a", "1", LogFixture.wall), ("b", "1", LogFixture.wall), ("a", nil, LogFixture.wall)]),
            leaderEpoch: 0, now: LogFixture.now())
        _ = try log.append(LogFixture.batch(["end"], key: "z"), leaderEpoch: 0, now: LogFixture.now())
        log.cleanNow(now: LogFixture.now(100))
        #expect(try Self.contents(log) == ["1 b=1", "2 a=-", "3 z=end"])
        #expect(try log.header(of: 0).deleteHorizon == LogFixture.wall + 60_100)
        #expect(try log.allRecords().map(\.timestamp) == [LogFixture.wall, LogFixture.wall, LogFixture.wall])
        log.cleanNow(now: LogFixture.now(60_099))
        #expect(try Self.contents(log) == ["1 b=1", "2 a=-", "3 z=end"])
        log.cleanNow(now: LogFixture.now(60_100))
        #expect(try Self.contents(log) == ["1 b=1", "3 z=end"])
    }

    /// The last batch of a round stays even when nothing is left in it: it tells at which offset the next one begins.
    @Test
    func keepsTheLastBatchOfARound() throws {
        let log = Self.log()
        _ = try log.append(LogFixture.batch(["1"]), leaderEpoch: 0, now: LogFixture.now())
        _ = try log.append(LogFixture.batch([("k", nil, LogFixture.wall)]), leaderEpoch: 0, now: LogFixture.now())
        log.cleanNow(now: LogFixture.now())
        log.cleanNow(now: LogFixture.now(60_000))
        #expect(try Self.contents(log) == [])
        let kept = try log.header(of: 0)
        #expect([kept.baseOffset, Int64(kept.recordCount), kept.maxTimestamp] == [1, 0, LogFixture.wall])
        #expect(log.offset(for: .maxTimestamp) == nil)
        #expect(log.offset(for: .timestamp(0)) == nil)
    }

    /// The batch with a producer's last sequence stays, without records, for as long as the producer is known.
    @Test
    func keepsTheLastBatchOfAProducer() throws {
        let log = Self.log()
        _ = try log.append(LogFixture.sequenced(7, sequence: 0, count: 2), leaderEpoch: 0, now: LogFixture.now())
        _ = try log.append(LogFixture.sequenced(7, sequence: 2, count: 2), leaderEpoch: 0, now: LogFixture.now())
        _ = try log.append(LogFixture.batch(["x"], key: "k0"), leaderEpoch: 0, now: LogFixture.now())
        _ = try log.append(LogFixture.batch(["x"], key: "k1"), leaderEpoch: 0, now: LogFixture.now())
        log.cleanNow(now: LogFixture.now())
        #expect(try Self.contents(log) == ["4 k0=x", "5 k1=x"])
        let kept = try log.header(of: 0)
        #expect([kept.baseOffset, kept.lastOffset, Int64(kept.recordCount), Int64(kept.lastSequence)] == [2, 3, 0, 3])
        #expect(
            try log.append(LogFixture.sequenced(7, sequence: 2, count: 2), leaderEpoch: 0, now: LogFixture.now())
                .isDuplicate)
        #expect(
            try log.append(LogFixture.sequenced(7, sequence: 4), leaderEpoch: 0, now: LogFixture.now()).baseOffset == 6)
        // Once it is forgotten, the empty batch goes as well.
        _ = try log.append(LogFixture.batch(["y"], key: "k0"), leaderEpoch: 0, now: LogFixture.now())
        log.maintain(now: LogFixture.now(25 * 3_600_000))
        log.cleanNow(now: LogFixture.now(25 * 3_600_000))
        #expect(log.describeProducers().isEmpty)
        #expect(try Self.contents(log) == ["5 k1=x", "7 k0=y"])
        #expect(try log.header(of: 0).baseOffset == 5)
    }

    /// Aborted records go at once and their marker when they are gone, after `delete.retention.ms`; what is open is not
    /// touched.
    @Test
    func removesAbortedRecordsAndThenTheirMarker() throws {
        let log = Self.log()
        _ = try log.append(LogFixture.batch(["old"], key: "k0"), leaderEpoch: 0, now: LogFixture.now())
        let aborted = LogFixture.sequenced(7, sequence: 0, isTransactional: true)
        _ = try log.append(aborted, leaderEpoch: 0, now: LogFixture.now())
        func end(_ epoch: Int16, commit: Bool) throws {
            _ = try log.appendEndTransactionMarker(
                producerId: 7, producerEpoch: epoch, commit: commit, coordinatorEpoch: 0, leaderEpoch: 0,
                now: LogFixture.now())
        }
        try end(0, commit: false)
        // A later marker, with an epoch that ends the batches' meaning, lets the first one and the batch go.
        try end(1, commit: true)
        _ = try log.append(LogFixture.batch(["end"], key: "z"), leaderEpoch: 0, now: LogFixture.now())
        let open = LogFixture.sequenced(8, sequence: 0, isTransactional: true)
        _ = try log.append(open, leaderEpoch: 0, now: LogFixture.now())
        #expect(log.lastStableOffset == 5)
        // Offsets 0 to 4 are in a segment with the open transaction: nothing can be compacted yet.
        log.cleanNow(now: LogFixture.now())
        #expect(try log.allRecords().count == 6)
        _ = try log.appendEndTransactionMarker(
            producerId: 8, producerEpoch: 0, commit: true, coordinatorEpoch: 0, leaderEpoch: 0, now: LogFixture.now())
        #expect(log.abortedTransactions(from: 0, to: 10).map(\.firstOffset) == [1])
        log.cleanNow(now: LogFixture.now())
        // The aborted value of k0 at offset 1 has not replaced the older one, but the committed one at 5 has.
        #expect(try log.allRecords().map(\.offset) == [2, 3, 4, 5, 6])
        #expect(log.abortedTransactions(from: 0, to: 10).map(\.firstOffset) == [1])
        log.cleanNow(now: LogFixture.now())
        #expect(log.abortedTransactions(from: 0, to: 10).isEmpty)
        #expect(try log.allRecords().map(\.offset) == [2, 3, 4, 5, 6])
        log.cleanNow(now: LogFixture.now(60_000))
        // Of producer 7 the marker with its epoch stays; the aborting one is gone.
        #expect(try log.allRecords().map(\.offset) == [4, 5, 6])
        #expect(try log.header(of: 0).baseOffset == 3)
    }

    /// A record without a key cannot come into a compacted topic, but it may be there from before it was one.
    @Test
    func removesRecordsWithoutAKey() throws {
        let log = PartitionLog(now: LogFixture.now())
        _ = try log.append(LogFixture.batch(["a"], key: nil), leaderEpoch: 0, now: LogFixture.now())
        _ = try log.append(LogFixture.batch(["b"]), leaderEpoch: 0, now: LogFixture.now())
        log.configuration = Self.configuration()
        log.cleanNow(now: LogFixture.now())
        #expect(try Self.contents(log) == ["1 k=b"])
    }

    @Test
    func doesNothingWithoutMemoryForTheNewSegments() throws {
        let memory = LogMemory()
        let log = PartitionLog(configuration: Self.configuration(), memory: memory, now: LogFixture.now())
        for index in 0..<50 {
            _ = try log.append(LogFixture.batch(["\(index)"]), leaderEpoch: 0, now: LogFixture.now())
        }
        log.roll(LogFixture.now())
        let before = try Self.contents(log)
        memory.limit = memory.used
        #expect(!log.cleanNow(now: LogFixture.now()))
        #expect(try Self.contents(log) == before)
        memory.limit = .max
        #expect(log.cleanNow(now: LogFixture.now()))
        #expect(try Self.contents(log) == ["49 k=49"])
    }

    /// Random histories of a compacted log, 20 of 2 000 steps: what a reader of committed records knows at the end is
    /// never changed by compaction, nothing is invented, and below the end of the round each key has one record.
    @Test(arguments: UInt64(100)..<120)
    func neverChangesWhatAReaderKnows(seed: UInt64) throws {
        var configuration = Self.configuration()
        configuration.segmentBytes = seed % 2 == 0 ? 1200 : 4000
        configuration.segmentMs = 400
        configuration.deleteRetentionMs = seed % 3 == 0 ? 0 : 500
        configuration.minCompactionLagMs = seed % 5 == 0 ? 200 : 0
        configuration.cleanupPolicy = seed % 4 == 0 ? [.compact, .delete] : .compact
        configuration.retentionMs = 2000
        var history = CompactedHistory(LogHistory(seed: seed, configuration: configuration))
        for _ in 0..<2000 { try history.step() }
    }
}
