import KrunOutcome

extension Fixtures {
    /// The run that `docs/report-json.md` shows.
    static var example: RunOutcome {
        var scenario = failed
        scenario.description = "Alice orders coffee."
        scenario.line = 2
        scenario.steps.removeLast()
        scenario.stepCount = 2
        scenario.topics[0].partitions = 2
        scenario.steps[0].result = .produce(
            ProduceOutcome(
                topic: "orders", messages: 3, failed: 0, errors: [:], partitioner: "murmur2_random",
                records: exampleRecords(isRead: false), duration: .microseconds(11_250)))
        scenario.steps[1].result = .consume(
            ConsumeOutcome(
                group: "baristas", messages: 3, topics: ["orders": exampleRecords(isRead: true)],
                members: [
                    MemberOutcome(name: "1", partitions: ["orders/0"], messages: 3),
                    MemberOutcome(name: "2", partitions: ["orders/1"], messages: 0),
                ],
                idle: 0, rebalances: 0, lag: 0, joinDuration: .milliseconds(104), receiveDuration: .microseconds(8_500),
                duration: .milliseconds(390)))
        scenario.invariants = [
            InvariantOutcome(.noLoss, .held),
            InvariantOutcome(
                .noDuplicates, .broken(count: 1, cases: ["orders/0 offset 2 was read twice"], allowed: true)),
            InvariantOutcome(.keyAffinity, .notJudged("a message names its partition")),
        ]
        return RunOutcome(scenarios: [scenario], duration: .milliseconds(415))
    }

    /// Alice twice and a message without a key, all on partition 0.
    private static func exampleRecords(isRead: Bool) -> TopicRecords {
        var alice = key("alice", 2, [0])
        if isRead { alice.values = [Array("espresso".utf8), Array("croissant".utf8)] }
        return TopicRecords(
            partitions: [
                0: PartitionOutcome(
                    messages: 3, first: 0, last: 2, committed: isRead ? 3 : nil, lag: isRead ? 0 : nil),
                1: PartitionOutcome(messages: 0, first: nil, last: nil, committed: nil, lag: isRead ? 0 : nil),
            ],
            keys: [alice], nullKey: key("", 1, [0]), distinctKeys: 1)
    }

    /// Reading two topics by assignment: bytes that are no text, tombstones, a key on two partitions.
    static var severalTopics: StepOutcome {
        let orders = TopicRecords(
            partitions: [0: PartitionOutcome(messages: 4, first: 10, last: 13)],
            keys: [
                KeyOutcome(key: [0xFF, 0x00], messages: 1, partitions: [0], values: [[0xFE]]),
                KeyOutcome(
                    key: Array("caf\u{e9} \"1\"".utf8), messages: 3, partitions: [0, 4], values: [nil, [], [0x0A]]),
            ],
            distinctKeys: 20_000, keysAreSampled: true)
        return StepOutcome(
            path: StepPath(1), title: "consume orders and payments", status: .passed, duration: .milliseconds(5),
            result: .consume(
                ConsumeOutcome(
                    group: nil, messages: 4, topics: ["payments": TopicRecords(), "orders": orders], members: [],
                    idle: 0, rebalances: 0, lag: nil, joinDuration: nil, receiveDuration: .milliseconds(4),
                    duration: .milliseconds(5))))
    }
}
