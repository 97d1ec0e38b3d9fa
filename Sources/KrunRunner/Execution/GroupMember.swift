import KrunChecks
import KrunConnection
import KrunKafka
import KrunScenario

/// One consumer of a `consume` step on a thread of its own: a member of the group, or the only reader without one.
///
/// The thread that runs `run()` is the one that every callback of the consumer comes on.
final class GroupMember: ConsumerDelegate {
    struct Task: Sendable {
        /// 0-based.
        let member: Int
        let consume: ConsumeStep
        let plan: ConsumePlan
        let properties: ClientProperties
        let log: ClientLog
        let state: ConsumeState
        let ledger: ConsumeLedger
        let interruption: Interruption
        let watch: ClusterWatch?
        /// How records are fetched while reading; until then always one by one.
        let mode: ConsumingMode
        /// When the budget of reading runs out; committing to a silent cluster is not given up before.
        let end: @Sendable () -> ContinuousClock.Instant?

        func patience(_ budget: Duration, earliest: ContinuousClock.Instant? = nil) -> Patience {
            Patience(budget: budget, earliest: earliest, watch: watch, interruption: interruption)
        }
    }

    private let task: Task
    /// nil to read as fast as records come.
    private var pace: Pace?
    /// How many it has read.
    private var records = 0

    private init(_ task: Task) {
        self.task = task
    }

    /// Runs until the step's phase says `leaving`; a trouble is told to the state.
    static func run(_ task: Task) {
        let member = GroupMember(task)
        do {
            try member.run()
        } catch {
            task.state.fail(error)
        }
    }

    private func run() throws(KafkaError) {
        let consumer = try Consumer(properties: task.properties, log: task.log)
        defer {
            let patience = task.patience(Budget.leave)
            consumer.close(timeout: Budget.leave) { patience.isOverOrHurried }
        }
        if task.consume.group == nil {
            try consumer.assign(
                task.plan.all.map { TopicPartitionOffset($0.topic, $0.partition, start(of: $0)) })
        } else {
            consumer.startsPaused = true
            consumer.partitionCounts = Dictionary(
                zip(task.plan.topics, task.plan.partitionCounts), uniquingKeysWith: { $1 })
            try consumer.subscribe(task.plan.topics, delegate: self)
            // One by one until the group is stable: see ConsumingMode.
            while task.state.phase == .joining {
                poll(consumer, .oneByOne, timeout: patience)
            }
            consumer.startsPaused = false
            if task.state.phase == .reading { try consumer.resume(Array(consumer.owned.keys)) }
        }
        pace = task.consume.rate.map { Pace(rate: $0) }
        while task.state.phase == .reading { read(consumer) }
        if task.state.phase == .committing { commit(consumer) }
        while task.state.phase == .committing { poll(consumer, .oneByOne, timeout: patience) }
    }

    /// How long a poll may last, and with it how late a member notices that the step goes on: longer for many, which share the processors.
    private var patience: Duration { .milliseconds(min(10, task.consume.members)) }

    // MARK: Reading

    private func read(_ consumer: Consumer) {
        guard let wait = pace?.takeTurn() else {
            let before = records
            poll(consumer, pace == nil ? task.mode : .oneByOne, timeout: patience)
            if records == before { pace?.giveBack() }
            return
        }
        pace?.wait(wait)
    }

    private func poll(_ consumer: Consumer, _ mode: ConsumingMode, timeout: Duration) {
        switch mode {
        case .oneByOne:
            _ = consumer.pollOne(timeout: timeout) { event in
                take { body in body(event) }
            }
        case .batches:
            _ = consumer.pollBatch(max: ConsumingMode.batchSize, timeout: timeout) { batch in
                take { body in batch.forEach(body) }
            }
        }
    }

    /// Notes the events that `each` goes through, under one lock.
    private func take(_ each: ((borrowing ConsumedEvent) -> Void) -> Void) {
        task.state.withLock { shared in
            // Outside these phases records are not read any more: they are left to the next reader of the group.
            let isReading = shared.phase == .joining || shared.phase == .reading
            var remaining = isReading ? shared.progress.remainingMessages ?? .max : 0
            var taken = 0
            task.ledger.withBatch(member: task.member) { ledger in
                each { event in
                    switch event {
                    case .record(let record):
                        guard remaining > 0, task.plan.has(record.topicIndex, record.partition) else { return }
                        remaining -= 1
                        taken += 1
                        ledger.record(
                            topic: record.topicIndex, partition: record.partition, offset: record.offset,
                            key: record.key, value: record.value)
                        shared.progress.advance(
                            topic: record.topicIndex, partition: Int(record.partition), to: record.offset + 1)
                    case .endOfPartition(let topic, let partition, let offset):
                        guard remaining > 0, task.plan.has(topic, partition) else { return }
                        shared.progress.advance(topic: topic, partition: Int(partition), to: offset)
                    case .error(let error):
                        if !TransientErrors.contains(error) { shared.error = shared.error ?? error }
                    }
                }
            }
            records += taken
            if taken > 0 {
                shared.progress.count(messages: taken)
                shared.lastRecord = .now
            }
            if shared.error != nil || (shared.phase == .reading && shared.progress.isSatisfied(quiet: .zero)) {
                task.state.notify()
            }
        }
    }

    // MARK: Committing

    private func commit(_ consumer: Consumer) {
        if task.consume.commit == .end {
            let patience = task.patience(Budget.commit, earliest: task.end())
            while true {
                do {
                    let offsets = reached(Array(consumer.owned.keys))
                    try consumer.commit(offsets, timeout: patience.remaining) { isToStop(patience) }
                    noteCommitted(offsets)
                    break
                } catch {
                    // That time is up the step says itself, with what is known of it.
                    if isToStop(patience) { return }
                    guard error.isRetriable || TransientErrors.isRebalance(error) else {
                        task.state.fail(error)
                        return
                    }
                    // A refusal may come at once, and so would the next.
                    poll(consumer, .oneByOne, timeout: .milliseconds(20))
                    // A rebalance has begun: what is owned when it is over is committed then.
                    repeat {
                        poll(consumer, .oneByOne, timeout: .milliseconds(50))
                    } while !task.state.withLock({ $0.group.isStable }) && !isToStop(patience)
                        && task.state.phase == .committing
                }
            }
        }
        task.state.withLock { $0.committedMembers += 1 }
        task.state.notify()
    }

    private func isToStop(_ patience: Patience) -> Bool {
        task.interruption.isRequested || patience.isOver
    }

    private func noteCommitted(_ offsets: [TopicPartitionOffset]) {
        let indexes = offsets.map { task.plan.index(of: $0.topicPartition) }
        task.state.withLock { shared in
            for (offset, index) in zip(offsets, indexes) {
                if let index { shared.committed[index.topic][index.partition] = offset.offset }
            }
        }
    }

    /// Where the step stands in these partitions. Like the Java client's `commitSync()` this is committed also where nothing was
    /// read: 0 in an empty partition.
    private func reached(_ partitions: [KrunKafka.TopicPartition]) -> [TopicPartitionOffset] {
        let indexes = partitions.map { ($0, task.plan.index(of: $0)) }
        return task.state.withLock { shared in
            indexes.compactMap { partition, index in
                guard let index else { return nil }
                return TopicPartitionOffset(
                    partition.topic, partition.partition, shared.progress.positions[index.topic][index.partition])
            }
        }
    }

    // MARK: ConsumerDelegate

    var isWaitOver: Bool { task.interruption.isRequested }

    func startOffsets(for partitions: [KrunKafka.TopicPartition], consumer: Consumer) -> [Int64] {
        partitions.map { start(of: $0) }
    }

    func didAssign(_ partitions: [KrunKafka.TopicPartition], consumer: Consumer) {
        let generation = consumer.generation
        let id = consumer.memberID
        // Partitions that were added after the step began are not its own.
        let known = partitions.filter { task.plan.index(of: $0) != nil }
        task.state.withLock {
            task.ledger.assigned(member: task.member, indexes(of: known))
            if let id { $0.memberIDs.insert(id) }
            $0.group.assigned(member: task.member, known, generation: generation >= 0 ? generation : nil)
        }
        task.state.notify()
    }

    func willRevoke(_ partitions: [TopicPartitionOffset], lost: Bool, consumer: Consumer) {
        let revoked = partitions.map(\.topicPartition)
        if task.consume.commit == .end, !lost, task.state.phase == .reading {
            let offsets = reached(revoked)
            if !offsets.isEmpty {
                // The next owner is told the position by the step itself; the commit is for members that are not ours.
                let patience = task.patience(Budget.revocation)
                let isCommitted: ()? = try? consumer.commit(offsets, timeout: Budget.revocation) { isToStop(patience) }
                if isCommitted != nil { noteCommitted(offsets) }
            }
        }
        task.state.withLock {
            task.ledger.revoked(member: task.member, indexes(of: revoked))
            $0.group.revoked(member: task.member, revoked)
        }
        task.state.notify()
    }

    private func indexes(of partitions: [KrunKafka.TopicPartition]) -> [KrunChecks.TopicPartition] {
        partitions.compactMap { partition in
            task.plan.index(of: partition).map { .init(topic: $0.topic, partition: partition.partition) }
        }
    }

    /// Where this step stands in a partition, whoever read it so far: `from` is applied once per partition and step.
    private func start(of partition: KrunKafka.TopicPartition) -> Int64 {
        guard let index = task.plan.index(of: partition) else { return LogicalOffset.stored }
        return task.state.withLock { $0.progress.positions[index.topic][index.partition] }
    }
}

/// How a consumer fetches records from librdkafka.
///
/// Batches are faster, but in 2.0.x a batch may hold records from before and after a rebalance that ran inside the
/// call; `Consumer` drops what is not owned, and until a group is stable members poll one by one.
enum ConsumingMode: Sendable {
    case oneByOne
    case batches

    static let batchSize = 2_000
}
