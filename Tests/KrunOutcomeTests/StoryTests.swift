import Testing

@testable import KrunOutcome

/// The lanes of a story have what is known to stand in a partition.
@Suite struct StoryTests {
    private func record(_ offset: Int64, _ key: String) -> RecordOutcome {
        RecordOutcome(
            topic: "t", partition: 0, offset: offset, timestamp: nil, key: Array(key.utf8), value: [], headers: [])
    }

    private func lanes(_ kinds: [RunEvent.Kind]) -> [String] {
        let recorder = StoryRecorder()
        let kinds = [.stepStarted(title: "s", note: nil)] + kinds + [.stepEnded]
        for kind in kinds { recorder.note(RunEvent(time: .zero, step: StepPath(1), kind: kind)) }
        return recorder.story.scenes[0].lanes.map { lane in
            let last = lane.last.map { "\($0.offset) \(String(decoding: $0.key ?? [], as: UTF8.self))" }
            return "\(lane.count): \(last.joined(separator: ", "))"
        }
    }

    @Test func whatIsOnlyReadIsThereOnce() {
        let reader = RunEvent.Member(group: nil, name: nil)
        #expect(
            lanes([
                .sent(record(1, "anna"), producer: nil), .read(record(0, "anna"), by: reader),
                .read(record(1, "anna"), by: reader), .read(record(0, "anna"), by: reader),
            ]) == ["2: 0 anna, 1 anna"])
    }

    @Test func readingTellsWhereARecordStands() {
        let reader = RunEvent.Member(group: nil, name: nil)
        #expect(
            lanes([
                .sent(record(-1, "a"), producer: nil), .sent(record(-1, "b"), producer: nil),
                .read(record(0, "b"), by: reader),
            ]) == ["2: -1 a, 0 b"])
    }

    @Test func aTopicMadeAnewBeginsAnew() {
        let reader = RunEvent.Member(group: nil, name: nil)
        #expect(
            lanes([
                .topic("t", partitions: 1), .read(record(0, "a"), by: reader), .topic("t", partitions: 0),
                .topic("t", partitions: 1), .read(record(0, "b"), by: reader),
            ]) == ["1: 0 b"])
    }
}
