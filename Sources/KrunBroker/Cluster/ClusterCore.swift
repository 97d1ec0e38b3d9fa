internal import KrunWire
internal import NIOCore

/// Everything that a cluster is: brokers, topics, groups, transactions, configs and faults. Confined to its event loop, so nothing in
/// it is locked; what a request does is in an extension of its own in `Requests/`.
final class ClusterCore {
    let loop: any EventLoop
    let options: ClusterOptions
    let clusterID: String
    let events: EventStream
    let memory: LogMemory
    var configs: ClusterConfigs
    var nodes: [BrokerNode] = []
    var topics: [String: Topic] = [:]
    var topicsByID: [KafkaUUID: Topic] = [:]
    /// The names of topics by the name of their metrics, so that a new one is not compared with each.
    var topicsByMetricName: [String: Set<String>] = [:]
    var coordinators = CoordinatorTable()
    var groups: GroupCoordinator
    var transactions: TransactionCoordinator
    var faults = FaultPlan()
    /// Answers that groups owe.
    var joining: [ReplyToken: (JoinAnswer) -> Void] = [:]
    var syncing: [ReplyToken: (SyncAnswer) -> Void] = [:]
    /// Delayed fetches that may be answered once the request being served is done.
    var touchedFetches: [Int: DelayedFetch] = [:]
    /// Counts topics, so that their leaders start at different brokers.
    var topicsCreated = 0
    /// Of all topics.
    var partitionCount = 0

    private let started = NIODeadline.now()
    private var lastNumber = 0
    private var lastConnection: UInt64 = 0
    private(set) var bufferedBytes = 0
    private(set) var unsentBytes = 0
    /// The most bytes of answers that may wait for their clients to take them, of all connections of all brokers.
    var maximumUnsentBytes = 512 << 20
    /// Connections that hold answers which their clients do not take.
    private var waitingReaders: [UInt64: Connection] = [:]
    /// Connections whose request was answered while another one's was being served; they are gone on with when that is done, one
    /// after the other: served within each other they would fill the stack.
    var unblocked = CircularBuffer<Connection>()
    var turns = Turns()
    var isServing = false
    var isResuming = false
    private var timer: (deadline: Duration, task: Scheduled<Void>)?
    /// When leaders go back next, as uptime.
    var nextLeaderCheck: Duration
    /// The repeated look after logs.
    var maintenance: RepeatedTask?
    private(set) var isClosed = false

    init(options: ClusterOptions, configs: ClusterConfigs, loop: any EventLoop, events: EventStream) {
        self.options = options
        self.loop = loop
        self.configs = configs
        self.events = events
        memory = LogMemory(limit: options.memoryLimit)
        nextLeaderCheck = .seconds(configs.settings.leaderCheckSeconds)
        clusterID = KafkaUUID.random().description
        groups = GroupCoordinator(configuration: configs.groupConfiguration) { UniqueText.make() }
        transactions = TransactionCoordinator(settings: configs.transactionSettings)
    }

    // MARK: Time

    /// The time, read once for each request.
    var now: Now {
        Now(uptime: .nanoseconds((NIODeadline.now() - started).nanoseconds), wallMilliseconds: SystemClock.milliseconds)
    }

    /// Unique in this cluster: fetches, tokens.
    func nextNumber() -> Int {
        lastNumber += 1
        return lastNumber
    }

    /// Sees to it that whatever has a deadline is looked at when it passes. Called after everything that may have set one.
    func armTimer() {
        guard !isClosed else { return }
        let deadlines = [groups.nextDeadline, transactions.nextDeadline].compactMap { $0 }
        guard let next = deadlines.min() else { return }
        if let timer, timer.deadline <= next { return }
        timer?.task.cancel()
        let delay = max(next - now.uptime, .zero)
        let task = loop.assumeIsolated().scheduleTask(in: TimeAmount(delay)) { [weak self] () -> Void in
            self?.timerFired()
        }
        timer = (next, task)
    }

    private func timerFired() {
        timer = nil
        let now = now
        perform(groups.expire(now: now), now: now)
        perform(transactions.expire(now: now), now: now)
        finishTouchedFetches()
        armTimer()
    }

    // MARK: Brokers

    /// Ids of the brokers that are up.
    var up: Set<Int32> { Set(nodes.lazy.filter(\.isUp).map(\.id)) }
    /// The broker that is told to clients as the controller: the first that is up.
    var controllerID: Int32 { nodes.first(where: \.isUp)?.id ?? -1 }

    func node(_ id: Int32) -> BrokerNode? { nodes.first { $0.id == id } }

    // MARK: Connections

    /// The longest frame that is taken: `socket.request.max.bytes`.
    var maximumRequestBytes: Int { configs.maximumRequestBytes }

    /// Counts the connections of the cluster.
    func nextConnectionNumber() -> UInt64 {
        lastConnection += 1
        return lastConnection
    }

    func connectionOpened(_ connection: Connection) {
        tell(.connectionOpened(broker: connection.node.id, connection: connection.number, peer: connection.host))
    }

    func connectionClosed(_ connection: Connection, _ reason: Connection.CloseReason) {
        tell(
            .connectionClosed(broker: connection.node.id, connection: connection.number, reason: reason.rawValue))
    }

    /// Counts what connections hold of requests that are not served yet.
    ///
    /// - Returns: false if it is more than the broker keeps.
    @discardableResult
    func buffered(_ bytes: Int) -> Bool {
        bufferedBytes += bytes
        return bytes <= 0 || bufferedBytes <= Self.maximumBufferedBytes
    }

    /// As `queued.max.request.bytes`, for all connections of all brokers; with room for several requests of the greatest length.
    private static let maximumBufferedBytes = 512 << 20

    /// Counts what connections hold of answers that their clients do not take. Where that is too much, the connection whose answers have
    /// waited longest is closed.
    func unsent(_ bytes: Int, by connection: Connection) {
        unsentBytes += bytes
        waitingReaders[connection.number] = connection.unsentBytes > 0 ? connection : nil
        guard bytes > 0, unsentBytes > maximumUnsentBytes else { return }
        waitingReaders.values.min { $0.unsentSince < $1.unsentSince }?.close(.answersUnread)
    }

    /// The most bytes of records that an answer to Fetch may take now: `fetch.max.bytes`, and a fourth of what is left of `maximumUnsentBytes` where that is
    /// less, so that clients that ask for much and read nothing do not keep the cluster busy with copies for them. A first batch goes
    /// out whatever its size.
    var fetchAllowance: Int {
        max(0, min(Int(configs.settings.fetchMaximumBytes), (maximumUnsentBytes - unsentBytes) / 4))
    }

    // MARK: The end

    /// Closes every listener and connection.
    func close() -> EventLoopFuture<Void> {
        isClosed = true
        timer?.task.cancel()
        timer = nil
        maintenance?.cancel()
        for topic in topics.values {
            for partition in topic.partitions {
                for fetch in partition.waiting.values { fetch.end(with: nil) }
            }
        }
        joining = [:]
        syncing = [:]
        topics = [:]
        topicsByID = [:]
        return EventLoopFuture.andAllComplete(nodes.map { $0.stop(on: loop) }, on: loop).always { [events] _ in
            events.finish()
        }
    }
}

extension TimeAmount {
    init(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        // Some hundred years are for ever: configs go up to 2^63 ms.
        let most: Int64 = 9_000_000_000
        self = .nanoseconds(max(-most, min(most, seconds)) * 1_000_000_000 + attoseconds / 1_000_000_000)
    }
}

// MARK: - Logs

extension ClusterCore {
    /// How often logs are looked after. Kafka does it every 15 s (compaction) or 5 minutes (retention); here a test waits for it.
    private static let maintenanceInterval = TimeAmount.milliseconds(250)

    /// Has retention, rolling and compaction done in every log whenever they are due.
    func scheduleMaintenance() {
        let bound = NIOLoopBound(WeakCore(core: self), eventLoop: loop)
        maintenance = loop.scheduleRepeatedTask(
            initialDelay: Self.maintenanceInterval, delay: Self.maintenanceInterval
        ) { _ in
            guard let core = bound.value.core else { return }
            core.maintainLogs(now: core.now)
            core.rebalanceLeaders(now: core.now)
            // Those that found no memory; for want of a leader they are tried when there is one.
            core.writePendingMarkers(now: core.now)
            core.finishTouchedFetches()
        }
    }

    private func maintainLogs(now: Now) {
        for topic in topics.values {
            for partition in topic.partitions {
                if partition.log.maintain(now: now).deletedSegments { touch(partition) }
            }
        }
    }
}

/// The cluster, for tasks that must not keep it alive.
struct WeakCore {
    weak var core: ClusterCore?
}

// MARK: - Groups

extension ClusterCore {
    /// Does what the group coordinator asks for.
    func perform(_ actions: [GroupAction], now: Now) {
        for action in actions {
            switch action {
            case .answerJoin(let token, let answer): joining.removeValue(forKey: token)?(answer)
            case .answerSync(let token, let answer): syncing.removeValue(forKey: token)?(answer)
            case .event(let event): tell(event)
            }
        }
    }
}

// MARK: - Transactions

extension ClusterCore {
    /// Does what the transaction coordinator asks for.
    func perform(_ actions: [TransactionAction], now: Now) {
        for action in actions {
            switch action {
            case .event(let event): tell(.transactionChanged(BrokerEvent.TransactionChange(event)))
            case .writeMarkers(let markers): write(markers, now: now)
            }
        }
    }

    /// Writes an ended transaction's markers wherever there is a leader. The coordinator keeps the others until one is back.
    func write(_ markers: TransactionMarkers, now: Now) {
        var written = markers
        written.partitions = markers.partitions.filter { writeMarker(of: markers, to: $0, now: now) }
        if !markers.groups.isEmpty {
            perform(
                groups.completeTransaction(producerId: markers.producerId, commit: markers.commit, now: now), now: now)
        }
        perform(transactions.markersWritten(written, now: now), now: now)
    }

    /// Tries those again that found no leader.
    func writePendingMarkers(now: Now) {
        for markers in transactions.pendingMarkers { write(markers, now: now) }
    }

    private func writeMarker(of markers: TransactionMarkers, to place: TransactionPartition, now: Now) -> Bool {
        guard let partition = topics[place.topic]?.partition(place.partition) else { return true }
        guard partition.leader != -1 else { return false }
        do {
            let result = try partition.log.appendEndTransactionMarker(
                producerId: markers.producerId, producerEpoch: markers.producerEpoch, commit: markers.commit,
                coordinatorEpoch: markers.coordinatorEpoch, leaderEpoch: partition.leaderEpoch, now: now)
            tell(
                .recordsAppended(
                    BrokerEvent.AppendedRecords(
                        topic: place.topic, partition: place.partition, baseOffset: result.baseOffset, count: 1,
                        bytes: result.storedBytes, producerId: markers.producerId, isMarker: true)))
        } catch {
            // A later epoch of the producer already ended it there.
            guard error.code == .kafkaStorageError else { return true }
            tell(.memoryLimitReached(topic: place.topic, partition: place.partition, limit: memory.limit))
            return false
        }
        touch(partition)
        return true
    }
}

// MARK: - Events

extension ClusterCore {
    /// Tells whoever listens.
    func tell(_ kind: BrokerEvent.Kind) {
        events.record(BrokerEvent(at: now.uptime, kind))
    }

    /// Of what happens to groups, what an observer from outside would see.
    func tell(_ event: GroupEvent) {
        switch event {
        case .stateChanged(let group, let from, let to, let generation):
            tell(.groupChanged(group: group, from: from.rawValue, to: to.rawValue, generation: generation))
        case .memberJoined(let group, let member, _, let client, _):
            tell(.memberJoined(group: group, member: member, client: client))
        case .memberReplaced(let group, let instance, let old, let member):
            tell(.memberLeft(group: group, member: old, reason: "replaced by another \(instance)"))
            tell(.memberJoined(group: group, member: member, client: instance))
        case .memberRemoved(let group, let member, _, let why):
            tell(.memberLeft(group: group, member: member, reason: why.text))
        case .rebalanceStarted(let group, let generation, let cause):
            tell(.rebalanceStarted(BrokerEvent.GroupRebalance(group: group, generation: generation, cause)))
        case .assigned(let group, let generation, let assignments):
            let isConsumers = groups[group]?.isConsumerGroup ?? false
            tell(
                .partitionsAssigned(
                    BrokerEvent.GroupAssignment(
                        group: group, generation: generation, assignor: groups[group]?.protocolName ?? "",
                        members: assignments.map {
                            ($0.memberId, isConsumers ? ConsumerAssignment($0.assignment) : nil)
                        })))
        case .offsetsCommitted(let group, let member, _, let producerId, let offsets):
            tell(
                .offsetsCommitted(
                    BrokerEvent.CommittedOffsets(group: group, member: member, producerId: producerId, offsets)))
        case .offsetsDeleted(let group, let partitions), .offsetsExpired(let group, let partitions):
            tell(.offsetsDeleted(group: group, partitions: partitions.count))
        case .groupDeleted(let group): tell(BrokerEvent.Kind.groupDeleted(group: group))
        case .memberIdGiven, .generationStarted, .offsetsPending, .offsetsDropped:
            break
        }
    }
}

extension MemberRemoval {
    fileprivate var text: String {
        switch self {
        case .left(let reason): reason.map { "left: \($0)" } ?? "left"
        case .sessionExpired: "no heartbeat within its session timeout"
        case .didNotRejoin: "did not rejoin in time"
        case .didNotSync: "did not ask for its assignment in time"
        case .groupFull: "the group is full"
        case .expelled: "expelled"
        }
    }
}
