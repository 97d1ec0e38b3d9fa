import Testing

@testable import KrunOutcome

/// A timeline is what happened, however much it was.
@Suite struct TimelineTests {
    private func record(_ offset: Int64, key: String? = "k", partition: Int32 = 0, value: String? = "v")
        -> RecordOutcome
    {
        RecordOutcome(
            topic: "t", partition: partition, offset: offset, timestamp: nil, key: key.map { Array($0.utf8) },
            value: value.map { Array($0.utf8) }, headers: [])
    }

    private func recorded(_ events: [(Int64, StepPath?, RunEvent.Kind)]) -> Timeline {
        let recorder = TimelineRecorder()
        for (time, step, kind) in events {
            recorder.note(RunEvent(time: .microseconds(time), step: step, kind: kind))
        }
        return recorder.timeline(duration: .microseconds(1_000))
    }

    @Test func whatIsThere() {
        let member = RunEvent.Member(group: "g", name: "1")
        let timeline = recorded([
            (0, nil, .topic("t", partitions: 2)),
            (10, StepPath(1), .stepStarted(title: "produce t", note: nil)),
            (20, StepPath(1), .sent(record(0), producer: nil)),
            (30, StepPath(1), .sent(record(1, key: nil, value: nil), producer: nil)),
            (40, StepPath(1), .stepEnded),
            (50, nil, .assigned(member, [.init("t", 0), .init("t", 1)])),
            (60, nil, .read(record(0), by: member)),
            (2_060, nil, .read(record(1), by: member)),
            (70, nil, .committed(member, [.init("t", 0): 2])),
            (80, nil, .revoked(member, [.init("t", 1)], isLost: false)),
            (90, nil, .ended(member, hasCrashed: true)),
        ])
        #expect(timeline.duration == 1_000)
        #expect(timeline.steps == [.init(path: "1", title: "produce t", from: 10, to: 40)])
        #expect(timeline.lanes.map { "\($0.topic)/\($0.partition): \($0.count)" } == ["t/0: 2", "t/1: 0"])
        #expect(timeline.lanes[0].times == [20, 30])
        #expect(timeline.lanes[0].offsets == [0, 1])
        #expect(timeline.lanes[0].keys == [0, -1])
        #expect(timeline.lanes[0].steps == [0, 0])
        #expect(timeline.lanes[0].values == ["v", nil])
        #expect(timeline.keys == ["k"])
        #expect(timeline.ownerships.map(\.to) == [90, 80])
        #expect(timeline.ownerships.map(\.hasCrashed) == [true, false])
        #expect(timeline.reads.map(\.offsets) == [[1, 2]])
        #expect(timeline.commits.map(\.offsets) == [[2]])
    }

    /// Most producers of transactions have no name in the file.
    @Test func theEndOfATransaction() {
        let timeline = recorded([
            (10, StepPath(1), .transactionEnded(producer: nil, isCommit: false)),
            (20, StepPath(2), .transactionEnded(producer: "p", isCommit: true)),
        ])
        #expect(
            timeline.marks == [
                .init(at: 10, text: "the transaction is aborted"),
                .init(at: 20, text: "the transaction of p is committed"),
            ])
    }

    @Test func whatIsOnlyReadIsThereOnce() {
        let member = RunEvent.Member(group: "g", name: "1")
        var old = record(0, key: "old", value: "w")
        old.timestamp = 1_717_243_200_123
        let timeline = recorded([
            (0, nil, .topic("t", partitions: 1)),
            (10, StepPath(1), .stepStarted(title: "produce t", note: nil)),
            (20, StepPath(1), .sent(record(2), producer: nil)),
            (30, nil, .read(old, by: member)),
            (31, nil, .read(record(1), by: member)),
            (32, nil, .read(record(2), by: member)),
            (40, nil, .read(old, by: .init(group: "h", name: "1"))),
            // Heard of after the reader was quicker.
            (50, StepPath(1), .sent(record(1), producer: nil)),
        ])
        let lane = timeline.lanes[0]
        #expect(lane.count == 3)
        #expect(lane.times == [20, 30, 31])
        #expect(lane.offsets == [2, 0, 1])
        #expect(lane.keys.map { timeline.keys[Int($0)] } == ["k", "old", "k"])
        #expect(lane.values == ["v", "w", "v"])
        #expect(lane.timestamps == [nil, 1_717_243_200_123, nil])
        #expect(lane.acknowledged == [true, false, true])
        #expect(lane.steps == [0, -1, 0])
    }

    @Test func readingTellsWhereARecordStands() {
        let reader = RunEvent.Member(group: nil, name: nil)
        let timeline = recorded([
            (1, nil, .sent(record(-1, value: "a"), producer: nil)),
            (2, nil, .sent(record(-1, value: "b"), producer: nil)),
            (3, nil, .read(record(0, value: "b"), by: reader)),
        ])
        #expect(timeline.lanes[0].offsets == [-1, 0])
        #expect(timeline.lanes[0].acknowledged == [true, true])
    }

    @Test func whatIsReadIsBoundedToo() {
        let recorder = TimelineRecorder()
        let count = TimelineRecorder.recordLimit + 1_500
        // Twice.
        for offset in Array(0..<Int64(count)) + Array(0..<Int64(count)) {
            recorder.note(
                RunEvent(
                    time: .microseconds(offset), step: nil,
                    kind: .read(record(offset), by: .init(group: "g", name: "1"))))
        }
        let lane = recorder.timeline(duration: .seconds(1)).lanes[0]
        #expect(lane.times.count == TimelineRecorder.recordLimit)
        #expect(lane.portions.map(\.count) == [1_000, 500])
    }

    @Test func faultsLastUntilTheyAreOver() {
        func fault(
            _ kind: String, _ sentence: String, lasting: Duration? = nil, times: Int? = nil, broker: Int32? = nil
        ) -> RunEvent.Kind {
            .fault(.init(kind: kind, sentence: sentence, lasting: lasting, times: times, broker: broker, heals: nil))
        }
        let timeline = recorded([
            (10, StepPath(1), fault("broker-down", "broker 1 down", broker: 1)),
            (11, StepPath(1), fault("broker-down", "broker 2 down", broker: 2)),
            (20, StepPath(2), fault("delay", "late", lasting: .microseconds(5))),
            (30, StepPath(3), .stepStarted(title: "fault", note: nil)),
            (31, StepPath(3), fault("fail", "fails, once", times: 1)),
            (32, StepPath(3), .stepEnded),
            (40, StepPath(4), .stepStarted(title: "produce", note: nil)),
            (45, StepPath(4), .stepEnded),
            (50, StepPath(5), fault("broker-up", "broker 1 up", broker: 1)),
            (60, StepPath(6), fault("heal", "heal")),
        ])
        #expect(timeline.faults.map(\.from) == [10, 11, 20, 31])
        #expect(timeline.faults.map(\.to) == [50, 60, 25, 45])
    }

    @Test func itIsBounded() {
        let recorder = TimelineRecorder()
        let count = TimelineRecorder.recordLimit + 2_500
        for offset in 0..<Int64(count) {
            recorder.note(
                RunEvent(
                    time: .microseconds(offset), step: nil,
                    kind: .sent(record(offset, key: "k\(offset)", value: "value \(offset)"), producer: nil)))
            recorder.note(
                RunEvent(
                    time: .microseconds(offset), step: nil,
                    kind: .read(record(offset), by: .init(group: "g", name: "1"))))
        }
        let timeline = recorder.timeline(duration: .seconds(1))
        #expect(timeline.lanes[0].times.count == TimelineRecorder.recordLimit)
        #expect(timeline.lanes[0].count == count)
        #expect(timeline.lanes[0].portions.map(\.count) == [1_000, 1_000, 500])
        #expect(timeline.lanes[0].portions[2].lastOffset == Int64(count) - 1)
        #expect(timeline.lanes[0].values.count == TimelineRecorder.valueLimit)
        #expect(timeline.keys.count == TimelineRecorder.keyLimit)
        #expect(timeline.lanes[0].keys.last == -2)
        #expect(timeline.reads[0].times.count <= 2 * TimelineRecorder.pointLimit)
        #expect(timeline.reads[0].offsets.last == Int64(count))
    }

    @Test func textsAreCutBetweenCharacters() {
        let timeline = recorded([
            (1, nil, .sent(record(0, key: String(repeating: "ü", count: 60), value: nil), producer: nil)),
            (
                2, nil,
                .sent(
                    RecordOutcome(
                        topic: "t", partition: 0, offset: 1, timestamp: nil, key: [0xFF, 0x01], value: [], headers: []),
                    producer: nil)
            ),
        ])
        #expect(timeline.keys == [String(repeating: "ü", count: 39) + "…", "0xff01"])
    }
}
