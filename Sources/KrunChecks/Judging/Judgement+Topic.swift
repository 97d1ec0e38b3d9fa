import KrunDiagnostics
import KrunJSON
import KrunOutcome
import KrunScenario

extension Judgement {
    mutating func judge(_ records: TopicRecords, _ expect: TopicExpectation, _ wording: Wording) {
        for expected in expect.partitions { judge(records, expected, topic: expect.topic, wording) }
        for expected in expect.keys { judge(records, expected, key: expected.key, topic: expect.topic, wording) }
        if let expected = expect.nullKey { judge(records, expected, key: nil, topic: expect.topic, wording) }
        if let expected = expect.placedBy, let placement = records.placement {
            judge(placement, expected, topic: expect.topic, isSampled: records.keysAreSampled)
        }
        compare(
            .init("lag", topic: expect.topic), expect.lag, records.lag,
            "the group's lag on \(expect.topic) is not as expected", notes: Self.lags([expect.topic: records]))
    }

    private mutating func judge(
        _ records: TopicRecords, _ expect: PartitionExpectation, topic: String, _ wording: Wording
    ) {
        let place = "partition \(expect.partition) of \(topic)"
        guard let actual = records.partitions[expect.partition] else {
            let last = (partitionCounts[topic] ?? records.partitions.count) - 1
            fail(
                "\(topic) has no partition \(expect.partition)",
                Mismatch(
                    .init(nil, topic: topic, partition: expect.partition), expected: expect.expected, actual: .null),
                at: expect.node.keyPlace, isLiteral: true, label: "the last one is \(last)")
            return
        }
        func subject(_ field: String) -> Mismatch.Subject {
            .init(field, topic: topic, partition: expect.partition)
        }
        compare(
            subject("messages"), expect.messages, Int64(actual.messages), wording.partitionMessages(place),
            notes: Self.distribution(records, topic))
        compare(subject("first"), expect.first, actual.first, "the first offset in \(place) is not as expected")
        compare(subject("last"), expect.last, actual.last, "the last offset in \(place) is not as expected")
        for committed in expect.committed {
            compare(
                subject("committed"), committed, actual.committed,
                "the committed offset of \(place) is not as expected")
        }
        compare(
            subject("lag"), expect.lag, actual.lag, "the lag of \(place) is not as expected",
            notes: Self.lagNotes(actual))
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

extension PartitionExpectation {
    /// All that is expected of it.
    fileprivate var expected: Mismatch.Value {
        .fields([
            ("messages", messages), ("first", first), ("last", last), ("committed", committed.first), ("lag", lag),
        ])
    }
}
