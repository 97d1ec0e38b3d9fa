import KrunConnection
import KrunDiagnostics
package import KrunKafka

/// One `krun consume`: reads, shows what it read, and commits what it has shown.
///
/// Everything happens on the thread that calls `run`, rebalances included.
package final class ConsumeSession {
    private static let batchSize = 2_000
    /// Of a rate, how much is read at once.
    private static let burst: Duration = .milliseconds(50)
    /// How long a new assignment may be silent until somebody looks why.
    private static let silence: Duration = .seconds(2)
    private static let commitInterval: Duration = .seconds(1)

    let kafka: KafkaConnection
    let request: Request
    let output: any ConsumeOutput
    let text: ConsumeText
    /// What the consumer alone says; other clients may lose idle connections without harm.
    private let log: ClientLog
    let isOver: @Sendable () -> Bool

    var tally: ConsumeTally
    /// Whether `--from` has been applied: afterwards partitions go on where the group stopped.
    var hasPointed = false
    /// How often the group has given this member partitions, or none.
    var assignments = 0
    /// What the last `startOffsets` chose, for the words about it.
    var starts: [TopicPartition: Int64] = [:]
    var hasAssignment = false
    /// The id that the group's coordinator gave this member, once it was told.
    var toldMember: String?
    var isLeaving = false
    /// How long the end may take; nil before it.
    private var leaving: Patience?

    /// Whether what is being asked for is not worth waiting for any more.
    package var isWaitOver: Bool { leaving?.isOver ?? isOver() }

    /// When something last moved; nil after it was looked at why nothing does.
    private var silentSince: ContinuousClock.Instant?
    private(set) var lastMove = ContinuousClock.now
    private var lastCommit = ContinuousClock.now
    /// Of `request.rate`, and when it allows the next record.
    private var pacer: Pacer?
    private var nextTurn: ContinuousClock.Instant?
    private var buffer: [UInt8] = []
    private var failure: KafkaError?
    /// Whether an offset that was to be read is not there.
    var isOutOfRange = false
    /// When it was last looked in vain for where to go on instead.
    var lastRangeLook = ContinuousClock.now - .seconds(60)
    /// How often to look for changes of the topics without a group; nil for never.
    private(set) var lookInterval: Duration?
    var lastLook = ContinuousClock.now
    var lastEndLook = ContinuousClock.now
    /// Whether something says that a topic has changed.
    var looksSoon = false

    /// - Parameters:
    ///   - log: new, for the consumer.
    ///   - isOver: looked at ten times a second; once it is true, the session ends in an orderly way.
    package init(
        _ request: Request, on kafka: KafkaConnection, log: ClientLog, output: any ConsumeOutput,
        isOver: @escaping @Sendable () -> Bool
    ) {
        self.request = request
        self.kafka = kafka
        self.output = output
        self.log = log
        self.isOver = isOver
        text = ConsumeText(
            request: request, bootstrap: kafka.address.bootstrap, clientID: kafka.chosenClientID)
        pacer = request.rate.map { Pacer(rate: $0) }
        tally = ConsumeTally(topics: request.topics)
    }

    /// Reads until it is over, at the end or counted.
    ///
    /// - Throws: a `Diagnostic` where it cannot begin, or `Interrupted` where it was over before.
    package func run() throws -> ConsumeSummary {
        output.say(text.begins())
        let partitions = try waitForTopics()
        if request.exitsAtEnd {
            for (partition, end) in try kafka.attempt({ try $0.endOffsets(partitions, timeout: kafka.timeout) }) {
                tally[partition].target = end
            }
        }
        let consumer: Consumer
        do {
            let properties = properties
            lookInterval = properties[Self.metadataInterval].flatMap { Int($0) }.flatMap {
                $0 > 0 ? .milliseconds($0) : nil
            }
            if let group = request.group { try refuseToJoin(group) }
            consumer = try Consumer(properties: properties, log: log)
            if request.group != nil {
                consumer.partitionCounts = Dictionary(partitions.map { ($0.topic, Int($0.partition) + 1) }) {
                    max($0, $1)
                }
                try consumer.subscribe(request.topics, delegate: self)
            } else {
                try assign(partitions, to: consumer)
            }
        } catch let error as KafkaError {
            if error.isCancelled { throw Interrupted() }
            throw kafka.diagnostic(error)
        }
        let (end, trouble) = read(consumer)
        // One for all that is left to do.
        let patience = kafka.patience(kafka.timeout)
        kafka.waits.begin("leaving") { [watch = kafka.watch] in watch.reason }
        leaving = patience
        commit(consumer)
        isLeaving = true
        // Where others hold up a rebalance, leaving waits for them; whoever typed Ctrl+C does not.
        let farewell = isOver() ? min(kafka.timeout, Self.farewell) : kafka.timeout
        if !consumer.close(timeout: farewell, isOver: { patience.isOver }) { output.warn(text.stayed()) }
        defer { kafka.waits.end() }
        return kafka.with(patience) { outcome(end, trouble) }
    }

    /// To leave the group, once somebody asked for the end.
    private static let farewell = Duration.milliseconds(1200)

    private var properties: ClientProperties {
        let ahead = FetchAhead(brokers: kafka.brokers.count)
        var properties = ahead.properties.merging([
            // What is not there any more is noticed: see goBackIntoRange.
            "auto.offset.reset": "error",
            // The shortest session that brokers allow, so that others soon take over from a member that was killed; and a
            // heartbeat that notices soon when others come and go.
            "session.timeout.ms": "6000", "heartbeat.interval.ms": "100",
            // So that partitions that are added are noticed soon.
            Self.metadataInterval: "10000",
        ])
        var own = kafka.properties
        // Properties of producers say nothing here.
        for name in ClientProperties.namesOfProducers { own[name] = nil }
        properties = properties.merging(own)
        properties["group.id"] = request.group
        properties["enable.partition.eof"] = "true"
        properties["enable.auto.commit"] = "false"
        properties["enable.auto.offset.store"] = "false"
        return properties.lookingForCoordinators()
    }

    // MARK: - Reading

    private func read(_ consumer: Consumer) -> (ConsumeSummary.End, Diagnostic?) {
        moved()
        if let group = request.group {
            kafka.waits.begin("joining group \(group)") { [watch = kafka.watch] in watch.reason }
        }
        while true {
            if isOver() { return (.interrupted, nil) }
            var remaining = request.count.map { $0 - tally.read } ?? .max
            if remaining <= 0 { return (.counted, nil) }
            var before = tally
            if isTurn {
                _ = consumer.pollBatch(max: batchSize, timeout: .milliseconds(100)) { batch in
                    // A rebalance inside the poll is over by now.
                    before = tally
                    batch.forEach { take($0, &remaining) }
                }
                nextTurn = pacer?.next(after: tally.read - before.read)
            }
            if !buffer.isEmpty {
                guard output.writeRecords(buffer) else {
                    // What nobody has seen is not committed.
                    tally = before
                    return (.readerGone, nil)
                }
                buffer.removeAll(keepingCapacity: true)
                // Nothing can come while a reader takes its time.
                lastMove = .now
            }
            if output.isReaderGone { return (.readerGone, nil) }
            if isOutOfRange { goBackIntoRange(consumer) }
            if let failure { return (.interrupted, kafka.diagnostic(failure)) }
            if remaining <= 0 { return (.counted, nil) }
            if isAtEnd { return (.atEnd, nothingToRead()) }
            if ContinuousClock.now - lastCommit >= Self.commitInterval {
                commit(consumer)
                lookForChanges(consumer)
            }
            if let trouble = lookIfSilent() { return (.interrupted, trouble) }
        }
    }

    /// How many records may come at once.
    private var batchSize: Int {
        guard let rate = request.rate else { return Self.batchSize }
        return Int(min(Double(Self.batchSize), max(1, rate * (Self.burst / .seconds(1)))))
    }

    /// Whether the rate allows another record; waits a little where it does not.
    private var isTurn: Bool {
        guard let nextTurn, nextTurn > .now else { return true }
        Pause.block(min(nextTurn - .now, .milliseconds(50)))
        return nextTurn <= .now
    }

    private func take(_ event: borrowing ConsumedEvent, _ remaining: inout Int) {
        switch event {
        case .record(let record):
            guard remaining > 0 else { return }
            remaining -= 1
            request.format.append(
                record, topic: request.topics[record.topicIndex], showsTopic: request.topics.count > 1,
                onTerminal: request.isOnTerminal, to: &buffer)
            tally.count(topic: record.topicIndex, partition: record.partition, offset: record.offset)
            silentSince = nil
            lastMove = .now
        case .endOfPartition(let topic, let partition, let offset):
            guard remaining > 0 else { return }
            tally.reachEnd(topic: topic, partition: partition, offset: offset)
            lastMove = .now
        case .error(let error):
            guard !TransientErrors.contains(error) else {
                if Self.saysMissing(error) { looksSoon = true }
                return
            }
            if error.name == "_AUTO_OFFSET_RESET" || error.name == "OFFSET_OUT_OF_RANGE" {
                isOutOfRange = true
            } else if error.isFatal || Self.isFinal(error) {
                failure = failure ?? error
            } else {
                output.warn("\(error.name): \(error.plainReason)")
            }
        }
    }

    /// Ends the session with this error.
    func fail(_ error: KafkaError) {
        failure = failure ?? error
    }

    /// Whether all was read that was there at the beginning. Who owns nothing waits a moment for partitions that others are giving up.
    private var isAtEnd: Bool {
        request.exitsAtEnd && hasAssignment && tally.isAtTargets
            && (!tally.owned.isEmpty || ContinuousClock.now - lastMove >= Self.silence)
    }

    /// Whether trying again cannot help.
    private static func isFinal(_ error: KafkaError) -> Bool {
        error.name.hasSuffix("AUTHORIZATION_FAILED")
            || [
                "INCONSISTENT_GROUP_PROTOCOL", "INVALID_SESSION_TIMEOUT", "INVALID_GROUP_ID",
                "GROUP_MAX_SIZE_REACHED",
            ].contains(error.name)
    }

    /// Something changed; if nothing comes after it, somebody should look why.
    func moved() {
        silentSince = .now
        lastMove = .now
    }

    /// Says once after each change why nothing comes; returns what ends a session that waits for an end in vain.
    private func lookIfSilent() -> Diagnostic? {
        if request.exitsAtEnd, ContinuousClock.now - lastMove >= kafka.timeout {
            return diagnoseSilence().diagnostic(waited: kafka.address.timeoutText)
        }
        guard let since = silentSince, ContinuousClock.now - since >= Self.silence else { return nil }
        silentSince = nil
        // Who has read something knows that there was something.
        guard tally.read == 0 || tally.owned.isEmpty else { return nil }
        if let reason = diagnoseSilence().reason { output.say("nothing to read: \(reason)") }
        return nil
    }

    /// Why a session that ends at the end has read nothing; nil where it has.
    private func nothingToRead() -> Diagnostic? {
        guard tally.read == 0, let reason = diagnoseSilence().reason else { return nil }
        return Diagnostic(.warning, "nothing to read: \(reason)")
    }

    // MARK: - Committing

    /// Commits what was shown; a failure is told and costs nothing but records that are read again.
    func commit(_ consumer: Consumer) {
        lastCommit = .now
        guard request.group != nil, request.commits, !tally.uncommitted.isEmpty else { return }
        let gone = committedOffsetsGone(consumer)
        if !gone.isEmpty { lastLook = .now - .seconds(3600) }
        let offsets = tally.uncommitted.filter { !gone.contains($0.topicPartition) }
        guard !offsets.isEmpty else { return }
        do {
            // Beside a silent cluster reading goes on, or would.
            let patience = leaving ?? kafka.patience(min(kafka.timeout, .seconds(5)))
            try consumer.commit(offsets, timeout: patience.remaining) { patience.isOver || isWaitOver }
            for offset in offsets {
                tally[offset.topicPartition].committed = offset.offset
                tally[offset.topicPartition].isCommitted = true
            }
            if request.isVerbose { output.say(text.committed(offsets)) }
        } catch {
            // A rebalance under way takes the partitions, and with them the commit, another way.
            if error.isCancelled {
                if leaving != nil { output.warn(text.notCommitted(kafka.watch.sentence ?? "no answer")) }
            } else if !TransientErrors.contains(error) || isLeaving {
                output.warn(text.notCommitted("\(error.name): \(error.reason)"))
            }
        }
    }
}

// MARK: - Topics

/// What is asked before anything is read, and after.
extension ConsumeSession {
    /// All partitions that are meant, once every topic is there.
    func waitForTopics() throws -> [TopicPartition] {
        var told: [String] = []
        let deadline = ContinuousClock.now + kafka.timeout
        let isBounded = request.exitsAtEnd || request.group == nil
        while true {
            let topics = try kafka.attempt { try $0.metadata(topics: request.topics, timeout: kafka.timeout).topics }
            let missing = topics.filter { $0.error?.name == "UNKNOWN_TOPIC_OR_PART" }.map(\.name)
            if let error = topics.lazy.compactMap(\.error).first(where: {
                $0.name != "UNKNOWN_TOPIC_OR_PART" && !$0.isRetriable
            }) {
                throw kafka.diagnostic(error)
            }
            if missing.isEmpty, topics.allSatisfy({ $0.error == nil && !$0.partitions.isEmpty }) {
                return try chosen(of: topics)
            }
            if !missing.isEmpty {
                let absence = try kafka.missingTopic(missing[0])
                if isBounded || !absence.isKnown { throw absence.diagnostic }
                if missing != told { output.say(text.waits(forTopics: missing, guess: absence.guess)) }
                told = missing
                kafka.waits.end()
            } else if let topic = topics.first(where: { $0.error != nil || $0.partitions.isEmpty }) {
                if isBounded, ContinuousClock.now > deadline {
                    throw Diagnostic(.runtime, text.notReady(topic.name, topic.error))
                }
                if told != [topic.name] { output.say(text.notReady(topic.name, topic.error)) }
                told = [topic.name]
            }
            try kafka.pause(.milliseconds(500))
        }
    }

    private func chosen(of topics: [ClusterMetadata.Topic]) throws -> [TopicPartition] {
        for topic in topics {
            let numbers = topic.partitions.map(\.id)
            if let absent = request.partitions.first(where: { !numbers.contains($0) }) {
                throw Diagnostic.missingPartition(absent, of: topic.name, having: numbers)
            }
        }
        return topics.flatMap { topic in
            topic.partitions.map { TopicPartition(topic.name, $0.id) }
                .filter { request.partitions.isEmpty || request.partitions.contains($0.partition) }
        }
    }

    func outcome(_ end: ConsumeSummary.End, _ trouble: Diagnostic?) -> ConsumeSummary {
        let seen = tally.all { $0.wasOwned || $0.read > 0 }
        let timeout = min(kafka.timeout, .seconds(5))
        // What is gone by now has no offsets.
        let partitions = (try? present(seen.map(\.0), timeout: timeout)) ?? seen.map(\.0)
        // Without them the table has question marks; why was told before.
        let ends = (try? kafka.admin.endOffsets(partitions, timeout: timeout)) ?? [:]
        let firsts = (try? kafka.admin.beginningOffsets(partitions, timeout: timeout)) ?? [:]
        let committed = request.group.flatMap {
            try? kafka.admin.groupOffsets($0, partitions: partitions, timeout: timeout)
        }
        let rows = seen.map { name, partition in
            ConsumeSummary.Row(
                partition: name, read: partition.read,
                committed: committed.map { $0[name] } ?? partition.committed, end: ends[name], first: firsts[name])
        }
        return ConsumeSummary(
            end: end, trouble: trouble, group: request.group, rows: rows, topics: request.topics, read: tally.read)
    }

    /// Looks why nothing comes.
    func diagnoseSilence() -> SilenceDiagnosis {
        SilenceDiagnosis(self)
    }
}
