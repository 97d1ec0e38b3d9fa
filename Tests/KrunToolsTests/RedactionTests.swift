import KrunDiagnostics
import KrunKafka
import KrunScenario
import Testing

@testable import KrunTools

/// What takes the place of keys and values, and what it keeps of them.
@Suite(.timeLimit(.minutes(1)))
struct RedactionTests {
    private func topic(
        _ name: String, _ partitions: Int, _ partitioner: Partitioner, _ keys: [String]
    ) -> RecordedTopic {
        var offsets: [Int32: Int64] = [:]
        let messages = keys.map { key in
            let bytes = Array(key.utf8)
            let partition = partitioner.partition(forKey: bytes, partitions: partitions) ?? 0
            defer { offsets[partition, default: 0] += 1 }
            return RecordedMessage(
                partition: partition, offset: offsets[partition] ?? 0, key: bytes, value: Array("of \(key)".utf8))
        }
        return RecordedTopic(name: name, partitions: partitions, messages: messages)
    }

    private func redacted(
        _ topics: [RecordedTopic], _ parts: Redaction.Parts = .keys, attempts: Int = 1_000_000
    ) throws -> [RecordedTopic] {
        try Redaction(parts, attempts: attempts).topics(
            topics, placed: topics.map { try Placement.explaining($0, wanted: nil) })
    }

    @Test(arguments: [Partitioner.murmur2Random, .consistentRandom, .fnv1aRandom], [2, 3, 12, 1_000])
    func keysStayDifferentAndOnTheirPartitions(_ partitioner: Partitioner, _ partitions: Int) throws {
        let keys = (0..<200).map { "customer \($0 % 60)" }
        let before = topic("orders", partitions, partitioner, keys)
        let after = try redacted([before])[0]
        #expect(after.messages.map(\.value) == before.messages.map(\.value))
        #expect(after.messages.map(\.partition) == before.messages.map(\.partition))
        var names: [[UInt8]: [UInt8]] = [:]
        for (old, new) in zip(before.messages, after.messages) {
            let key = try #require(new.key)
            #expect(key.starts(with: Array("key-".utf8)))
            #expect(names.updateValue(key, forKey: try #require(old.key)) ?? key == key)
            #expect(partitioner.partition(forKey: key, partitions: partitions) == old.partition)
        }
        #expect(names.count == 60)
        #expect(Set(names.values).count == 60)
    }

    /// The same customer is the same over all topics, however many partitions each has.
    @Test func keysAreTheSameInAllTopics() throws {
        let keys = (0..<40).map { "customer \($0)" }
        let topics = [
            topic("orders", 6, .murmur2Random, keys), topic("payments", 12, .murmur2Random, keys),
            topic("visits", 5, .consistentRandom, Array(keys.prefix(20))),
        ]
        let after = try redacted(topics)
        #expect(after[0].messages.map(\.key) == after[1].messages.map(\.key))
        #expect(after[2].messages.map(\.key) == after[0].messages.prefix(20).map(\.key))
        for (topic, partitioner) in zip(after, [Partitioner.murmur2Random, .murmur2Random, .consistentRandom]) {
            for message in topic.messages {
                #expect(partitioner.partition(forKey: message.key, partitions: topic.partitions) == message.partition)
            }
        }
    }

    @Test func whatIsNullOrEmptyStaysSoAndEqualOnesStayEqual() throws {
        func message(_ offset: Int64, _ key: [UInt8]?, _ value: [UInt8]?, _ headers: [RecordHeader] = [])
            -> RecordedMessage
        {
            RecordedMessage(partition: 0, offset: offset, key: key, value: value, headers: headers)
        }
        let secret = Array("4111 1111".utf8)
        let topic = RecordedTopic(
            name: "orders", partitions: 1,
            messages: [
                message(
                    0, nil, secret,
                    [RecordHeader("card", secret), RecordHeader("none", nil), RecordHeader("empty", [])]),
                message(1, [], nil), message(2, secret, []), message(3, [0, 255], [0, 255]),
                message(4, secret, Array("value-1".utf8)),
            ])
        let both = try redacted([topic], [.keys, .values])[0].messages
        func texts(_ payloads: [[UInt8]?]) -> [String] {
            payloads.map { $0.map { String(decoding: $0, as: UTF8.self) } ?? "null" }
        }
        // What stood there is never made up.
        #expect(texts(both.map(\.value)) == ["value-2", "null", "", "value-3", "value-4"])
        #expect(texts(both.map(\.key)) == ["null", "", "key-1", "key-2", "key-1"])
        #expect(both[0].headers.map(\.key) == ["card", "none", "empty"])
        #expect(texts(both[0].headers.map(\.value)) == ["value-2", "null", ""])
        let values = try redacted([topic], .values)[0].messages
        #expect(values.map(\.key) == topic.messages.map(\.key))
        #expect(values.map(\.value) == both.map(\.value))
        let keys = try redacted([topic], .keys)[0].messages
        #expect(keys.map(\.value) == topic.messages.map(\.value))
        #expect(keys.map(\.headers) == topic.messages.map(\.headers))
    }

    @Test func theFileSaysSo() throws {
        var request = Recording.Request(topics: ["orders"])
        request.redacted = [.values]
        let recording = try Recording([topic("orders", 3, .murmur2Random, ["alice", "bob"])], request)
        #expect(
            recording.text.hasPrefix(
                """
                {
                  "name": "orders as it was recorded",
                  "description": "Recorded by krun record: 2 messages of orders. Values and values of headers are made up: \
                equal ones are equal still, and each message is on the partition of the real one.",

                """))
        #expect(
            recording.summary == [
                "orders: 2 messages, 3 partitions, placed by murmur2_random; values and values of headers are made up"
            ])
    }

    @Test func whatCannotBeFoundIsToldInsteadOfSearchedForEver() {
        let keys = ["alice"]
        let topics = [
            topic("a", 99_991, .murmur2Random, keys), topic("b", 99_989, .consistentRandom, keys),
        ]
        #expect(
            throws: Diagnostic(
                .usage, "no keys were found that all these topics place as the real ones",
                notes: ["--redact keys takes topics with other partitioners or numbers of partitions one at a time"])
        ) { try redacted(topics, attempts: 1_000) }
    }
}
