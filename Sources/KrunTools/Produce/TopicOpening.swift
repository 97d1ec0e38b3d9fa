import KrunDiagnostics
import KrunKafka

/// Finds out whether a topic can be produced to, and lets a broker create it that does so by itself.
struct TopicOpening {
    let kafka: KafkaConnection
    let request: ProduceRequest
    let text: ProduceText
    let output: any ProduceOutput

    private static let creation = "auto.create.topics.enable"

    /// Whether the topic is there. To be asked before there is a producer of it, for that has it created.
    ///
    /// - Throws: a `Diagnostic` where it is not there and nobody creates it, or `Interrupted`.
    func look() throws -> Finding {
        let topic = request.topic
        let found = try kafka.attempt { try $0.metadata(topics: [topic], timeout: kafka.timeout).topics[0] }
        guard found.error?.name == "UNKNOWN_TOPIC_OR_PART" else { return .exists }
        if kafka.properties["allow.auto.create.topics"] == "false" {
            throw try missing("allow.auto.create.topics is false (-X or --config)")
        }
        let setting = try creation()
        if setting == "false" { throw try missing("the broker creates none by itself: \(Self.creation) is false") }
        return .isMissing(setting: setting)
    }

    /// What `look` has found.
    enum Finding {
        case exists
        /// With the broker's `auto.create.topics.enable`, where it tells.
        case isMissing(setting: String?)
    }

    /// Waits until the topic has leaders.
    ///
    /// - Throws: a `Diagnostic` with the reason, or `Interrupted`.
    func open(_ topic: ProducerTopic, of producer: Producer, after finding: Finding) throws {
        let partitions: Int
        do {
            partitions = try producer.waitForMetadata(topic, timeout: kafka.timeout)
        } catch {
            if error.isCancelled { throw Interrupted() }
            guard case .isMissing(let setting) = finding else { throw kafka.diagnostic(error) }
            if error.name == "UNKNOWN_TOPIC_OR_PART" {
                let setting = setting.map { "\(Self.creation) is \($0)" } ?? "\(Self.creation) could not be asked for"
                throw try missing(
                    "the broker did not create it within \(kafka.address.timeoutText) (--timeout); \(setting)")
            }
            throw Diagnostic(
                .runtime, "topic \(topic.name) does not exist, and the broker cannot create it",
                notes: ["\(error.name): \(error.reason)", text.create])
        }
        if case .isMissing = finding { output.say(text.created(partitions: partitions)) }
        if let partition = request.partition, partition >= partitions {
            throw Diagnostic.missingPartition(
                partition, of: topic.name, having: Array(0..<Int32(partitions)),
                advice: ["without --partition the partitioner chooses"])
        }
    }

    private func missing(_ reason: String) throws -> Diagnostic {
        var diagnostic = try kafka.missingTopic(request.topic).diagnostic
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
