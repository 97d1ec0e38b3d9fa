import KrunChecks
import KrunConnection
import KrunDiagnostics
import KrunJSON
import KrunKafka
import KrunOutcome
import KrunPatterns
import KrunPlanning
import KrunScenario

/// Runs one `produce` step: one producer, one thread that sends and serves the delivery reports in turn.
struct ProduceExecution: StepExecution {
    let step: Step
    let produce: ProduceStep
    let run: ScenarioRun

    /// How many messages are sent between two looks at the delivery reports.
    private static let stride = 512
    /// The same in bytes, for large ones.
    private static let strideBytes = 1 << 20
    /// Of messages that are handed over together; more would only leave the processor's cache.
    private static let batchBytes = 128 << 10

    func execute() -> StepResult {
        let clock = Deadline(after: run.scenario.timeouts.deliver + produce.pacedDuration)
        let ledger = run.ledger.beginProduce(
            topic: run.topicIndex(produce.topic), partitioner: produce.partitioner, acks: produce.acks,
            keeping: KeptValues(for: produce.expect, topic: produce.topic))
        var reports = ReportCount(records: RecordWatch(for: produce))
        var stopped: RunStop?
        var live: LiveProducer?
        var failure: KafkaError?
        var fate: TransactionFate?
        var sending = clock
        do throws(RunStop) {
            let (producer, topic) = try open()
            live = producer
            sending = Deadline(after: .zero)
            do throws(RunStop) {
                failure = try begin(producer, ledger)
                if failure == nil {
                    waitForReports(ledger, "delivering")
                    reports.standing = producer.standing
                    try send(with: producer.producer, to: topic, ledger: ledger, deadline: clock, reports: &reports)
                    try awaitReports(of: producer.producer, ledger: ledger, deadline: clock, reports: &reports)
                    let transaction = producer.transaction
                    // What is not all there is aborted at the end of the run.
                    if reports.reported >= UInt64(produce.count) { failure = try end(producer) }
                    fate = transaction.map { run.ledger.transactionState($0) }
                }
            } catch {
                // What was sent is told all the same, as far as it is known.
                if case .trouble = error {
                    try awaitReports(of: producer.producer, ledger: ledger, deadline: clock, reports: &reports)
                }
                serve(producer.producer, ledger, timeout: .milliseconds(100), &reports)
                throw error
            }
        } catch {
            stopped = error
        }
        if let live, produce.producer == nil, live.transaction != nil { run.producers.keep(live) }
        var outcome = outcome(ledger, sending: sending.elapsed, duration: clock.elapsed)
        outcome.producer = produce.producer
        outcome.transaction = fate
        outcome.failed(with: failure?.name)
        let standing = live?.standing
        let records = reports.records
        var result = StepResult { [outcome, allow = step.allow] in
            let invariants = ledger.conclude(allow: allow, standing: standing)
            var outcome = outcome
            outcome.movedKeys = ledger.movedKeys
            outcome.singleRecords = records?.records
            var conclusion = StepResult.Conclusion(result: .produce(outcome), invariants: invariants)
            if let records {
                conclusion.failures += Judge.judge(
                    records: records, of: step, stepCount: run.scenario.numberedSteps,
                    patterns: PatternBudget { [interruption = run.interruption] in interruption.isRequested })
            }
            return conclusion
        }
        if let stopped {
            if case .trouble(let trouble) = stopped { result.trouble = trouble }
            result.isInterrupted = run.interruption.isRequested
            return result
        }
        result.trouble = trouble(outcome, failure, isUnknown: UInt64(produce.count) > reports.reported, clock, live)
        return result
    }

    /// What the step is not meant to have failed with.
    private func trouble(
        _ outcome: ProduceOutcome, _ failure: KafkaError?, isUnknown: Bool, _ clock: Deadline, _ live: LiveProducer?
    ) -> Diagnostic? {
        if let failure {
            // That nobody answered is no error of Kafka's.
            guard produce.expect.error == nil || failure.isCancelled else { return nil }
            return run.transactionTrouble(failure, of: live?.name ?? "of step \(step.path)", step: step)
        }
        let isExpected =
            (produce.expect.failed != nil || produce.expect.error != nil) && run.cluster.refusal.isEmpty
        return isUnknown || (outcome.failed > 0 && !isExpected) ? undelivered(outcome, deadline: clock) : nil
    }

    private func outcome(_ ledger: ProduceLedger, sending: Duration, duration: Duration) -> ProduceOutcome {
        var outcome = ledger.outcome(duration: duration)
        outcome.rate = Rate.perSecond(outcome.messages, in: sending)
        outcome.namesPartitions = produce.namedPartitions > 0
        if produce.count > 0, produce.namedPartitions == produce.count { outcome.partitioner = nil }
        return outcome
    }

    /// A producer that knows the topic's leaders.
    private func open() throws(RunStop) -> (LiveProducer, ProducerTopic) {
        run.wait("looking for the topic's leaders", step: step)
        do {
            let live = try run.producer(of: produce, step: step)
            let topic = try live.producer.topic(
                run.actualName(produce.topic), partitioner: produce.partitioner.librdkafkaName)
            try live.producer.waitForMetadata(
                topic, partitions: run.ownPartitionCount(produce.topic), timeout: run.scenario.timeouts.connect)
            return (live, topic)
        } catch {
            throw run.trouble("cannot produce to \(produce.topic)", error, step: step)
        }
    }

    private func waitForReports(_ ledger: ProduceLedger, _ what: String) {
        let count = produce.count
        run.wait(what, step: step) {
            let failed = ledger.failures == 0 ? "" : ", \(ledger.failures) failed"
            return "\(ledger.messages) of \(count) messages acknowledged\(failed)"
        } amount: {
            .init(done: ledger.messages + ledger.failures, total: count, failed: ledger.failures)
        }
    }

    /// Places what goes to one partition after the other.
    private struct Turns {
        let partitioner: Partitioner
        let partitions: Int
        private var count: Int64 = 0

        init(partitioner: Partitioner, partitions: Int) {
            self.partitioner = partitioner
            self.partitions = max(1, partitions)
        }

        var isTaken: Bool { !partitioner.isOfLibrdkafka }

        /// nil for a message that takes no turn.
        mutating func next(_ source: borrowing MessageSource) -> Int32? {
            guard source.placedByPartitioner, partitioner.takesTurns(key: source.key.count == nil ? nil : []) else {
                return nil
            }
            defer { count += 1 }
            return Int32(count % Int64(partitions))
        }
    }

    struct ReportCount {
        var sent: UInt64 = 0
        var reported: UInt64 = 0
        /// Of the producer; nil where it has no transactions.
        var standing: ProducerStanding?
        /// What is asked of single records; nil where nothing is.
        var records: RecordWatch?
    }

    /// Sends every message; stops early when time is up.
    private func send(
        with producer: Producer, to topic: ProducerTopic, ledger: ProduceLedger, deadline: Deadline,
        reports: inout ReportCount
    ) throws(RunStop) {
        var generator: SeededGenerator? = SeededGenerator(seed: step.path.seed(from: run.seed))
        let batch = MessageBatch(messages: Self.stride, bytes: Self.batchBytes)
        var pace = produce.rate.map { Pace(rate: $0) }
        var turns = Turns(partitioner: produce.partitioner, partitions: run.partitionCount(produce.topic))
        for template in produce.messages {
            guard try hasTime(deadline, producer) else { return }
            var source = MessageSource(template, drawing: &generator)
            var unchecked = 0
            let constantHeaders = source.hasConstantHeaders ? headers(of: source) : nil
            for index in 0..<Int64(template.count) {
                while let wait = pace?.takeTurn() {
                    guard try send(batch, producer, topic, ledger, deadline, &reports) else { return }
                    serve(producer, ledger, timeout: min(wait, .milliseconds(50)), &reports)
                    guard try hasTime(deadline, producer) else { return }
                }
                if source.usesTime { source.time = WallClock.millisecondsSince1970() }
                do {
                    try source.render(index: index)
                } catch {
                    throw .trouble(run.unrenderable(error, template: template, step: step))
                }
                guard run.takesBytes(source.size) else {
                    _ = try send(batch, producer, topic, ledger, deadline, &reports)
                    throw .trouble(run.tooManyBytes(template, step: step))
                }
                let turn = turns.isTaken ? turns.next(source) : nil
                if source.isPlain, turn == nil {
                    if gather(source, in: batch, after: reports.sent) { continue }
                    guard try send(batch, producer, topic, ledger, deadline, &reports) else { return }
                    if gather(source, in: batch, after: reports.sent) { continue }
                }
                // Larger than a batch, or one that a batch cannot hold; those before it go first.
                guard try send(batch, producer, topic, ledger, deadline, &reports) else { return }
                let recordHeaders = constantHeaders ?? headers(of: source)
                while try !handOver(source, turn, recordHeaders, producer, topic, ledger, &reports) {
                    if producer.outstanding == 0 {
                        refuse(source, ledger, errorName: "_QUEUE_FULL", &reports)
                        break
                    }
                    // Blocks on the queue until reports make room.
                    serve(producer, ledger, timeout: .milliseconds(100), &reports)
                    guard try hasTime(deadline, producer) else { return }
                }
                unchecked += source.size
                if reports.sent % UInt64(Self.stride) == 0 || unchecked > Self.strideBytes {
                    unchecked = 0
                    serve(producer, ledger, timeout: .zero, &reports)
                    guard try hasTime(deadline, producer) else { return }
                }
            }
            guard try send(batch, producer, topic, ledger, deadline, &reports) else { return }
        }
    }

    /// Puts a message behind those that are to be sent together; false when there is no room for it.
    private func gather(_ source: borrowing MessageSource, in batch: MessageBatch, after sent: UInt64) -> Bool {
        let tag = UInt(sent + UInt64(batch.count)) << 1 | 1
        return source.key.withBytes { key in
            source.value.withBytes { value in batch.add(key: key, value: value, tag: tag) }
        }
    }

    /// Sends what was gathered and serves reports meanwhile; false when time is up.
    private func send(
        _ batch: MessageBatch, _ producer: Producer, _ topic: ProducerTopic, _ ledger: ProduceLedger,
        _ deadline: Deadline, _ reports: inout ReportCount
    ) throws(RunStop) -> Bool {
        guard batch.count > 0 else { return true }
        var refused: UInt64 = 0
        func refuse(_ message: borrowing MessageBatch.Refusal) {
            ledger.failed(
                sequence: UInt64(message.tag >> 1), errorName: message.errorName, key: message.key,
                value: message.value, isRefusedByClient: true)
            refused += 1
        }
        while true {
            if reports.standing?.isFenced == true { ledger.fenced(from: reports.sent) }
            reports.sent += UInt64(producer.send(batch, to: topic, refused: refuse))
            let isAlone = batch.count > 0 && producer.outstanding == 0
            if isAlone {
                // Larger than the queue, and so never taken.
                batch.refuseFirst(refuse)
                reports.sent += 1
            }
            reports.reported += refused
            refused = 0
            // Blocks on the queue until reports make room.
            let waits = batch.count > 0 && !isAlone
            serve(producer, ledger, timeout: waits ? .milliseconds(100) : .zero, &reports)
            guard try hasTime(deadline, producer) else { return false }
            if batch.count == 0 { return true }
        }
    }

    /// Returns false when the queue is full.
    private func handOver(
        _ source: MessageSource, _ turn: Int32?, _ headers: RecordHeaders?, _ producer: Producer,
        _ topic: ProducerTopic,
        _ ledger: ProduceLedger, _ reports: inout ReportCount
    ) throws(RunStop) -> Bool {
        let sequence = reports.sent
        if reports.standing?.isFenced == true { ledger.fenced(from: sequence) }
        let tag = UInt(sequence) << 1 | (source.placedByPartitioner ? 1 : 0)
        do {
            let sent = try source.key.withBytes { (key) throws(KafkaError) in
                try source.value.withBytes { (value) throws(KafkaError) in
                    try producer.send(
                        to: topic, partition: source.partition ?? turn ?? -1, key: key, value: value,
                        timestamp: source.timestamp, headers: headers, tag: tag)
                }
            }
            if sent == .queueFull { return false }
        } catch {
            // It can never be sent: as good as refused by the broker.
            refuse(source, ledger, errorName: error.name, &reports)
            return true
        }
        reports.sent += 1
        return true
    }

    /// Notes a message that librdkafka never takes: alone it is larger than the queue, or than a message may be.
    private func refuse(
        _ source: MessageSource, _ ledger: ProduceLedger, errorName: String, _ reports: inout ReportCount
    ) {
        source.key.withBytes { key in
            source.value.withBytes { value in
                ledger.failed(
                    sequence: reports.sent, errorName: errorName, key: key, value: value, isRefusedByClient: true)
            }
        }
        reports.reported += 1
        reports.sent += 1
    }

    func hasTime(_ deadline: Deadline, _ producer: Producer) throws(RunStop) -> Bool {
        if run.interruption.isRequested {
            producer.purge()
            throw .interrupted
        }
        // What is refused for good would be tried again until time is up.
        return !deadline.hasPassed && run.cluster.refusal.isEmpty
    }

    private func undelivered(_ outcome: ProduceOutcome, deadline: Deadline) -> Diagnostic {
        let total = produce.count
        let names = outcome.errorsByOrigin.map { "\($0.count) × \($0.name)" }.joined(separator: ", ")
        let untold = total - outcome.messages - outcome.failed
        let parts =
            ["\(outcome.messages) acknowledged"] + (names.isEmpty ? [] : [names])
            + (untold > 0 ? ["\(untold) not sent or without an answer"] : [])
        var notes = ["after \(deadline.elapsed.formattedForPeople): \(parts.joined(separator: ", "))"]
        if deadline.hasPassed || outcome.errors["_MSG_TIMED_OUT"] != nil {
            notes.append("timeouts.deliver is \(run.scenario.timeouts.deliver.formattedForPeople)")
        }
        if outcome.tooLarge.forClient { notes.append(Hints.tooLargeForClient) }
        if outcome.tooLarge.forBroker { notes.append(Hints.tooLargeForBroker) }
        let refusal = run.cluster.refusal
        if outcome.errors["_QUEUE_FULL"] != nil { notes.append(Self.tooLargeForQueue) }
        notes += refusal + run.recentTrouble()
        if untold == 0, refusal.isEmpty {
            notes.append("a step that is meant to fail says so: \"expect\": { \"failed\": \(outcome.failed) }")
        }
        return run.diagnostic(
            .runtime, "\(total - outcome.messages) of \(total) messages to \(produce.topic) were not acknowledged",
            step: step, notes: notes)
    }

    private static let tooLargeForQueue =
        "_QUEUE_FULL: a message alone is larger than librdkafka's queue (queue.buffering.max.kbytes)"

    private func headers(of source: MessageSource) -> RecordHeaders? {
        guard !source.headers.isEmpty else { return nil }
        return RecordHeaders(
            source.headers.map { header in
                RecordHeader(header.key, header.value.withBytes { $0.map { Array($0) } })
            })
    }
}
