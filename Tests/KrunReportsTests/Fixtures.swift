import KrunDiagnostics
import KrunOutcome

/// Outcomes made by hand, as small as what they show allows.
enum Fixtures {
    static let embedded = BrokerOutcome(
        kind: .embedded, address: "127.0.0.1:41123,127.0.0.1:41124,127.0.0.1:41125", brokers: 3, chosenBy: "default")
    static let kafka = BrokerOutcome(kind: .kafka, address: "localhost:9092", brokers: 1, chosenBy: "--brokers")

    /// Five messages over three partitions, read by a group of two that commits.
    static var passed: ScenarioOutcome {
        var scenario = ScenarioOutcome(
            file: "scenarios/orders.json", name: "Messages with the same key land on the same partition",
            status: .passed)
        scenario.description = "Two customers order coffee.\r\nOne of them twice."
        scenario.tags = ["keys"]
        scenario.seed = 42
        scenario.broker = embedded
        scenario.startedAt = 1_717_243_200_123
        scenario.duration = .milliseconds(412)
        scenario.topics = [orders]
        scenario.groups = [GroupOutcome(name: "baristas", actualName: "baristas", existing: false)]
        scenario.steps = [produceOrders, consumeOrders]
        scenario.stepCount = 2
        scenario.invariants = invariants()
        return scenario
    }

    /// The same, with a key elsewhere than expected, on a real Kafka.
    static var failed: ScenarioOutcome {
        var scenario = passed
        scenario.status = .failed
        scenario.broker = kafka
        scenario.topics[0].actualName = "orders-krun-t0abcd-1a2b3c4d"
        scenario.groups[0].actualName = "baristas-krun-t0abcd-1a2b3c4d"
        scenario.cleanup.deletedTopics = ["orders-krun-t0abcd-1a2b3c4d"]
        scenario.cleanup.deletedGroups = ["baristas-krun-t0abcd-1a2b3c4d"]
        scenario.steps[1].status = .failed
        scenario.steps[1].diagnostics = [misplacedKey]
        scenario.steps[1].note = "Each customer has one barista."
        scenario.stepCount = 3
        scenario.steps.append(
            StepOutcome(
                path: StepPath(3), title: "produce orders", status: .passed, duration: .milliseconds(3),
                result: .produce(
                    ProduceOutcome(
                        topic: "orders", messages: 0, failed: 2, errors: ["MSG_SIZE_TOO_LARGE": 2],
                        partitioner: "murmur2_random", records: TopicRecords(), duration: .milliseconds(3)))))
        scenario.usesSeed = true
        return scenario
    }

    /// Ended by a broker that went away after the first of three steps.
    static var error: ScenarioOutcome {
        var scenario = passed
        scenario.status = .error
        scenario.broker = kafka
        scenario.duration = .milliseconds(10_040)
        scenario.steps[1].status = .error
        scenario.steps[1].result = nil
        scenario.steps[1].duration = .seconds(10)
        scenario.steps[1].diagnostics = [
            Diagnostic(
                .runtime, "no broker answered within 10 s",
                notes: ["timeouts.connect is 10 s", "is localhost:9092 the address of a Kafka?"])
        ]
        scenario.stepCount = 4
        scenario.invariants = []
        scenario.cleanup.left = [
            CleanupOutcome.Left(kind: "topic", name: "orders", reason: "no broker answered"),
            CleanupOutcome.Left(kind: "group", name: "baristas", reason: "no broker answered"),
        ]
        scenario.usesSeed = true
        return scenario
    }

    static var skipped: ScenarioOutcome {
        var scenario = ScenarioOutcome(
            file: "scenarios/compaction.json", name: "Compaction keeps the last value", status: .skipped)
        scenario.skipReason = "topic config needs a real Kafka"
        return scenario
    }

    static var invalid: ScenarioOutcome {
        var scenario = ScenarioOutcome(file: "scenarios/typo.json", name: "", status: .invalid)
        scenario.diagnostics = [
            Diagnostic(
                .invalid, "unknown field \"topic\"",
                at: Place(
                    file: "scenarios/typo.json", line: 3, column: 3, length: 7, path: "$.topic",
                    excerpt: "  \"topic\": []"),
                label: "did you mean topics?")
        ]
        return scenario
    }

    static var interrupted: ScenarioOutcome {
        var scenario = passed
        scenario.status = .interrupted
        scenario.broker = kafka
        scenario.duration = .seconds(125)
        scenario.steps.removeLast()
        scenario.invariants = []
        scenario.cleanup.kept = ["orders"]
        scenario.usesSeed = true
        return scenario
    }

    // MARK: Parts

    static let orders = TopicOutcome(
        name: "orders", actualName: "orders", partitions: 3, replicationFactor: 1, existing: false)

    static let misplacedKey = Diagnostic(
        .failure, "key \"alice\" is on another partition than expected",
        at: Place(
            file: "scenarios/orders.json", line: 14, column: 39, length: 1,
            path: "$.steps[1].expect.keys.alice.partition", excerpt: #"    "keys": { "alice": { "partition": 2 } }"#),
        context: Diagnostic.Context(activity: "consume orders as baristas", position: "step 2 of 3"),
        label: "actual: 0", notes: ["murmur2(\"alice\") = 0x74504595, mod 3 = 0 with partitioner murmur2_random"],
        mismatch: Mismatch(
            .init("partition", topic: "orders", key: .bytes(Array("alice".utf8))), expected: .number(2),
            actual: .number(0)))

    static var produceOrders: StepOutcome {
        StepOutcome(
            path: StepPath(1), title: "produce orders", status: .passed, duration: .milliseconds(12),
            result: .produce(
                ProduceOutcome(
                    topic: "orders", messages: 5, failed: 0, errors: [:], partitioner: "murmur2_random",
                    records: ordersRecords(), duration: .microseconds(11_250))))
    }

    static var consumeOrders: StepOutcome {
        StepOutcome(
            path: StepPath(2), title: "consume orders as baristas", status: .passed, duration: .milliseconds(390),
            result: .consume(
                ConsumeOutcome(
                    group: "baristas", messages: 5, topics: ["orders": ordersRecords(committed: [3, 2, nil])],
                    members: [
                        MemberOutcome(name: "1", partitions: ["orders/0", "orders/1"], messages: 5),
                        MemberOutcome(name: "2", partitions: ["orders/2"], messages: 0),
                    ],
                    idle: 0, rebalances: 0, lag: 0, joinDuration: .milliseconds(104),
                    receiveDuration: .microseconds(8_500), duration: .milliseconds(390))),
            invariants: [InvariantOutcome(.noLoss, .held)])
    }

    /// Alice twice and a message without a key on partition 0, bob and an empty key on 1, none on 2.
    static func ordersRecords(committed: [Int64?]? = nil) -> TopicRecords {
        func partition(_ number: Int, _ messages: Int) -> PartitionOutcome {
            PartitionOutcome(
                messages: messages, first: messages > 0 ? 0 : nil, last: messages > 0 ? Int64(messages) - 1 : nil,
                committed: committed?[number], lag: committed == nil ? nil : 0)
        }
        return TopicRecords(
            partitions: [0: partition(0, 3), 1: partition(1, 2), 2: partition(2, 0)],
            keys: [key("alice", 2, [0]), key("bob", 1, [1]), key("", 1, [1])], nullKey: key("", 1, [0]),
            distinctKeys: 3)
    }

    static func key(_ text: String, _ messages: Int, _ partitions: [Int32]) -> KeyOutcome {
        KeyOutcome(key: Array(text.utf8), messages: messages, partitions: partitions)
    }

    /// All held, but for those named; nobody has transactions.
    static func invariants(_ verdicts: [Invariant: InvariantOutcome.Verdict] = [:]) -> [InvariantOutcome] {
        Invariant.allCases.map { invariant in
            let usual: InvariantOutcome.Verdict =
                invariant.isOfTransactions ? .nothingToJudge("no step writes in a transaction") : .held
            return InvariantOutcome(invariant, verdicts[invariant] ?? usual)
        }
    }
}
