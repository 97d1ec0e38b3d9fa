import Foundation
import KrunDiagnostics
import KrunKafka
import KrunScenario
import Testing

@testable import KrunTools

/// What is written of topics, whole.
@Suite(.timeLimit(.minutes(1)))
struct RecordedScenarioTests {
    private func message(
        _ partition: Int32, _ offset: Int64, _ key: String?, _ value: String?, at timestamp: Int64? = nil,
        headers: [RecordHeader] = []
    ) -> RecordedMessage {
        RecordedMessage(
            partition: partition, offset: offset, timestamp: timestamp, key: key.map { Array($0.utf8) },
            value: value.map { Array($0.utf8) }, headers: headers)
    }

    private func topic(
        _ messages: [RecordedMessage], partitions: Int = 3, configs: [String: String] = [:]
    ) -> RecordedTopic {
        var topic = RecordedTopic(name: "orders", partitions: partitions, messages: messages)
        topic.configs = configs.map { TopicConfigEntry(name: $0.key, value: $0.value, source: .topic) }
        return topic
    }

    /// The text, which is a scenario without a fault.
    private func text(_ topics: [RecordedTopic], _ change: (inout Recording.Request) -> Void = { _ in }) throws
        -> String
    {
        var request = Recording.Request(topics: topics.map(\.name))
        change(&request)
        let text = try Recording(topics, request).text
        _ = try Scenario.decode(Array(text.utf8), file: "orders.json")
        return text
    }

    /// The part from a line to the end of the step it stands in.
    private func step(_ number: Int, of text: String) throws -> String {
        let steps = text.components(separatedBy: "\n    {\n").dropFirst()
        return try #require(Array(steps)[number].components(separatedBy: "\n    }").first)
    }

    @Test func partitionsOfOffsetsThatDoNotBeginAtZeroAreCountedAnew() throws {
        var orders = topic([message(0, 7, "alice", "espresso"), message(0, 9, "bob", "flat white")])
        orders.isCut = true
        let text = try text([orders])
        #expect(
            text.hasPrefix(
                """
                {
                  "name": "orders as it was recorded",
                  "description": "Recorded by krun record: 2 messages of orders. There were more of orders, which were not recorded. \
                Here offsets count from 0 without gaps; those of orders did not, as retention, compaction, deletion, \
                transactions or a later beginning have it.",
                  "topics": [{ "name": "orders", "partitions": 3 }],

                """))
        #expect(text.contains("\"0\": { \"messages\": 2, \"first\": 0, \"last\": 1 }"))
    }

    /// A key that is not hashed names its partition; the partitioner places the others.
    @Test func whatThePartitionerLeavesToChanceNamesItsPartition() throws {
        let text = try text([
            topic([message(0, 0, "alice", "a"), message(2, 0, nil, "b"), message(1, 0, nil, nil)])
        ])
        #expect(
            try step(0, of: text) == """
                      "note": "The keys decide the partitions, by murmur2. Messages whose key does not decide name their partition.",
                      "produce": "orders",
                      "messages": [
                        { "key": "alice", "value": "a" },
                        { "value": "b", "partition": 2 },
                        { "value": null, "partition": 1 }
                      ],
                      "partitioner": "murmur2_random",
                      "expect": {
                        "messages": 3,
                        "partitions": {
                          "0": { "messages": 1, "first": 0, "last": 0 },
                          "1": { "messages": 1, "first": 0, "last": 0 },
                          "2": { "messages": 1, "first": 0, "last": 0 }
                        },
                        "keys": { "alice": { "partition": 0, "messages": 1 } },
                        "nullKey": { "messages": 2 }
                      }
                """)
    }

    @Test func withoutKeysEachMessageNamesItsPartition() throws {
        let text = try text([topic([message(2, 0, nil, "a")])])
        #expect(
            text.contains(
                "\"note\": \"Without keys the producer chose the partitions, so each message names its own.\""))
        #expect(
            try RecordedScenario([topic([message(2, 0, nil, "a")])], Recording.Request(topics: ["orders"])).summary == [
                "orders: 1 message, 3 partitions; without keys, each names its partition"
            ])
    }

    /// A key without text is expected in a list, written as its message has it.
    @Test func keysWithoutTextMakeAList() throws {
        var binary = message(0, 0, nil, "a")
        binary.key = [0xFF]
        var nul = message(0, 1, nil, "b")
        nul.key = [97, 0]
        let text = try text([topic([binary, nul, message(0, 2, "{{a}}", "c")], partitions: 1)])
        #expect(text.contains("{ \"key\": { \"base64\": \"/w==\" }, \"value\": \"a\" }"))
        #expect(text.contains("{ \"key\": { \"base64\": \"YQA=\" }, \"value\": \"b\" }"))
        #expect(
            text.contains(
                """
                        "keys": [
                          { "key": { "base64": "/w==" }, "partition": 0, "messages": 1 },
                          { "key": { "base64": "YQA=" }, "partition": 0, "messages": 1 },
                          { "key": "{{{{a}}", "partition": 0, "messages": 1 }
                        ]
                """))
    }

    /// Two keys that look the same and are not.
    @Test func keysAreBytes() throws {
        let text = try text([topic([message(0, 0, "\u{E9}", "a"), message(0, 1, "e\u{301}", "b")], partitions: 1)])
        #expect(text.contains("\"\u{E9}\": { \"partition\": 0, \"messages\": 1 }, \"e\u{301}\": { \"partition\": 0"))
    }

    @Test func timestampsAreKeptWhereTheyAreAskedFor() throws {
        let orders = topic(
            [
                message(0, 0, "a", "b", at: 1_767_225_600_250), message(0, 1, "a", "c"), message(0, 2, "a", "d", at: 0),
                message(0, 3, "a", "e", at: 253_402_300_800_000),
            ], partitions: 1, configs: ["retention.ms": "1000"])
        let text = try text([orders]) { $0.keepsTimestamps = true }
        #expect(
            try step(0, of: text).contains(
                """
                        { "key": "a", "value": "b", "timestamp": "2026-01-01T00:00:00.250Z" },
                        { "key": "a", "value": "c" },
                        { "key": "a", "value": "d" },
                        { "key": "a", "value": "e", "timestamp": 253402300800000 }

                """))
        #expect(
            text.contains(
                "\"topics\": [{ \"name\": \"orders\", \"partitions\": 1, \"config\": { \"retention.ms\": \"-1\" } }],"))
    }

    @Test func configsThatChangeMessagesAreKept() throws {
        let orders = topic(
            [message(0, 0, "a", "b")], partitions: 1,
            configs: [
                "cleanup.policy": "compact", "message.timestamp.type": "LogAppendTime", "min.insync.replicas": "2",
                "compression.type": "gzip",
            ])
        #expect(
            try text([orders]).contains(
                """
                  "topics": [
                    {
                      "note": "Left out of what was set on the recorded topic: cleanup.policy=compact, min.insync.replicas=2. \
                What deletes or compacts could take messages away before they are read, and the rest belongs to its cluster.",
                      "name": "orders",
                      "partitions": 1,
                      "config": { "compression.type": "gzip", "message.timestamp.type": "LogAppendTime" }
                    }
                  ],

                """))
    }

    @Test(arguments: [(980_000, nil, nil), (990_000, "1010000", nil), (1_040_000, "1060000", "1060000")])
    func largeMessagesAreAllowed(_ size: Int, _ producer: String?, _ topic: String?) throws {
        let text = try text([
            self.topic([message(0, 0, nil, String(repeating: "x", count: size))], partitions: 1)
        ])
        #expect(text.contains("\"message.max.bytes\"") == (producer != nil))
        #expect(text.contains("\"max.message.bytes\"") == (topic != nil))
        if let producer { #expect(text.contains("\"client\": { \"message.max.bytes\": \(producer) }")) }
        if let topic { #expect(text.contains("\"config\": { \"max.message.bytes\": \"\(topic)\" }")) }
    }

    /// A message that does not fit into a line has a line for each of its fields.
    @Test func longMessagesAreBroken() throws {
        let long = String(repeating: "x", count: 100)
        let text = try text([topic([message(0, 0, "alice", long)], partitions: 1)])
        #expect(
            text.contains(
                """
                        {
                          "key": "alice",
                          "value": "\(long)"
                        }

                """))
    }

    // MARK: Groups

    private func steps(_ orders: RecordedTopic) throws -> [String] {
        let text = try text([orders]) { $0.group = "billing" }
        let count = text.components(separatedBy: "\n    {\n").count - 1
        return try (0..<count).map { try step($0, of: text) }
    }

    @Test func aGroupThatCommittedPartOfIt() throws {
        var orders = topic([
            message(0, 10, "alice", "a"), message(0, 12, "bob", "b"), message(2, 0, "carol", "c"),
            message(0, 13, "alice", "d"),
        ])
        // Between offsets there is what is no message.
        orders.committed = [0: 12, 1: 4]
        let steps = try steps(orders)
        #expect(steps.count == 4)
        #expect(steps[0].contains("\"partitions\": { \"0\": { \"messages\": 1, \"first\": 0, \"last\": 0 } }"))
        #expect(
            steps[1] == """
                      "note": "What billing had committed is sent first, so that its offsets come out as they were.",
                      "consume": "orders",
                      "group": "billing",
                      "expect": { "messages": 1, "committed": { "0": 1 }, "lag": 0 }
                """)
        #expect(
            steps[2].contains(
                """
                        "partitions": {
                          "0": { "messages": 2, "first": 1, "last": 2 },
                          "2": { "messages": 1, "first": 0, "last": 0 }
                        },

                """))
        #expect(
            steps[3] == """
                      "note": "What billing had not committed: it reads on and commits nothing, so the lag is that of the recording. \
                It had committed nothing in partition 2, where here it commits the beginning.",
                      "consume": "orders",
                      "group": "billing",
                      "commit": "none",
                      "expect": { "messages": 3, "committed": { "0": 1, "2": 0 }, "lag": 3 }
                """)
    }

    @Test func aGroupThatCommittedNothingOrAll() throws {
        var orders = topic([message(0, 0, "alice", "a")])
        #expect(
            try steps(orders).last == """
                      "note": "billing had committed nothing: it reads all and commits nothing, so the lag is that of the recording.",
                      "consume": "orders",
                      "group": "billing",
                      "commit": "none",
                      "expect": { "messages": 1, "committed": { "0": null }, "lag": 1 }
                """)
        orders.committed = [0: 5, 1: 0, 2: 0]
        #expect(
            try steps(orders).last == """
                      "note": "billing had committed everything.",
                      "consume": "orders",
                      "group": "billing",
                      "expect": { "messages": 1, "committed": { "0": 1 }, "lag": 0 }
                """)
    }

    @Test func aGroupOfSeveralTopics() throws {
        var orders = topic([message(0, 0, "alice", "a"), message(0, 1, "alice", "b")])
        orders.committed = [0: 1]
        var letters = topic([message(0, 0, "alice", "c")], partitions: 1)
        letters.name = "letters"
        letters.committed = [0: 0]
        let text = try text([orders, letters]) { $0.group = "billing" }
        #expect(
            text.contains(
                """
                      "consume": ["orders", "letters"],
                      "group": "billing",
                      "commit": "none",
                      "expect": {
                        "messages": 2,
                        "committed": { "orders": { "0": 1 }, "letters": { "0": 0 } },
                        "lag": 2
                      }

                """)
                || text.contains(
                    "\"committed\": { \"orders\": { \"0\": 1 }, \"letters\": { \"0\": 0 } }, \"lag\": 2")
        )
        #expect(
            text.contains(
                "It had committed nothing in partitions orders/1, orders/2, where here it commits the beginning."))
    }

    // MARK: Remarks

    private func remarks(_ topic: RecordedTopic, _ change: (inout Recording.Request) -> Void) throws -> [String] {
        var request = Recording.Request(topics: ["orders"])
        change(&request)
        return try Recording([topic], request).remarks.map { DiagnosticText(style: .plain).text($0) }
    }

    @Test func whatIsNotInItIsSaid() throws {
        var orders = topic([message(0, 0, "alice", "a"), message(0, 1, "alice", "b")])
        orders.isCut = true
        #expect(
            try remarks(orders) { $0.limit = 2 } == [
                """
                warning: orders has more: the first 2 messages were recorded
                  = --limit 2 bounds it; --from -N begins so many offsets before the end of each partition
                """
            ])
        orders.configs = nil
        #expect(
            try remarks(orders) { $0.byteLimit = 15_000 } == [
                """
                warning: orders has more: the first 2 messages were recorded
                  = --limit-bytes 15 000 bounds it; --from -N begins so many offsets before the end of each partition
                """,
                """
                warning: the configs of orders could not be read
                  = the scenario's topic has the broker's defaults
                """,
            ])
    }

    @Test func whatKrunWouldNotReadIsNotWritten() {
        let large = topic([message(0, 0, "alice", String(repeating: "\u{1}", count: 1_500_000))])
        #expect(
            throws: Diagnostic(
                .usage, "the scenario would have 9 000 958 bytes, more than the 8 388 608 that krun reads",
                notes: ["--limit and --limit-bytes record less"])
        ) { try Recording([large], Recording.Request(topics: ["orders"])) }
    }
}
