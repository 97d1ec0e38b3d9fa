import KrunChecks
import KrunConnection
import KrunKafka
import KrunOutcome
import KrunPatterns
import KrunScenario

/// What a consume step asks of one of the members that read for it.
struct ReadingTask: Sendable {
    /// Its number in the step, from 0 on.
    let member: Int
    let consume: ConsumeStep
    let plan: ConsumePlan
    let state: ConsumeState
    let ledger: ConsumeLedger
    /// How records are fetched while reading; until then always one by one.
    let mode: ConsumingMode
    /// Whether the member remains in its group when the step ends.
    let stays: Bool
    /// How many partitions each topic of the plan has by now, or is about to have; of topics that others may change, as many as the plan knows.
    let partitionCount: @Sendable (_ topic: Int) -> Int
    /// Whether somebody wants the end.
    var isOver: @Sendable () -> Bool = { false }
    /// Tells what happens; nil where nobody listens.
    var events: EventTeller?
    var step: StepPath?
    /// As it is told who reads.
    var reader = RunEvent.Member(group: nil, name: nil)
    /// How long a poll may last, and with it how late a member notices that the step goes on: longer for many, which share the processors.
    let patience: Duration

    /// Where the step stands in a partition, whoever read it so far: `from` is applied once per partition and step.
    func start(of partition: TopicPartition) -> Int64 {
        guard let topic = plan.topics.firstIndex(of: partition.topic) else { return LogicalOffset.stored }
        return state.withLock { shared in
            guard shared.progress.has(topic, partition.partition) else { return LogicalOffset.stored }
            return shared.progress.positions[topic][Int(partition.partition)]
        }
    }

    /// Whether the step reads the partition: also one that was added to a topic of the scenario's after it began, from the first record on.
    func adopts(_ partition: TopicPartition) -> Bool {
        guard let topic = plan.topics.firstIndex(of: partition.topic), partition.partition >= 0 else { return false }
        if plan.has(topic, partition.partition) { return true }
        let count = partitionCount(topic)
        guard partition.partition < count else { return false }
        // Before anything is read from it.
        ledger.grow(topic: topic, to: count)
        state.withLock { $0.grow(topic: topic, to: count) }
        return true
    }

    /// Where the step stands in these partitions. Like the Java client's `commitSync()` this is committed also where nothing was
    /// read: 0 in an empty partition.
    func reached(_ partitions: [TopicPartition]) -> [TopicPartitionOffset] {
        let indexes = partitions.map { ($0, index(of: $0)) }
        return state.withLock { shared in
            indexes.compactMap { partition, index in
                guard let index, shared.progress.has(index.topic, partition.partition) else { return nil }
                return TopicPartitionOffset(
                    partition.topic, partition.partition, shared.progress.positions[index.topic][index.partition])
            }
        }
    }

    func noteCommitted(_ offsets: [TopicPartitionOffset]) {
        events?.committed(offsets, by: reader, of: step)
        let indexes = offsets.map { index(of: $0.topicPartition) }
        state.withLock { shared in
            for (offset, index) in zip(offsets, indexes) {
                if let index, shared.progress.has(index.topic, offset.partition) {
                    shared.committed[index.topic][index.partition] = offset.offset
                }
            }
        }
    }

    func indexes(of partitions: [TopicPartition]) -> [StepPartition] {
        partitions.compactMap { partition in
            index(of: partition).map { .init(topic: $0.topic, partition: partition.partition) }
        }
    }

    /// Of a partition that the step reads, or would read if it were there.
    private func index(of partition: TopicPartition) -> (topic: Int, partition: Int)? {
        guard let topic = plan.topics.firstIndex(of: partition.topic), partition.partition >= 0,
            plan.has(topic, partition.partition) || partition.partition < partitionCount(topic)
        else { return nil }
        return (topic, Int(partition.partition))
    }

    /// Whether an error is one that the member recovers from.
    ///
    /// - Parameter wasStalled: whether it was told not to poll, so that it may have been thrown out for it.
    static func isPassing(_ error: KafkaError, wasStalled: Bool) -> Bool {
        TransientErrors.contains(error) || (wasStalled && error.name == "_MAX_POLL_EXCEEDED")
    }

    /// What the step asks of single records.
    private func look(
        at record: ConsumedRecord, _ watch: inout RecordWatch, _ progress: inout ReadingProgress,
        _ remaining: inout Int, within budget: PatternBudget
    ) {
        withUnsafePointer(to: record) { source in
            watch.see(
                RecordView(
                    topic: consume.topics[record.topicIndex], partition: record.partition, offset: record.offset,
                    timestamp: record.timestamp, key: record.key, value: record.value,
                    source: UnsafeRawPointer(source),
                    headers: {
                        $0.assumingMemoryBound(to: ConsumedRecord.self).pointee.headers.map {
                            .init(key: $0.key, value: $0.value)
                        }
                    }), within: budget)
        }
        guard watch.endsTheStep else { return }
        progress.matching = watch.matching
        guard watch.isSatisfied, !progress.hasMatched else { return }
        progress.hasMatched = true
        // What comes after it is left to the next reader of the group.
        if !progress.readsOn { remaining = 0 }
    }

    private func tell(_ events: EventTeller, _ record: ConsumedRecord) {
        events.tell(
            .read(
                RecordOutcome(
                    topic: consume.topics[record.topicIndex], partition: record.partition, offset: record.offset,
                    timestamp: record.timestamp, key: record.key.map { Array($0) },
                    value: record.value.map { Array($0) },
                    headers: record.headers.map { .init(key: $0.key, value: $0.value) }), by: reader), of: step)
    }

    /// Notes the events that `each` goes through, under one lock; returns how many records it took.
    ///
    /// - Parameter isLost: whether others may own the partitions, so that nothing is to be read from them.
    func take(isLost: Bool, wasStalled: Bool, _ each: ((borrowing ConsumedEvent) -> Void) -> Void) -> Int {
        let now = WallClock.millisecondsSince1970()
        return state.withLock { shared in
            // Outside these phases records are not read any more: they are left to the next reader of the group.
            let isReading = (shared.phase == .joining || shared.phase == .reading) && !isLost
            var remaining = isReading ? shared.progress.remainingMessages ?? .max : 0
            var taken = 0
            // Taken out for the batch, so that it is not looked up in the shared state for each record.
            var watch = shared.records.take()
            let budget = watch?.budget { isOver() }
            ledger.withBatch(member: member) { ledger in
                each { event in
                    switch event {
                    case .record(let record):
                        guard remaining > 0, shared.progress.has(record.topicIndex, record.partition) else { return }
                        remaining -= 1
                        taken += 1
                        if let events { tell(events, record) }
                        ledger.record(
                            topic: record.topicIndex, partition: record.partition, offset: record.offset,
                            key: record.key, value: record.value)
                        if let timestamp = record.timestamp { ledger.was(old: now - timestamp) }
                        shared.progress.advance(
                            topic: record.topicIndex, partition: Int(record.partition), to: record.offset + 1)
                        if let budget { look(at: record, &watch!, &shared.progress, &remaining, within: budget) }
                    case .endOfPartition(let topic, let partition, let offset):
                        guard remaining > 0, shared.progress.has(topic, partition) else { return }
                        shared.progress.advance(topic: topic, partition: Int(partition), to: offset)
                    case .error(let error):
                        if !Self.isPassing(error, wasStalled: wasStalled) { shared.error = shared.error ?? error }
                    }
                }
            }
            if let budget { watch?.spent(budget) }
            shared.records = watch
            if taken > 0 {
                shared.progress.count(messages: taken)
                shared.lastRecord = .now
            }
            if shared.error != nil || (shared.phase == .reading && shared.progress.isSatisfied(quiet: .zero)) {
                state.notify()
            }
            return taken
        }
    }
}

extension MemberThread {
    func read(_ consumer: Consumer, _ task: ReadingTask) {
        guard let wait = pace?.takeTurn() else {
            let before = records
            poll(consumer, pace == nil ? task.mode : .oneByOne, timeout: task.patience)
            if records == before { pace?.giveBack() } else { commitOnTheWay(consumer, task) }
            return
        }
        pace?.wait(wait)
    }

    /// Where the step commits while it reads.
    private func commitOnTheWay(_ consumer: Consumer, _ task: ReadingTask) {
        switch task.consume.commit {
        case .end, .none: return
        case .auto: for offset in ahead(consumer, task) { unsaved[offset.topicPartition] = offset.offset }
        case .each: commit(ahead(consumer, task), consumer)
        case .every(let count): if records % count == 0 { commit(ahead(consumer, task), consumer) }
        }
    }

    /// Where this member has read on since it committed.
    private func ahead(_ consumer: Consumer, _ task: ReadingTask) -> [TopicPartitionOffset] {
        task.reached(Array(consumer.owned.keys)).filter { $0.offset > committed[$0.topicPartition, default: -1] }
    }

    /// What a rebalance refuses is read again by whoever gets the partition.
    private func commit(_ offsets: [TopicPartitionOffset], _ consumer: Consumer) {
        guard !offsets.isEmpty else { return }
        let patience = settings.patience(Budget.commit, earliest: task?.state.withLock { $0.budgetEnd })
        do {
            try consumer.commit(offsets, timeout: patience.remaining) { isToStop(patience) }
            for offset in offsets {
                committed[offset.topicPartition] = offset.offset
                unsaved[offset.topicPartition] = nil
            }
            task?.noteCommitted(offsets)
        } catch {
            if isToStop(patience) || error.isRetriable || TransientErrors.isRebalance(error) { return }
            fail(error)
        }
    }

    /// As a client does with `enable.auto.commit`: when it is time, in a poll, also after the step.
    func commitWhenDue(_ consumer: Consumer) {
        guard let interval = commitInterval, .now >= commitDue else { return }
        commitDue = .now + interval
        commit(unsaved.map { TopicPartitionOffset($0.key.topic, $0.key.partition, $0.value) }, consumer)
    }

    /// The same, of partitions that are given up.
    func commitUnsaved(_ partitions: [TopicPartition], _ consumer: Consumer) {
        let offsets = partitions.compactMap { partition in
            unsaved[partition].map { TopicPartitionOffset(partition.topic, partition.partition, $0) }
        }
        guard !offsets.isEmpty else { return }
        let patience = settings.patience(Budget.revocation)
        let isCommitted: ()? = try? consumer.commit(offsets, timeout: Budget.revocation) { isToStop(patience) }
        if isCommitted != nil { task?.noteCommitted(offsets) }
        for partition in partitions { unsaved[partition] = nil }
    }

    func commit(_ consumer: Consumer, _ task: ReadingTask) {
        if task.consume.commit == .end || task.consume.commit == .each {
            let patience = settings.patience(Budget.commit, earliest: task.state.withLock { $0.budgetEnd })
            while true {
                do {
                    let offsets = task.reached(Array(consumer.owned.keys))
                    try consumer.commit(offsets, timeout: patience.remaining) { isToStop(patience) }
                    task.noteCommitted(offsets)
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
        task.state.withLock { _ = $0.committedMembers.insert(task.member) }
        task.state.notify()
    }
}
