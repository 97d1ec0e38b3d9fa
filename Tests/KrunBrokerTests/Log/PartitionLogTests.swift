import KrunBrokerTestSupport
import KrunWire
import Testing

@testable import KrunBroker

@Suite(.timeLimit(.minutes(1)))
struct PartitionLogTests {
    @Test
    func keepsWhatWasAppendedAndNumbersIt() throws {
        let log = PartitionLog(now: LogFixture.now())
        let first = try log.append(LogFixture.batch(["a", "b"]), leaderEpoch: 3, now: LogFixture.now())
        let second = try log.append(LogFixture.batch(["c"]), leaderEpoch: 3, now: LogFixture.now(5))
        #expect(
            first
                == LogAppendResult(
                    baseOffset: 0, lastOffset: 1, logAppendTime: -1, logStartOffset: 0, isDuplicate: false,
                    recordCount: 2, storedBytes: LogFixture.batch(["a", "b"]).count))
        #expect(second.baseOffset == 2)
        #expect(log.logEndOffset == 3)
        #expect(log.highWatermark == 3)
        let records = try log.allRecords()
        #expect(records.map(\.offset) == [0, 1, 2])
        #expect(records.map { LogFixture.text($0.value) } == ["a", "b", "c"])
        #expect(try log.header(of: 1).partitionLeaderEpoch == 3)
    }

    /// All that a log changes in a batch that it keeps as it came: base offset and leader epoch, outside the checksum.
    @Test(arguments: RecordCompression.allCases)
    func keepsTheBytesAsTheyCame(compression: RecordCompression) throws {
        let log = PartitionLog(now: LogFixture.now())
        _ = try log.append(LogFixture.batch(["first"]), leaderEpoch: 0, now: LogFixture.now())
        let sent = LogFixture.batch((0..<300).map { "value \($0 % 7)" }, compression: compression)
        _ = try log.append(sent, leaderEpoch: 7, now: LogFixture.now())
        let kept = try log.read(from: 1, maxBytes: .max, minOneBatch: true).bytes
        var expected = sent
        expected.replaceSubrange(0..<8, with: [0, 0, 0, 0, 0, 0, 0, 1])
        expected.replaceSubrange(12..<16, with: [0, 0, 0, 7])
        #expect(kept == expected)
        #expect(try LogFixture.records(kept).count == 300)
    }
}
