import KrunDiagnostics
import KrunKafka

/// Finds out whether a topic can be produced to, and lets a broker create it that does so by itself.
struct TopicOpening {
    let kafka: KafkaConnection
    let request: ProduceRequest
    let text: ProduceText
    let output: any ProduceOutput

    private static let creation = "auto.create.topics.enable"

    /// Waits until the topic has leaders.
    ///
    /// - Throws: a `Diagnostic` with the reason, or `Interrupted`.
    func open(_ topic: ProducerTopic, of producer: Producer) throws {
        let found = try kafka.attempt { try $0.metadata(topics: [topic.name], timeout: kafka.timeout).topics[0] }
        let isMissing = found.error?.name == "UNKNOWN_TOPIC_OR_PART"
        var creates: String?
        if isMissing {
            if kafka.properties["allow.auto.create.topics"] == "false" {
                throw try missing("allow.auto.create.topics is false (-X or --config)")
            }
            creates = try creation()
            if creates == "false" { throw try missing("the broker creates none by itself: \(Self.creation) is false") }
        }
        let partitions: Int
        do {
            partitions = try producer.waitForMetadata(topic, timeout: kafka.timeout)
        } catch {
            if error.isCancelled { throw Interrupted() }
            if isMissing, error.name == "UNKNOWN_TOPIC_OR_PART" {
                let setting = creates.map { "\(Self.creation) is \($0)" } ?? "\(Self.creation) could not be asked for"
                throw try missing(
                    "the broker did not create it within \(kafka.address.timeoutText) (--timeout); \(setting)")
            }
            throw isMissing
                ? Diagnostic(
                    .runtime, "topic \(topic.name) does not exist, and the broker cannot create it",
                    notes: ["\(error.name): \(error.reason)", text.create])
                : kafka.diagnostic(error)
        }
        if isMissing { output.say(text.created(partitions: partitions)) }
        if let partition = request.partition, partition >= partitions {
            throw Diagnostic(
                .runtime, "topic \(topic.name) has no partition \(partition)",
                notes: [
                    partitions == 1 ? "it has one, number 0" : "it has \(partitions), numbered 0 to \(partitions - 1)",
                    "without --partition the partitioner chooses",
                ])
        }
    }

    private func missing(_ reason: String) throws -> Diagnostic {
        var diagnostic = try kafka.missingTopic(request.topic)
        diagnostic.notes.insert(reason, at: 0)
        return diagnostic
    }

    /// Whether the brokers create topics by themselves; nil where they do not tell.
    private func creation() throws -> String? {
        guard let broker = kafka.brokers.first else { return nil }
        do {
            return try kafka.admin.brokerConfig(broker.id, timeout: kafka.timeout)[Self.creation]
        } catch {
            if error.isCancelled { throw Interrupted() }
            // To ask takes a right that to produce does not take.
            return nil
        }
    }
}
