import KrunWire
import Testing

@testable import KrunBroker

@Suite(.timeLimit(.minutes(1)))
struct PartitionLogTests {
    @Test
    func keepsWhatWasAppendedAndNumbersIt() throws {
        let log = PartitionLog(now: Fixture.now())
        let first = try log.append(Fixture.batch(["a", "b"]), leaderEpoch: 3, now: Fixture.now())
        let second = try log.append(Fixture.batch(["c"]), leaderEpoch: 3, now: Fixture.now(5))
        #expect(
            first
                == LogAppendResult(
                    baseOffset: 0, lastOffset: 1, logAppendTime: -1, logStartOffset: 0, isDuplicate: false,
                    recordCount: 2, storedBytes: Fixture.batch(["a", "b"]).count))
        #expect(second.baseOffset == 2)
        #expect(log.logEndOffset == 3)
        #expect(log.highWatermark == 3)
        let records = try log.allRecords()
        #expect(records.map(\.offset) == [0, 1, 2])
        #expect(records.map { Fixture.text($0.value) } == ["a", "b", "c"])
        #expect(try log.header(of: 1).partitionLeaderEpoch == 3)
    }

    /// All that a log changes in a batch that it keeps as it came: base offset and leader epoch, outside the checksum.
    @Test(arguments: RecordCompression.allCases)
    func keepsTheBytesAsTheyCame(compression: RecordCompression) throws {
        let log = PartitionLog(now: Fixture.now())
        _ = try log.append(Fixture.batch(["first"]), leaderEpoch: 0, now: Fixture.now())
        let sent = Fixture.batch((0..<300).map { "value \($0 % 7)" }, compression: compression)
        _ = try log.append(sent, leaderEpoch: 7, now: Fixture.now())
        let kept = try log.read(from: 1, maxBytes: .max, minOneBatch: true).bytes
        var expected = sent
        expected.replaceSubrange(0..<8, with: [0, 0, 0, 0, 0, 0, 0, 1])
        expected.replaceSubrange(12..<16, with: [0, 0, 0, 7])
        #expect(kept == expected)
        #expect(try Fixture.records(kept).count == 300)
    }
}
