import KrunChecks
import KrunConnection
import KrunKafka
import KrunOutcome
import KrunScenario

/// A member at work: the consumer and all that is done with it, on the one thread that every callback of it comes on.
///
/// Between what it is told to read it polls with its partitions held back: see `Consumer.holdBack`.
final class MemberThread: ConsumerDelegate {
    let settings: MemberSettings
    private let orders: LiveMember
    /// What it reads, or read last where it is to end; nil while it reads nothing.
    var task: ReadingTask?
    /// nil to read as fast as records come.
    var pace: Pace?
    /// How many it has read.
    var records = 0
    /// What it has committed on the way, or where it began to read.
    var committed: [TopicPartition: Int64] = [:]
    /// What it has read and is to commit by its timer.
    var unsaved: [TopicPartition: Int64] = [:]
    /// Of that timer; nil before a step wants it.
    var commitInterval: Duration?
    var commitDue = ContinuousClock.now
    /// Of what it owns; nil while that is not settled.
    private var generation: Int32?
    /// Whether it did not poll for a while because it was told so.
    private var wasStalled = false
    private var lastLook = ContinuousClock.now
    /// Whether others may own what it was given, which a poll will tell it.
    private var isLost = false
    /// How much it has heard of topics that changed.
    private var newsHeard: Int
    /// When it is to look at topics: some brokers hear of a change later than others.
    private var looksAtTopics: [ContinuousClock.Instant] = []

    private init(_ settings: MemberSettings, _ orders: LiveMember) {
        self.settings = settings
        self.orders = orders
        newsHeard = settings.topicNews.count
    }

    /// Runs until it is told to end; a trouble is told to what it reads, and to its group.
    static func run(_ settings: MemberSettings, _ orders: LiveMember) {
        let member = MemberThread(settings, orders)
        do {
            try member.run()
        } catch {
            member.fail(error)
        }
        // Of a crash its group has been told, and another of its name may be there by now.
        if orders.ending != .crash {
            settings.group?.left(settings.name, isAway: settings.isStatic && orders.ending == .leave)
        }
    }

    private func run() throws(KafkaError) {
        let consumer = try Consumer(properties: settings.properties, log: settings.log)
        defer { end(consumer) }
        if settings.isInGroup {
            consumer.startsPaused = true
            consumer.partitionCounts = Dictionary(
                zip(settings.topics, settings.partitionCounts), uniquingKeysWith: { $1 })
            try consumer.subscribe(settings.topics, delegate: self)
        }
        while true {
            let box = orders.takeOrders()
            if box.ending != nil { return }
            if let stall = box.stall { self.stall(consumer, for: stall) }
            answerRequests(consumer)
            if let reading = box.reading {
                try perform(reading, consumer)
            } else {
                poll(consumer, .oneByOne, timeout: settings.group?.patience ?? .milliseconds(10))
            }
        }
    }

    private func end(_ consumer: Consumer) {
        let hasCrashed = orders.ending == .crash
        if hasCrashed {
            stopOwning(consumer)
        } else {
            let patience = settings.patience(Budget.leave)
            consumer.close(timeout: Budget.leave) { patience.isOverOrHurried }
        }
        // Before its group hears of it, which may be what a step waits for.
        settings.events?.tell(
            .ended(settings.identity, hasCrashed: hasCrashed, isAway: settings.isStatic && !hasCrashed), of: task?.step)
        if hasCrashed { settings.group?.left(settings.name, isAway: false) }
        task?.state.left(task?.member ?? 0)
    }

    /// What is known of its ownership ends, without anything being done with librdkafka.
    private func stopOwning(_ consumer: Consumer) {
        let owned = Array(consumer.owned.keys)
        if let task { task.ledger.revoked(member: task.member, task.indexes(of: owned)) }
        settings.group?.suspended(settings.name, owned)
    }

    func fail(_ error: KafkaError) {
        task?.state.fail(error)
        settings.group?.fail(error)
    }

    // MARK: Reading

    private func perform(_ task: ReadingTask, _ consumer: Consumer) throws(KafkaError) {
        self.task = task
        records = 0
        if settings.isInGroup {
            adopt(consumer, task)
            // One by one until the group is stable: see ConsumingMode.
            while task.state.phase == .joining, goesOn(consumer) {
                poll(consumer, .oneByOne, timeout: task.patience)
            }
            if task.state.phase == .reading, !orders.isEnding { try startReading(consumer) }
        } else {
            try consumer.assign(
                task.plan.all.map { TopicPartitionOffset($0.topic, $0.partition, task.start(of: $0)) })
            if let events = task.events {
                events.tell(.assigned(settings.identity, events.partitions(task.plan.all)), of: task.step)
            }
        }
        committed = Dictionary(
            consumer.owned.keys.map { ($0, task.start(of: $0)) }, uniquingKeysWith: { first, _ in first })
        if case .auto(let interval) = task.consume.commit {
            commitInterval = interval ?? .seconds(5)
            commitDue = .now + commitInterval!
        }
        pace = task.consume.rate.map { Pace(rate: $0) }
        while task.state.phase == .reading, goesOn(consumer) { read(consumer, task) }
        if task.state.phase == .committing, !orders.isEnding { commit(consumer, task) }
        while task.state.phase == .committing, goesOn(consumer) {
            poll(consumer, .oneByOne, timeout: task.patience)
        }
        guard task.stays, !orders.isEnding else { return }
        try consumer.holdBack()
        let owned = Array(consumer.owned.keys)
        settings.group?.stopped(settings.name, at: zip(owned, owned.map { task.start(of: $0) }).filter { $0.1 >= 0 })
        self.task = nil
        task.state.returned(task.member)
    }

    /// False once it is to end. Where it is to stall it does so first.
    private func goesOn(_ consumer: Consumer) -> Bool {
        if let stall = orders.takeStall() { self.stall(consumer, for: stall) }
        answerRequests(consumer)
        return !orders.isEnding
    }

    /// Tells who asks where it stands, unless what it owns is just changing.
    private func answerRequests(_ consumer: Consumer) {
        guard generation != nil, let group = settings.group else { return }
        for request in orders.takeRequests() {
            guard let metadata = consumer.groupMetadata() else { continue }
            let owned = Array(consumer.owned.keys)
            let known = group.positions
            let offsets =
                task?.reached(owned)
                ?? owned.compactMap { partition in
                    known[partition].map { TopicPartitionOffset(partition.topic, partition.partition, $0) }
                }
            request.answer(MemberPosition(metadata: metadata, offsets: offsets))
        }
    }

    /// What it owns already is the step's from now on.
    private func adopt(_ consumer: Consumer, _ task: ReadingTask) {
        guard let generation else { return }
        let known = consumer.owned.keys.filter { task.adopts($0) }
        let id = consumer.memberID
        task.state.withLock {
            task.ledger.assigned(member: task.member, task.indexes(of: known))
            if let id { $0.memberIDs.insert(id) }
            $0.group.assigned(member: task.member, known, generation: generation)
        }
        task.state.notify()
    }

    private func startReading(_ consumer: Consumer) throws(KafkaError) {
        guard let task else { return }
        consumer.startsPaused = false
        let owned = Array(consumer.owned.keys)
        consumer.place(owned.map { TopicPartitionOffset($0.topic, $0.partition, task.start(of: $0)) })
        try consumer.resume(owned)
    }

    private func stall(_ consumer: Consumer, for duration: Duration) {
        let end = ContinuousClock.now + duration
        wasStalled = true
        // Who takes its partitions meanwhile takes them from nobody.
        stopOwning(consumer)
        settings.group?.stalled(settings.name, true)
        while ContinuousClock.now < end, !orders.isEnding, !settings.interruption.isRequested {
            orders.sleep(min(end - .now, .milliseconds(50)))
        }
        isLost = consumer.isAssignmentLost
        if isLost {
            generation = nil
        } else {
            let owned = Array(consumer.owned.keys)
            if let task { task.ledger.assigned(member: task.member, task.indexes(of: owned)) }
            settings.group?.resumed(settings.name, owned)
        }
        settings.group?.stalled(settings.name, false, isLost: isLost)
    }

    /// Asks about topics once some have changed, so that the group learns of it.
    private func hearNews(_ consumer: Consumer) {
        let news = settings.topicNews.count
        if news != newsHeard {
            newsHeard = news
            looksAtTopics = [.zero, .milliseconds(500), .seconds(2)].map { .now + $0 }
        }
        guard let next = looksAtTopics.first, next <= .now else { return }
        looksAtTopics.removeFirst()
        for topic in settings.topics {
            if let count = settings.partitionCount(topic) { consumer.partitionCounts[topic] = count }
        }
        let interruption = settings.interruption
        consumer.lookAtTopics(timeout: .seconds(1)) { interruption.isRequested }
    }

    func poll(_ consumer: Consumer, _ mode: ConsumingMode, timeout: Duration) {
        if settings.isInGroup { hearNews(consumer) }
        commitWhenDue(consumer)
        if let group = settings.group, group.isChanging, .now - lastLook >= max(.milliseconds(20), group.patience) {
            lastLook = .now
            consumer.lookAtGroup()
        }
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

    private func take(_ each: ((borrowing ConsumedEvent) -> Void) -> Void) {
        if let task {
            records += task.take(isLost: isLost, wasStalled: wasStalled, each)
            return
        }
        each { event in
            switch event {
            case .record(let record):
                settings.group?.trespassed(settings.name, record, of: settings.topics)
            case .endOfPartition: break
            case .error(let error):
                let isMissed = settings.topicNews.hasDeletions && error.isUnknownTopic
                if !isMissed, !ReadingTask.isPassing(error, wasStalled: wasStalled) { settings.group?.fail(error) }
            }
        }
    }

    // MARK: ConsumerDelegate

    var isWaitOver: Bool { settings.interruption.isRequested }

    func startOffsets(for partitions: [TopicPartition], consumer: Consumer) -> [Int64] {
        partitions.map { partition in
            guard let task, task.adopts(partition) else { return LogicalOffset.stored }
            return task.start(of: partition)
        }
    }

    func didAssign(_ partitions: [TopicPartition], consumer: Consumer) {
        let generation = consumer.generation
        let id = consumer.memberID
        self.generation = generation >= 0 ? generation : nil
        isLost = false
        if let id { settings.remember(id) }
        if let events = settings.events {
            events.tell(.assigned(settings.identity, events.partitions(partitions)), of: task?.step)
        }
        settings.group?.assigned(settings.name, partitions, generation: self.generation, id: id)
        guard let task else { return }
        // Those of others' topics that were added after the step began are not its own.
        let known = partitions.filter { task.adopts($0) }
        task.state.withLock {
            task.ledger.assigned(member: task.member, task.indexes(of: known))
            if let id { $0.memberIDs.insert(id) }
            $0.group.assigned(member: task.member, known, generation: generation >= 0 ? generation : nil)
        }
        task.state.notify()
    }

    func willRevoke(_ partitions: [TopicPartitionOffset], lost: Bool, consumer: Consumer) {
        let revoked = partitions.map(\.topicPartition)
        generation = nil
        isLost = false
        if let task, [.end, .each].contains(task.consume.commit), !lost, task.state.phase == .reading {
            let offsets = task.reached(revoked)
            if !offsets.isEmpty {
                // The next owner is told the position by the step itself; the commit is for members that are not ours.
                let patience = settings.patience(Budget.revocation)
                let isCommitted: ()? = try? consumer.commit(offsets, timeout: Budget.revocation) { isToStop(patience) }
                if isCommitted != nil { task.noteCommitted(offsets) }
            }
        }
        if lost { for partition in revoked { unsaved[partition] = nil } } else { commitUnsaved(revoked, consumer) }
        if let events = settings.events {
            events.tell(.revoked(settings.identity, events.partitions(revoked), isLost: lost), of: task?.step)
        }
        settings.group?.revoked(
            settings.name, revoked, isLeaving: orders.isEnding, isAway: settings.isStatic && orders.ending == .leave)
        guard let task else { return }
        task.state.withLock {
            task.ledger.revoked(member: task.member, task.indexes(of: revoked))
            $0.group.revoked(member: task.member, revoked)
        }
        task.state.notify()
    }

    func isToStop(_ patience: Patience) -> Bool {
        settings.interruption.isRequested || patience.isOver
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

extension KafkaError {
    /// A topic that is not there.
    fileprivate var isUnknownTopic: Bool {
        ["UNKNOWN_TOPIC_OR_PART", "_UNKNOWN_PARTITION", "_UNKNOWN_TOPIC"].contains(name)
    }
}
