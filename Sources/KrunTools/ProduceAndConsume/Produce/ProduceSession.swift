import KrunConnection
package import KrunDiagnostics
import KrunKafka
import KrunScenario

/// One `krun produce`: sends what it is given, and tells what became of each message.
///
/// The thread that calls `run` reads and sends; another serves the delivery reports.
package struct ProduceSession {
    let kafka: KafkaConnection
    let request: Request
    let retries: RetryWatch
    let output: any ProduceOutput
    let text: ProduceText
    let isOver: @Sendable () -> Bool

    /// - Parameters:
    ///   - kafka: with a log of `retries`.
    ///   - isOver: looked at ten times a second; once it is true, nothing more is sent, and what was sent is waited for.
    package init(
        _ request: Request, on kafka: KafkaConnection, retries: RetryWatch, output: any ProduceOutput,
        isOver: @escaping @Sendable () -> Bool
    ) {
        self.request = request
        self.kafka = kafka
        self.retries = retries
        self.output = output
        self.isOver = isOver
        text = ProduceText(
            topic: request.topic, timeout: kafka.address.timeoutText, isByLine: request.input.isStandardInput,
            clientID: kafka.chosenClientID)
    }

    /// Sends everything.
    ///
    /// - Throws: a `Diagnostic` where it cannot begin, or `Interrupted` where it was over before.
    package func run() throws -> ProduceSummary {
        let opening = TopicOpening(kafka: kafka, request: request, text: text, output: output)
        let finding = try opening.inspect()
        var head: [UInt8]?
        if case .isMissing = finding, case .standardInput(let format) = request.input {
            // Nothing to send is no reason to have a topic created.
            let bytes = try InputReading.firstBytes(
                format, request: request, output: output, text: text, isOver: isOver)
            if bytes.isEmpty {
                let isInterrupted = isOver()
                return ProduceSummary(
                    tally: DeliveryTally(), totals: isInterrupted ? text.totals(DeliveryTally()) : text.nothingToSend,
                    problems: [], isInterrupted: isInterrupted)
            }
            head = bytes
        }
        let producer: Producer
        let topic: ProducerTopic
        do {
            producer = try Producer(properties: properties, log: kafka.log, isOver: isOver)
            topic = try producer.topic(request.topic, partitioner: request.partitioner.rawValue)
        } catch {
            throw ConnectionTrouble.badProperties(error)
        }
        try opening.open(topic, of: producer, after: finding)

        let board = DeliveryBoard()
        let loop = DeliveryLoop(
            producer: producer, board: board, request: request, text: text, retries: retries, output: output,
            kafka: kafka, isOver: isOver)
        kafka.waits.end()
        let thread = try ResultThread(name: "deliveries") {
            var loop = loop
            loop.run()
            return loop.result
        }
        var input = InputReading(
            sender: MessageSender(producer: producer, topic: topic, board: board, request: request, isOver: isOver),
            request: request, output: output, text: text, head: head)
        let problem = input.sendAll()
        board.close()
        return outcome(thread.join(), input, problem)
    }

    private var properties: ClientProperties {
        let defaults: ClientProperties = [
            "client.id": KafkaConnection.clientID,
            // What bounds memory, whatever comes through the pipe.
            "queue.buffering.max.messages": "100000", "queue.buffering.max.kbytes": "131072",
            // So that a pipe that goes on for long uses partitions that are added.
            "topic.metadata.refresh.interval.ms": "10000",
        ]
        var properties = defaults.merging(kafka.properties)
        // Of a group, which a producer has not.
        for name in ["isolation.level", "partition.assignment.strategy", "group.instance.id"] { properties[name] = nil }
        properties["debug"] = retries.debugProperty
        return properties
    }

    private func outcome(_ result: DeliveryResult, _ input: InputReading, _ problem: Diagnostics?) -> ProduceSummary {
        var problems = problem?.all ?? []
        let isInterrupted = isOver()
        if let fatal = input.sender.fatal { problems.append(kafka.diagnostic(fatal)) }
        let advice = advice(result.tally, recordsNamePartitions: input.recordsNamePartitions)
        if let lost = text.undelivered(result.tally, trouble: trouble(result), advice: advice) { problems.append(lost) }
        if result.isReaderGone, !input.isComplete, !isInterrupted, !result.isStalled {
            problems.append(text.readerGone(result.tally))
        }
        return ProduceSummary(
            tally: result.tally, totals: input.wasEmpty ? text.nothingToSend : text.totals(result.tally),
            problems: problems, isInterrupted: isInterrupted)
    }

    /// What became of the topic, where messages found it or their partition missing.
    private func advice(_ tally: DeliveryTally, recordsNamePartitions: Bool) -> [String] {
        let names = ["_UNKNOWN_PARTITION", "_UNKNOWN_TOPIC", "UNKNOWN_TOPIC_OR_PART"]
        guard names.contains(where: { tally.hasFailure($0) }) else { return [] }
        if let found = try? kafka.attempt({ try $0.metadata(topics: [request.topic], timeout: kafka.timeout).topics[0] }
        ) {
            if found.error?.name == "UNKNOWN_TOPIC_OR_PART" { return [text.deleted] }
            if found.error == nil, let partition = request.partition, partition >= found.partitions.count {
                return [text.shrunk(to: found.partitions.count)]
            }
        }
        let isNamed = recordsNamePartitions && request.partition == nil && !request.repartitions
        return isNamed && tally.hasFailure("_UNKNOWN_PARTITION") ? [ProduceText.repartition] : []
    }

    /// Why nobody answered, as far as it was heard.
    private func trouble(_ result: DeliveryResult) -> [String] {
        guard result.isStalled else { return [] }
        var notes = result.lastRetry.map { [text.last($0)] } ?? []
        if let sentence = kafka.watch.sentence { return notes + [sentence] }
        let unreachable = kafka.unreachableBrokers
        notes += unreachable.prefix(3).map { text.unreachable($0) }
        return unreachable.isEmpty ? notes + LogExcerpt.text(of: kafka.log.lines).suffix(3) : notes
    }
}

/// What a `krun produce` has come to.
package struct ProduceSummary: Sendable {
    package let tally: DeliveryTally
    /// A sentence.
    package let totals: String
    /// What is wrong with the input, and what was not delivered.
    package let problems: [Diagnostic]
    /// Whether somebody wanted it to end.
    package let isInterrupted: Bool
}

/// Finds out whether a topic can be produced to, and lets a broker create it that does so by itself.
struct TopicOpening {
    let kafka: KafkaConnection
    let request: ProduceSession.Request
    let text: ProduceText
    let output: any ProduceOutput

    private static let creation = "auto.create.topics.enable"

    /// Whether the topic is there. To be asked before there is a producer of it, for that has it created.
    ///
    /// - Throws: a `Diagnostic` where it is not there and nobody creates it, or `Interrupted`.
    func inspect() throws -> Finding {
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
