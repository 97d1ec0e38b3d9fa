import Testing

@testable import KrunOutcome

/// A record is known once, however often and in whichever order krun hears of it.
@Suite struct KnownRecordsTests {
    private func record(_ offset: Int64, _ value: String = "v") -> RecordOutcome {
        RecordOutcome(
            topic: "t", partition: 0, offset: offset, timestamp: nil, key: Array("k".utf8), value: Array(value.utf8),
            headers: [])
    }

    @Test func whatIsReadIsKnownOnce() {
        var records = KnownRecords()
        let news = [
            records.noteRead(record(7)), records.noteRead(record(7)), records.noteSent(record(8)),
            records.noteRead(record(8)), records.noteSent(record(7)),
            // Another one at an offset that was given away anew.
            records.noteSent(record(7)),
        ]
        #expect(news == [.new(0), .known, .new(1), .known, .acknowledged(0), .new(2)])
    }

    @Test func withoutOffsetsTheContentTells() {
        var records = KnownRecords()
        let sent = ["a", "b", "b"].map { records.noteSent(record(-1, $0)) }
        #expect(sent == [.new(0), .new(1), .new(2)])
        let read = zip(0..., ["b", "c", "b", "b"]).map { records.noteRead(record($0, $1)) }
        #expect(read == [.placed(1), .new(3), .placed(2), .new(4)])
        let sentAfterwards = ["c", "c"].map { records.noteSent(record(-1, $0)) }
        #expect(sentAfterwards == [.acknowledged(3), .new(5)])
    }

    @Test func aPartitionMadeAnewHasOthers() {
        var records = KnownRecords()
        let before = records.noteSent(record(0))
        records.startAnew()
        let after = records.noteRead(record(0))
        #expect([before, after] == [.new(0), .new(1)])
    }

    @Test func offsetsAreKeptAsRuns() {
        var offsets = KnownOffsets()
        let areNew = [5, 3, 4, 9, 7, 1, 0, 8].map { offsets.insert($0) }
        #expect(areNew == Array(repeating: true, count: 8))
        let areNewAgain = [0, 1, 3, 4, 5, 7, 8, 9].map { offsets.insert($0) }
        #expect(areNewAgain == Array(repeating: false, count: 8))
        #expect(offsets.runs == [0..<2, 3..<6, 7..<10])
        let fillGaps = [2, 6].map { offsets.insert($0) }
        #expect(fillGaps == [true, true])
        #expect(offsets.runs == [0..<10])
    }

    @Test func runsAreBounded() {
        var offsets = KnownOffsets()
        let count = Int64(2 * KnownOffsets.runLimit)
        for number in 0..<count { _ = offsets.insert(2 * number) }
        #expect(offsets.runs.count == KnownOffsets.runLimit + 1)
        let areNew = [1, 2 * count - 3].map { offsets.insert($0) }
        #expect(areNew == [false, true])
    }
}
