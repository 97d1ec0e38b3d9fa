import KrunDiagnostics
import KrunOutcome
import Testing

@testable import KrunReports

/// What the tables show, and what they leave out because it would say nothing.
@Suite struct TopicTablesTests {
    @Test func aTopicThatWasOnlyProducedToHasNoGroupColumns() {
        let text = tables([.produce(Fixtures.ordersRecords())])
        #expect(
            text == """
                partition  messages  first  last
                        0         3      0     2
                        1         2      0     1
                        2         0      –     –

                key     partition  messages
                alice           0         2
                bob             1         1
                ""              1         1
                (null)          0         1
                """)
    }

    /// With `acks: 0` nobody knows an offset.
    @Test func offsetsThatNobodyKnowsHaveNoColumns() {
        let records = TopicRecords(partitions: [0: PartitionOutcome(messages: 1_500, first: nil, last: nil)])
        #expect(
            tables([.produce(records)]) == """
                partition  messages
                        0     1 500
                """)
    }

    @Test func stepsAreAddedUp() {
        let more = TopicRecords(
            partitions: [0: PartitionOutcome(messages: 2, first: 3, last: 4)],
            keys: [Fixtures.key("alice", 1, [2]), Fixtures.key("carol", 1, [0])], distinctKeys: 2)
        let text = tables([.produce(Fixtures.ordersRecords()), .produce(more)])
        #expect(
            text == """
                partition  messages  first  last
                        0         5      0     4
                        1         2      0     1
                        2         0      –     –

                key     partitions  messages
                alice         0, 2         3
                bob              1         1
                ""               1         1
                carol            0         1
                (null)           0         1
                """)
    }

    @Test func aLostMessageShowsInAReadColumn() {
        var read = Fixtures.ordersRecords(committed: [2, 2, nil])
        read.partitions[0]?.messages = 2
        read.partitions[0]?.lag = 1
        read.keys[0].messages = 1
        #expect(
            tables([.produce(Fixtures.ordersRecords()), .consume("baristas", read)]) == """
                partition  messages  first  last  read  committed  lag
                        0         3      0     2     2          2    1
                        1         2      0     1     2          2    0
                        2         0      –     –     0          –    0

                key     partition  messages  read
                alice           0         2     1
                bob             1         1     1
                ""              1         1     1
                (null)          0         1     1
                """)
    }

    @Test func severalGroupsHaveColumnsOfTheirOwn() {
        let text = tables([
            .produce(Fixtures.ordersRecords()),
            .consume("baristas", Fixtures.ordersRecords(committed: [3, 2, nil])),
            .consume("the accounting department", Fixtures.ordersRecords(committed: [nil, nil, nil])),
            .consume(nil, Fixtures.ordersRecords()),
        ])
        #expect(
            text == """
                                                    baristas                the accounting department    (no group)
                partition  messages  first  last    read  committed  lag                    read  lag          read
                        0         3      0     2       3          3    0                       3    0             3
                        1         2      0     1       2          2    0                       2    0             2
                        2         0      –     –       0          –    0                       0    0             0

                key     partition  messages
                alice           0         2
                bob             1         1
                ""              1         1
                (null)          0         1
                """)
    }

    /// Of a topic that was there already nobody knows what was sent.
    @Test func aTopicThatWasOnlyReadHasWhatTheGroupRead() {
        let records = TopicRecords(
            partitions: [0: PartitionOutcome(messages: 2, first: 7, last: 8, committed: 9, lag: 1)],
            nullKey: Fixtures.key("", 2, [0]))
        #expect(
            tables([.consume("baristas", records)]) == """
                partition  messages  first  last  committed  lag
                        0         2      7     8          9    1

                key     partition  messages
                (null)          0         2
                """)
    }

    /// The partitions of a wide topic that have something to say, wherever they are; the others are counted.
    @Test func aWideTopicShowsWhereSomethingIs() {
        var records = TopicRecords(
            partitions: Dictionary(
                uniqueKeysWithValues: (0..<100).map { ($0, PartitionOutcome(messages: 0, first: nil, last: nil)) }))
        #expect(tables([.produce(records)]) == "no message in any of 100 partitions")
        records.partitions[77] = PartitionOutcome(messages: 2, first: 0, last: 1)
        #expect(
            tables([.produce(records)]) == """
                partition  messages  first  last
                       77         2      0     1
                … and 99 more without messages
                """)
        var read = records
        for number in read.partitions.keys { read.partitions[number]?.committed = 0 }
        read.partitions[77]?.lag = 2
        read.partitions[78] = PartitionOutcome(messages: 0, first: nil, last: nil, committed: 5, lag: 0)
        read.partitions[79] = PartitionOutcome(messages: 0, first: nil, last: nil, committed: 0, lag: 7)
        #expect(
            tables([.produce(records), .consume("baristas", read)]) == """
                partition  messages  first  last  committed  lag
                       77         2      0     1          0    2
                       78         0      –     –          5    0
                       79         0      –     –          0    7
                … and 97 more without messages
                """)
        for number in Int32(0)..<30 { records.partitions[number]?.messages = 1 }
        let lines = tables([.produce(records)]).split(separator: "\n")
        #expect(lines.suffix(2) == ["… and 7 more with 8 messages", "… and 69 others without messages"])
    }

    @Test func manyPartitionsAndKeysAreCutShort() {
        let records = TopicRecords(
            partitions: Dictionary(
                uniqueKeysWithValues: (0..<100).map { ($0, PartitionOutcome(messages: 100, first: 0, last: 99)) }),
            keys: (0..<10_000).map { Fixtures.key("customer-\($0)", 1, [Int32($0 % 100)]) },
            nullKey: Fixtures.key("", 12, Array(0..<12)), distinctKeys: 10_000)
        let lines = tables([.produce(records)]).split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count == 1 + 24 + 1 + 1 + 1 + 11 + 1)
        #expect(lines[24] == "       23       100      0    99")
        #expect(lines[25] == "… and 76 more with 7 600 messages")
        #expect(lines[37] == "customer-9                                   9         1")
        #expect(lines[38] == "(null)      0, 1, 2, 3, 4, 5, 6, 7 … 12 in all        12")
        #expect(lines[39] == "… and 9 990 more keys")
    }

    // MARK: Help

    private enum Step {
        case produce(TopicRecords)
        case consume(String?, TopicRecords)
    }

    /// Of more keys than are shown those that are on several partitions are not left out.
    @Test func keysThatAreSpreadAreTold() {
        let keys = (10..<30).map { Fixtures.key("k\($0)", 1, $0 == 27 ? [0, 2] : [1]) }
        let records = TopicRecords(
            partitions: [0: PartitionOutcome(messages: 20, first: 0, last: 19)], keys: keys, distinctKeys: 20)
        let lines = tables([.produce(records)]).split(separator: "\n").map(String.init)
        #expect(lines.contains("k27        0, 2         1"))
        #expect(lines.contains("k18           1         1"))
        #expect(!lines.contains { $0.hasPrefix("k19") })
        #expect(lines.last == "… and 10 more keys")
    }

    /// Those that a failure is about, although they are not on several partitions.
    @Test func keysThatFailuresNameAreTold() {
        let keys = (10..<40).map { Fixtures.key("k\($0)", 1, $0 == 35 ? [0, 2] : [1]) }
        let records = TopicRecords(
            partitions: [0: PartitionOutcome(messages: 30, first: 0, last: 29)], keys: keys, distinctKeys: 30)
        let failures = [
            Diagnostic(
                .failure, "key \"k37\" is on another partition than expected",
                mismatch: Mismatch(
                    .init("partition", topic: "orders", key: .bytes(Array("k37".utf8))), expected: .number(0),
                    actual: .number(1))),
            Diagnostic(.failure, "1 key is on several partitions", notes: ["key \"k38\" is on partitions 1 and 2"]),
            Diagnostic(.warning, "key \"k39\" is odd"),
        ]
        #expect(
            tables([.produce(records)], failures: failures) == """
                partition  messages  first  last
                        0        30      0    29

                key  partitions  messages
                k10           1         1
                k11           1         1
                k12           1         1
                k13           1         1
                k14           1         1
                k15           1         1
                k16           1         1
                k35        0, 2         1
                k37           1         1
                k38           1         1
                … and 20 more keys
                """)
    }

    /// Of many partitions with messages those stay that a failure names, those that lag, and those in which something is missing.
    @Test func partitionsThatTellSomethingAreNotLeftOut() {
        var sent = TopicRecords(
            partitions: Dictionary(
                uniqueKeysWithValues: (0..<120).map { ($0, PartitionOutcome(messages: 20, first: 0, last: 19)) }))
        sent.partitions[119] = PartitionOutcome(messages: 0, first: nil, last: nil)
        var read = sent
        func commit(_ number: Int32, _ committed: Int64, lag: Int64) {
            read.partitions[number]?.committed = committed
            read.partitions[number]?.lag = lag
        }
        for number in Int32(0)..<119 { commit(number, 20, lag: 0) }
        for number in Int32(100)..<114 { commit(number, 19, lag: 1) }
        commit(99, 15, lag: 5)
        read.partitions[90]?.removed = 1
        read.partitions[91]?.messages = 19
        sent.partitions[92]?.last = 21
        read.partitions[92]?.last = 21
        let failures = [
            Diagnostic(
                .failure, "partition 119 of orders has another number of messages than expected",
                notes: ["messages per partition: orders/114: 20, old-orders/115: 20"],
                mismatch: Mismatch(
                    .init("messages", topic: "orders", partition: 119), expected: .number(1), actual: .number(0))),
            Diagnostic(
                .failure, "another topic's",
                mismatch: Mismatch(
                    .init("messages", topic: "refunds", partition: 118), expected: .number(1), actual: .number(0))),
        ]
        let lines = tables([.produce(sent), .consume("baristas", read)], failures: failures).split(separator: "\n")
        #expect(lines[0] == "partition  messages  first  last  read  committed  lag")
        #expect(
            lines.dropFirst().dropLast().map { $0.split(separator: " ")[0] }
                == ["0", "1", "2", "3", "90", "91", "92", "99"] + (100..<114).map { "\($0)" } + ["114", "119"])
        #expect(lines[8] == "       99        20      0    19    20         15    5")
        #expect(lines.last == "… and 96 more with 1 920 messages")
    }

    /// Where more lag than are shown those that lag most stay.
    @Test func partitionsThatLagMostAreNotLeftOut() {
        let records = TopicRecords(
            partitions: Dictionary(
                uniqueKeysWithValues: (0..<60).map {
                    ($0, PartitionOutcome(messages: 9, first: 0, last: 8, committed: 0, lag: $0 >= 40 ? 9 : 1))
                }))
        let lines = tables([.consume("baristas", records)]).split(separator: "\n")
        #expect(
            lines.dropFirst().dropLast().map { $0.split(separator: " ")[0] }
                == ["0", "1", "2", "3"] + (40..<60).map { "\($0)" })
        #expect(lines.last == "… and 36 more with 324 messages")
    }

    /// Both tables of the topic `orders` after these steps.
    private func tables(_ steps: [Step], failures: [Diagnostic] = []) -> String {
        var scenario = ScenarioOutcome(file: "orders.json", name: "Orders", status: .passed)
        scenario.diagnostics = failures
        scenario.steps = steps.map { step in
            let result: StepOutcome.Result =
                switch step {
                case .produce(let records): .produce(produce(records))
                case .consume(let group, let records): .consume(consume(group, records))
                }
            return StepOutcome(path: StepPath(1), title: "", status: .passed, duration: .zero, result: result)
        }
        let style = TextStyle.plain
        let tables = TopicTables(TopicSummary.all(of: scenario)[0])
        let keys = tables.keyLines(style, indent: "")
        return (tables.partitionLines(style, indent: "") + (keys.isEmpty ? [] : [""] + keys)).joined(separator: "\n")
    }

    private func produce(_ records: TopicRecords) -> ProduceOutcome {
        ProduceOutcome(
            topic: "orders", messages: 0, failed: 0, errors: [:], partitioner: "random", records: records,
            duration: .zero)
    }

    private func consume(_ group: String?, _ records: TopicRecords) -> ConsumeOutcome {
        ConsumeOutcome(
            group: group, messages: 0, topics: ["orders": records], members: [], idle: 0, rebalances: 0, lag: nil,
            joinDuration: nil, receiveDuration: .zero, duration: .zero)
    }
}
