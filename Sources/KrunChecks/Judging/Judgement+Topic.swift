import KrunDiagnostics
import KrunJSON
import KrunOutcome
import KrunScenario

extension Judgement {
    mutating func judge(_ records: TopicRecords, _ expect: TopicExpectation, _ wording: Wording) {
        for expected in expect.partitions { judge(records, expected, topic: expect.topic, wording) }
        for expected in expect.keys { judge(records, expected, key: expected.key, topic: expect.topic, wording) }
        if let expected = expect.nullKey { judge(records, expected, key: nil, topic: expect.topic, wording) }
        guard let lag = expect.lag else { return }
        let known = records.partitions.values.map(\.lag)
        let sum = known.contains(nil) || known.isEmpty ? nil : known.reduce(0) { $0 + ($1 ?? 0) }
        compare(
            lag, sum, "the group's lag on \(expect.topic) is not as expected", notes: Self.lags([expect.topic: records])
        )
    }

    private mutating func judge(
        _ records: TopicRecords, _ expect: PartitionExpectation, topic: String, _ wording: Wording
    ) {
        let place = "partition \(expect.partition) of \(topic)"
        guard let actual = records.partitions[expect.partition] else {
            let last = (partitionCounts[topic] ?? records.partitions.count) - 1
            fail("\(topic) has no partition \(expect.partition)", at: expect.node.keyPlace, "the last one is \(last)")
            return
        }
        compare(
            expect.messages, Int64(actual.messages), wording.partitionMessages(place),
            notes: Self.distribution(records, topic))
        compare(expect.first, actual.first, "the first offset in \(place) is not as expected")
        compare(expect.last, actual.last, "the last offset in \(place) is not as expected")
        for committed in expect.committed {
            compare(committed, actual.committed, "the committed offset of \(place) is not as expected")
        }
        compare(expect.lag, actual.lag, "the lag of \(place) is not as expected", notes: Self.lagNotes(actual))
    }

    /// Where the messages are instead.
    private static func distribution(_ records: TopicRecords, _ topic: String) -> [String] {
        if records.partitions.count < 2 { return [] }
        // Of many, those that have some.
        let isLong = records.partitions.count > Self.noteLimit
        let telling = records.partitions.filter { !isLong || $0.value.messages > 0 }.sorted { $0.key < $1.key }
        if telling.isEmpty { return ["no partition has a message"] }
        let shown = telling.prefix(Self.noteLimit).map { "\(topic)/\($0.key): \($0.value.messages)" }
            .joined(separator: ", ")
        let rest = telling.count > Self.noteLimit ? ", …" : isLong ? ", all others: 0" : ""
        return ["messages per partition: \(shown)\(rest)"]
    }

    private static func lagNotes(_ partition: PartitionOutcome) -> [String] {
        guard let lag = partition.lag else { return [] }
        guard let committed = partition.committed else { return ["nothing is committed there"] }
        return ["committed \(committed), end \(committed + lag)"]
    }
}
