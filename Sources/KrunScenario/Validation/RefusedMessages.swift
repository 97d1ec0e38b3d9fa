import KrunDiagnostics
import KrunJSON

/// What the client or a broker refuses of a step's messages whatever they are otherwise, as far as the file alone tells it.
extension DecodingContext {
    /// - Parameter client: of the producer, the file's and the step's own.
    func checkAccepted(
        _ messages: [MessageTemplate], by topic: String, compression: ProduceStep.Compression, client: [ClientProperty]
    ) {
        let limits = MessageLimits(topics[topic], client: client, isCompressed: compression != .none)
        for message in messages where message.count > 0 {
            if limits.needsKeys, case .null = message.key { reportKeyless(message, topic) }
            checkSize(message, limits, topic)
        }
    }

    private func reportKeyless(_ message: MessageTemplate, _ topic: String) {
        report(
            "a message to \"\(topic)\" has no key", at: message.node.place.firstScalar,
            label: "\"cleanup.policy\" of the topic has \"compact\": a broker refuses it",
            notes: ["compaction keeps the last message of each key; give it a \"key\""])
    }

    private func checkSize(_ message: MessageTemplate, _ limits: MessageLimits, _ topic: String) {
        let size = message.leastBytes
        let node = message.node["value"] ?? message.node
        if size > limits.client {
            report(
                "a message is larger than the client takes", at: node.place.firstScalar,
                label: "\(size) bytes, of which it takes \(limits.client)",
                notes: [
                    "before compression; \"message.max.bytes\" in \"client\" allows up to \(ClientPropertyTable.largestMessage), "
                        + "and \"max.message.bytes\" in the topic's \"config\" what a broker takes"
                ])
        } else if let most = limits.batch, limits.leastBatch(of: size) > most {
            report(
                "a message is larger than \"\(topic)\" takes", at: node.place.firstScalar,
                label: "a batch of \(limits.leastBatch(of: size)) bytes or more",
                notes: ["\"max.message.bytes\" of the topic is \(most)"])
        }
    }
}

/// What a message may be.
private struct MessageLimits {
    /// librdkafka's default of `message.max.bytes`.
    private static let usualClient = 1_000_000
    /// A record batch without its records, https://kafka.apache.org/documentation/#recordbatch
    private static let batchHeader = 61
    /// The shortest record without key, value and headers: its length, attributes, and five numbers of a byte each.
    private static let record = 7

    /// Bytes of a message that the client takes.
    let client: Int
    /// Bytes of a batch that the topic takes; nil where that is not known.
    let batch: Int?
    let needsKeys: Bool
    private let isCompressed: Bool

    init(_ topic: TopicDeclaration?, client: [ClientProperty], isCompressed: Bool) {
        self.client = client.last { $0.name == "message.max.bytes" }.flatMap { Int($0.value) } ?? Self.usualClient
        self.isCompressed = isCompressed
        let config = topic?.config ?? []
        batch = config.last { $0.name == "max.message.bytes" }.flatMap { Int($0.value) }
        let policy = config.last { $0.name == "cleanup.policy" }?.value ?? ""
        needsKeys = policy.split(separator: ",").contains { $0.filter { $0 != " " } == "compact" }
    }

    /// Of one message of so many bytes; compressed it may be as short as nothing.
    func leastBatch(of size: Int) -> Int {
        isCompressed ? Self.batchHeader : Self.batchHeader + Self.record + size
    }
}
