import Foundation
import KrunKafka
import KrunOutcome
import KrunRunner
import KrunScenario
import KrunTools
import Testing

/// What is recorded of a topic runs, on this cluster and on an embedded one, and leaves a topic of which the same is recorded.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct RecordTests {
    @Test(arguments: RecordedKind.allCases)
    func whatIsRecordedRuns(_ kind: RecordedKind) async throws {
        let topic = SharedKafka.freshName("record")
        try await blocking {
            try SharedKafka.create(NewTopic(name: topic, partitions: kind.partitions, config: kind.config))
            try Self.send(kind.messages(seed: 7), to: topic, kind.partitioner)
        }
        var request = Recording.Request(topics: [topic])
        request.byteLimit = 4 << 20
        try await check(
            request,
            text: { text in
                switch kind.explanation {
                case .keys(let partitioner)?: #expect(text.contains("\"partitioner\": \"\(partitioner.rawValue)\""))
                default: #expect(!text.contains("\"partitioner\""))
                }
            })
    }

    /// Nothing of what was sent is in a file whose keys and values are made up, in no form, and the messages are where they were.
    @Test(arguments: RecordedKind.allCases)
    func whatIsRedactedRunsWithoutAnythingReal(_ kind: RecordedKind) async throws {
        let topic = SharedKafka.freshName("record")
        let messages = kind.messages(seed: 9)
        try await blocking {
            try SharedKafka.create(NewTopic(name: topic, partitions: kind.partitions, config: kind.config))
            try Self.send(messages, to: topic, kind.partitioner)
        }
        var request = Recording.Request(topics: [topic])
        request.byteLimit = 4 << 20
        request.redacted = [.keys, .values]
        try await check(
            request, isSameAgain: false,
            text: { text in
                switch kind.explanation {
                case .keys(let partitioner)?: #expect(text.contains("\"partitioner\": \"\(partitioner.rawValue)\""))
                default: #expect(!text.contains("\"partitioner\""))
                }
                let real = messages.flatMap { [$0.key, $0.value] + $0.headers.map(\.value) }.compactMap { $0 }
                #expect(real.isEmpty == messages.isEmpty)
                for bytes in Set(real.filter { $0.count > 2 }) {
                    let forms = [
                        String(decoding: bytes, as: UTF8.self), Data(bytes).base64EncodedString(),
                        bytes.map { String(format: "%02x", $0) }.joined(),
                    ]
                    for form in forms { #expect(!text.contains(form)) }
                }
                let keys = Set(messages.compactMap(\.key).filter { !$0.isEmpty })
                #expect(Set(text.matches(of: /key-\d+/).map { String($0.output) }).count == keys.count)
            })
    }

    /// Half of the messages committed, all of them, or none; and partitions of which nothing is.
    @Test(arguments: [0, 20, 60])
    func aGroupIsWhereItWas(_ committed: Int) async throws {
        let (topic, group) = (SharedKafka.freshName("record"), SharedKafka.freshName("billing"))
        let total = try await blocking {
            try SharedKafka.create(NewTopic(name: topic, partitions: 3))
            try Self.send(RecordedKind.murmur2.messages(seed: 8), to: topic, .murmur2Random)
            return try Self.commit(committed, of: topic, group)
        }
        try await check(
            Recording.Request(topics: [topic], group: group),
            // That a group is where a partition begins cannot be said in a scenario.
            isSameAgain: committed > 0,
            text: { text in
                #expect(text.contains("\"commit\": \"none\"") == (total < 60))
                #expect(text.contains("\"lag\": \(60 - total)"))
            })
    }

    @Test func transactionsAreReadAsCommitted() async throws {
        let topic = SharedKafka.freshName("record")
        try await blocking {
            try SharedKafka.create(NewTopic(name: topic, partitions: 2))
            try SharedKafka.send(
                [
                    SharedKafka.TransactionPart(values: ["a", "b"], partition: 0, commits: true),
                    SharedKafka.TransactionPart(values: ["c"], partition: 0, commits: false),
                    SharedKafka.TransactionPart(values: ["d"], partition: 0, commits: true),
                    SharedKafka.TransactionPart(values: ["e"], partition: 1, commits: false),
                ], inTransactionsTo: topic)
        }
        try await check(
            Recording.Request(topics: [topic]), isSameAgain: false,
            text: { text in
                #expect(text.contains("Here offsets count from 0 without gaps; those of \(topic) did not"))
                #expect(!text.contains("\"c\"") && !text.contains("\"e\""))
                #expect(text.contains("\"expect\": { \"messages\": 3 }"))
            })
    }

    // MARK: -

    /// Records, checks, runs twice, and records what the run left.
    private func check(
        _ request: Recording.Request, isSameAgain: Bool = true, text look: (String) -> Void
    ) async throws {
        var request = request
        // The order of what is read again is that of the timestamps.
        request.keepsTimestamps = true
        let wanted = request
        let text = try await blocking { try Self.record(wanted) }
        look(text)
        #expect(!text.contains(SharedKafka.addresses))
        let scenario = try Scenario.decode(Array(text.utf8), file: "recorded.json")
        let embedded = await ScenarioRunner.run(
            scenario, options: RunOptions(broker: BrokerChoice(.embedded(brokers: 1), chosenBy: "test")))
        #expect(embedded.printedDiagnostics == "")
        #expect(embedded.status == .passed)

        let (topics, groups) = (request.topics, request.group.map { [$0] } ?? [])
        try await blocking {
            try SharedKafka.delete(topics: topics, groups: groups)
            #expect(try SharedKafka.left(topics: topics, groups: groups) == [])
        }
        let outcome = await ScenarioRunner.run(
            scenario,
            options: SharedKafka.options {
                $0.exactNames = true
                $0.keep = true
            })
        #expect(outcome.printedDiagnostics == "")
        #expect(outcome.status == .passed)
        if isSameAgain {
            let again = try await blocking { try Self.record(wanted) }
            // What the group had not committed in before it has now, at the beginning.
            let remark = #/ It had committed nothing in partitions? [0-9, ]+, where here it commits the beginning\./#
            #expect(again == text.replacing(remark, with: ""))
        }
        try await blocking { try SharedKafka.delete(topics: topics, groups: groups) }
    }

    private static func record(_ request: Recording.Request) throws -> String {
        let kafka = try KafkaConnection.open(
            KafkaConnection.Address(
                bootstrap: SharedKafka.addresses, chosenBy: "test", properties: SharedKafka.properties,
                timeout: .seconds(30)))
        return try Recording.make(request, on: kafka).text
    }

    private static func send(_ messages: [RecordedKind.Message], to name: String, _ partitioner: Partitioner) throws {
        let properties = SharedKafka.properties.merging([
            "bootstrap.servers": SharedKafka.addresses, "acks": "-1", "message.max.bytes": "3000000",
        ])
        let producer = try Producer(properties: properties, log: ClientLog())
        let topic = try producer.topic(name, partitioner: partitioner.rawValue)
        try producer.waitForMetadata(topic, timeout: .seconds(30))
        for message in messages {
            let headers = message.headers.isEmpty ? nil : RecordHeaders(message.headers)
            try withBytes(message.key) { key in
                try withBytes(message.value) { value in
                    let sent = try producer.send(
                        to: topic, partition: message.partition, key: key, value: value, timestamp: message.timestamp,
                        headers: headers)
                    #expect(sent == .queued)
                }
            }
        }
        var acknowledged = 0
        let deadline = ContinuousClock.now + .seconds(60)
        while acknowledged < messages.count, .now < deadline {
            _ = producer.serveReports(timeout: .seconds(1)) { if $0.errorName == nil { acknowledged += 1 } }
        }
        #expect(acknowledged == messages.count)
    }

    private static func withBytes(_ bytes: [UInt8]?, _ body: (UnsafeRawBufferPointer?) throws -> Void) throws {
        guard let bytes else { return try body(nil) }
        try bytes.withUnsafeBytes { try body($0) }
    }

    /// Commits so many messages of partition 0 and then of the others, and returns how many there were.
    private static func commit(_ count: Int, of topic: String, _ group: String) throws -> Int {
        let admin = try SharedKafka.admin()
        let partitions = (0..<Int32(3)).map { TopicPartition(topic, $0) }
        let ends = try admin.endOffsets(partitions, timeout: .seconds(30))
        var left = Int64(count)
        var offsets: [TopicPartition: Int64] = [:]
        for partition in partitions where left > 0 {
            let offset = min(left, ends[partition] ?? 0)
            offsets[partition] = offset
            left -= offset
        }
        // A group that committed nothing on the topic is there for another's sake.
        if offsets.isEmpty { offsets[partitions[0]] = 0 }
        for (_, error) in try admin.alterGroupOffsets(group, to: offsets, timeout: .seconds(30)) {
            #expect(error == nil)
        }
        return count - Int(left)
    }
}
