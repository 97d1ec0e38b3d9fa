import KrunDiagnostics
import KrunOutcome
import KrunScenario

/// What became of offsets and topics that a step looks at or changes.
extension Judgement {
    mutating func judge(_ outcome: OffsetsOutcome, _ expect: OffsetsExpectation) {
        for topic in expect.topics {
            for expected in topic.partitions { judge(outcome, expected, of: topic.topic) }
        }
        compare(
            .init("lag"), expect.lag, outcome.lag, "the group's lag is not as expected", notes: Self.lags(outcome))
        compare(.init("error"), expect.error, outcome.error, "the step ended otherwise than expected")
    }

    private mutating func judge(_ outcome: OffsetsOutcome, _ expect: PartitionExpectation, of topic: String) {
        let actual = outcome.topics[topic]?[expect.partition]
        for committed in expect.committed {
            compare(
                .init("committed", topic: topic, partition: expect.partition), committed, actual?.committed,
                "the committed offset of partition \(expect.partition) of \(topic) is not as expected",
                notes: actual.map { ["first offset \($0.first), end \($0.end)"] }
                    ?? ["the group has committed nothing there"])
        }
    }

    /// The partitions that lag most.
    private static func lags(_ outcome: OffsetsOutcome) -> [String] {
        lags(
            outcome.topics.mapValues { partitions in
                TopicRecords(
                    partitions: partitions.mapValues {
                        PartitionOutcome(messages: 0, first: nil, last: nil, committed: $0.committed, lag: $0.lag)
                    })
            })
    }

    mutating func judge(_ outcome: TopicStepOutcome, _ expect: TopicStepExpectation) {
        let topic = outcome.topic
        compare(
            .init("partitions", topic: topic), expect.partitions, outcome.partitions.map { Int64($0) },
            "\(topic) has another number of partitions than expected")
        compare(
            .init("replicas", topic: topic), expect.replicas, outcome.replicas.map { Int64($0) },
            "the partitions of \(topic) have another number of replicas than expected")
        for (name, matcher) in expect.config {
            compare(
                .init(name, topic: topic), matcher, outcome.config[name],
                "config \(name) of \(topic) is not as expected")
        }
        for expected in expect.offsets {
            let log = outcome.offsets[expected.partition]
            let place = "partition \(expected.partition) of \(topic)"
            func subject(_ field: String) -> Mismatch.Subject {
                .init(field, topic: topic, partition: expected.partition)
            }
            compare(subject("first"), expected.first, log?.first, "the first offset in \(place) is not as expected")
            compare(subject("end"), expected.end, log?.end, "the end offset of \(place) is not as expected")
        }
        compare(.init("error"), expect.error, outcome.error, "the step ended otherwise than expected")
    }
}
