import KrunDiagnostics
import KrunJSON
import KrunKafka
import KrunReports
import KrunScenario

/// The step that sends messages of one topic, and expects each where it was.
struct RecordedProduce {
    let topic: RecordedTopic
    /// Not empty.
    let messages: [RecordedMessage]
    /// The offset of each partition's first message where it is not 0.
    let start: [Int32: Int]
    let placement: Placement
    let keepsTimestamps: Bool

    var step: JSONMembers {
        var step = JSONMembers()
        step.add("note", note)
        step.add("produce", topic.name)
        if case .keys(let partitioner) = placement { step.add("partitioner", partitioner.rawValue) }
        if let size = MessageSizes(messages).producerLimit {
            var client = JSONMembers()
            client.add("message.max.bytes", size)
            step.add("client", client)
        }
        step.add("messages", messages.map { message($0) })
        step.add("expect", expect)
        return step
    }

    private var note: String? {
        let named = messages.contains { placement.names(partitionOf: $0) }
        switch placement {
        case .single: return nil
        case .keys(let partitioner):
            let rest = named ? " Messages whose key does not decide name their partition." : ""
            return "The keys decide the partitions, by \(partitioner.algorithm ?? "chance").\(rest)"
        case .explicit where messages.allSatisfy { $0.key == nil }:
            return "Without keys the producer chose the partitions, so each message names its own."
        case .explicit:
            return "No partitioner explains where the keys are, so each message names its partition."
        }
    }

    private func message(_ message: RecordedMessage) -> JSONMembers {
        var object = JSONMembers()
        if let key = message.key { object.add("key", PayloadText.json(key)) }
        object.add("value", PayloadText.json(message.value))
        if !message.headers.isEmpty { object.add("headers", headers(message)) }
        if placement.names(partitionOf: message) { object.add("partition", message.partition) }
        if keepsTimestamps, let timestamp = message.timestamp, timestamp > 0 {
            // Years of four digits.
            object.add(
                "timestamp",
                timestamp < 253_402_300_800_000
                    ? .string(TimestampText.text(milliseconds: timestamp)) : .integer(timestamp)
            )
        }
        return object
    }

    /// As an object where each name comes once, as a list otherwise.
    private func headers(_ message: RecordedMessage) -> JSONValue {
        let names = Set(message.headers.map { Array($0.key.utf8) })
        guard names.count < message.headers.count else {
            return .object(message.headers.map { JSONValue.Member($0.key, PayloadText.json($0.value)) })
        }
        return .array(
            message.headers.map { header in
                .object([
                    JSONValue.Member("key", .string(LiteralText.escaped(header.key))),
                    JSONValue.Member("value", PayloadText.json(header.value)),
                ])
            })
    }

    // MARK: - What is expected

    private var expect: JSONMembers {
        var expect = JSONMembers()
        expect.add("messages", messages.count)
        expect.add("partitions", partitions)
        expect.add("keys", keys)
        let withoutKey = messages.count { $0.key == nil }
        if withoutKey > 0 {
            var object = JSONMembers()
            object.add("messages", withoutKey)
            expect.add("nullKey", object)
        }
        return expect
    }

    /// Only those that got something: the sum is that of all.
    private var partitions: JSONMembers {
        let counts = messages.reduce(into: [Int32: Int]()) { $0[$1.partition, default: 0] += 1 }
        var partitions = JSONMembers()
        for (partition, count) in counts.sorted(by: { $0.key < $1.key }) {
            let first = start[partition] ?? 0
            var object = JSONMembers()
            object.add("messages", count)
            object.add("first", first)
            object.add("last", first + count - 1)
            partitions.add(String(partition), object)
        }
        return partitions
    }

    /// In the order in which they come first: a map from their texts, or a list where one of them is no text; nil without any.
    private var keys: JSONValue? {
        struct Seen {
            var partitions: Set<Int32> = []
            var messages = 0
        }
        var order: [[UInt8]] = []
        var seen: [[UInt8]: Seen] = [:]
        for message in messages {
            guard let key = message.key else { continue }
            if seen[key] == nil { order.append(key) }
            seen[key, default: Seen()].partitions.insert(message.partition)
            seen[key, default: Seen()].messages += 1
        }
        if order.isEmpty { return nil }
        let isMap = order.allSatisfy { PayloadText.plain($0) != nil }
        var keys = JSONMembers()
        var list: [JSONMembers] = []
        for key in order {
            guard let found = seen[key] else { continue }
            var object = JSONMembers()
            if !isMap { object.add("key", PayloadText.json(key)) }
            if found.partitions.count == 1 {
                object.add("partition", found.partitions.first)
            } else {
                object.add("partitions", found.partitions.count)
            }
            object.add("messages", found.messages)
            list.append(object)
            if let name = PayloadText.plain(key) { keys.add(name, object) }
        }
        return isMap ? keys.value : .array(list.map(\.value))
    }
}

/// Bytes as the scenario language writes them, so that they are sent as they were.
enum PayloadText {
    /// - Parameter bytes: nil for no key or a tombstone.
    static func json(_ bytes: [UInt8]?) -> JSONValue {
        guard let bytes else { return .null }
        guard let text = plain(bytes) else {
            return .object([JSONValue.Member("base64", .string(Base64.text(bytes)))])
        }
        return .string(LiteralText.escaped(text))
    }

    /// The text that the bytes are, where a string of the language can be it.
    static func plain(_ bytes: [UInt8]) -> String? {
        bytes.contains(0) ? nil : String(validating: bytes, as: UTF8.self)
    }
}

/// What large messages need, beyond what a producer and a topic take by default.
struct MessageSizes {
    private let largest: Int

    init(_ messages: [RecordedMessage]) {
        largest = messages.reduce(0) { max($0, $1.size + 32 * $1.headers.count) }
    }

    /// With room for what a batch adds, in whole tens of thousands.
    private var needed: Int { (largest + 10_000) / 10_000 * 10_000 + 10_000 }

    /// `message.max.bytes` of the producer, whose default is 1 000 000; nil where that is enough.
    var producerLimit: Int? { needed > 1_000_000 ? needed : nil }

    /// `max.message.bytes` of the topic, whose default is 1 048 588; nil where that is enough.
    var topicLimit: Int? { needed > 1_048_588 ? needed : nil }
}
