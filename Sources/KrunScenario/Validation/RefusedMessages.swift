import KrunDiagnostics
import KrunJSON

/// What the client or a broker refuses of a step's messages whatever they are otherwise, as far as the file alone tells it.
extension ProduceDecoder {
    /// - Parameter client: of the producer, the file's and the step's own.
    func checkAccepted(
        _ messages: [MessageTemplate], by topic: String, compression: ProduceStep.Compression, client: [ClientProperty]
    ) {
        let limits = MessageLimits(
            file.topics[topic], client: client, isCompressed: compression != .none, isEmbedded: !file.requiresRealBroker
        )
        for message in messages where message.count > 0 {
            if limits.needsKeys, message.key.isNull(within: message.count) { reportKeyless(message, topic) }
            checkSize(message, limits, topic)
        }
    }

    private func reportKeyless(_ message: MessageTemplate, _ topic: String) {
        report(
            "a message to \"\(topic)\" has no key", because: .traffic, at: message.node.place.firstScalar,
            label: "\"cleanup.policy\" of the topic has \"compact\": a broker refuses it",
            notes: ["compaction keeps the last message of each key; give it a \"key\""] + message.origin)
    }

    private func checkSize(_ message: MessageTemplate, _ limits: MessageLimits, _ topic: String) {
        let size = message.leastBytes
        let node = message.node["value"] ?? message.node
        if limits.leastRequest(of: message) > limits.client {
            report(
                "a message is larger than the client takes", because: .traffic, at: node.place.firstScalar,
                label:
                    "\(size) bytes, of which it takes \(limits.client) with \(limits.leastRequest(of: message) - size) of its own",
                notes: [
                    "before compression; \"message.max.bytes\" in \"client\" allows up to \(ClientPropertyTable.largestMessage), "
                        + "and \"max.message.bytes\" in the topic's \"config\" what a broker takes"
                ] + message.origin)
        } else if size > limits.queue {
            report(
                "a message is larger than the client's queue", because: .traffic, at: node.place.firstScalar,
                label: "\(size) bytes, and \"queue.buffering.max.kbytes\" is \(limits.queue / 1_024)",
                notes: message.origin)
        } else if let most = limits.batch, limits.leastBatch(of: message) > most {
            report(
                "a message is larger than \"\(topic)\" takes", because: .traffic, at: node.place.firstScalar,
                label: "a batch of \(limits.leastBatch(of: message)) bytes or more",
                notes: ["\"max.message.bytes\" of the topic is \(most)"] + message.origin)
        }
    }
}

extension MessageTemplate {
    /// Which of a file's records it is; empty for what stands in the scenario.
    fileprivate var origin: [String] { line.map { ["it is in line \($0) of that file"] } ?? [] }
}

/// What a message may be.
private struct MessageLimits {
    /// librdkafka's default of `message.max.bytes`.
    private static let usualClient = 1_000_000
    /// Kafka's default of `message.max.bytes`, which topics inherit.
    private static let usualBroker = 1_048_588
    /// What librdkafka counts for a message besides key, value and headers, and for each header besides name and value.
    private static let overhead = (message: 36, header: 10)
    /// A record batch without its records, https://kafka.apache.org/documentation/#recordbatch
    private static let batchHeader = 61

    /// Bytes of a message that the client takes.
    let client: Int
    /// Bytes that the client keeps of messages that are not sent yet.
    let queue: Int
    /// Bytes of a batch that the topic takes; nil where that is not known.
    let batch: Int?
    let needsKeys: Bool
    private let isCompressed: Bool

    init(_ topic: TopicDeclaration?, client: [ClientProperty], isCompressed: Bool, isEmbedded: Bool) {
        func number(_ name: String) -> Int? { client.last { $0.name == name }.flatMap { Int($0.value) } }
        self.client = number("message.max.bytes") ?? Self.usualClient
        queue = number("queue.buffering.max.kbytes").map { $0 * 1_024 } ?? .max
        let config = topic?.config ?? []
        func value(_ name: String) -> String? { config.last { $0.name == name }?.value }
        // The topic has what is sent in a codec of its own.
        self.isCompressed = isCompressed && value("compression.type") != "uncompressed"
        let usual = isEmbedded && topic?.existing == false ? Self.usualBroker : nil
        batch = value("max.message.bytes").flatMap { Int($0) } ?? usual
        needsKeys = (value("cleanup.policy") ?? "").split(separator: ",").contains {
            $0.filter { $0 != " " } == "compact"
        }
    }

    /// What the client measures.
    func leastRequest(of message: MessageTemplate) -> Int {
        message.leastBytes + Self.overhead.message + message.headers.count * Self.overhead.header
    }

    /// Of one message; compressed it may be as short as nothing.
    func leastBatch(of message: MessageTemplate) -> Int {
        if isCompressed { return Self.batchHeader }
        let headers = message.headers.reduce(0) {
            $0 + Self.prefixed($1.key.utf8.count) + Self.prefixed($1.value.leastBytes)
        }
        // Attributes, both deltas, key, value, and how many headers there are.
        let record =
            3 + Self.prefixed(message.key.leastBytes) + Self.prefixed(message.value.leastBytes)
            + Self.varint(message.headers.count) + headers
        return Self.batchHeader + Self.prefixed(record)
    }

    /// So many bytes and their length before them.
    private static func prefixed(_ count: Int) -> Int { varint(count) + count }

    /// How many bytes a length takes, which is written as a zigzag varint.
    private static func varint(_ number: Int) -> Int {
        number < 1 << 6 ? 1 : number < 1 << 13 ? 2 : number < 1 << 20 ? 3 : number < 1 << 27 ? 4 : 5
    }
}
