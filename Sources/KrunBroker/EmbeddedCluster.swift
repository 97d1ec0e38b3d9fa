internal import KrunWire
internal import NIOConcurrencyHelpers
internal import NIOCore
internal import NIOPosix

/// A Kafka-compatible cluster in memory, in this process: real listeners that speak Kafka's protocol to any client, up within
/// milliseconds, gone without a trace when closed.
///
/// ```swift
/// let cluster = try EmbeddedCluster(ClusterOptions(brokers: 3))
/// defer { cluster.close() }
/// // bootstrap.servers = cluster.bootstrapServers
/// ```
///
/// What it does as Kafka does and what it does not is in `docs/embedded-broker.md`. All methods may be called from any thread; they
/// take a moment on the cluster's own thread and return when their effect is there.
public final class EmbeddedCluster: Sendable {
    /// The value for `bootstrap.servers`: every broker's `host:port`, separated by commas.
    public let bootstrapServers: String
    /// Of this cluster, as Metadata tells it.
    public let clusterID: String
    /// What happened, as it happens.
    public let events: EventStream

    private let group: MultiThreadedEventLoopGroup
    private let loop: any EventLoop
    private let core: NIOLoopBound<ClusterCore>
    private let isClosed = NIOLockedValueBox(false)

    /// Starts the brokers and waits until they listen.
    ///
    /// - Throws: `ClusterError` where a port is taken or an address cannot be listened on, or an option is wrong.
    public init(_ options: ClusterOptions = ClusterOptions()) throws(ClusterError) {
        let configs = try ClusterConfigs(options)
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let loop = group.next()
        let events = EventStream(capacity: options.eventCapacity)
        do {
            let started = try loop.flatSubmit {
                let core = ClusterCore(options: options, configs: configs, loop: loop, events: events)
                let bound = NIOLoopBound(core, eventLoop: loop)
                return core.start().map { bound }
            }.wait()
            core = started
            (bootstrapServers, clusterID) = try loop.submit {
                (started.value.bootstrapServers, started.value.clusterID)
            }.wait()
        } catch {
            try? group.syncShutdownGracefully()
            throw ClusterError(starting: options, error)
        }
        self.group = group
        self.loop = loop
        self.events = events
    }

    /// Closes every connection and listener, and frees all that was kept. Does nothing the second time.
    public func close() {
        guard
            isClosed.withLockedValue({ closed in
                defer { closed = true }
                return !closed
            })
        else { return }
        if loop.inEventLoop { return closeWithoutWaiting() }
        let core = core
        try? loop.flatSubmit { core.value.close() }.wait()
        try? group.syncShutdownGracefully()
    }

    deinit {
        guard !isClosed.withLockedValue({ $0 }) else { return }
        closeWithoutWaiting()
    }

    private func closeWithoutWaiting() {
        let (core, group) = (core, group)
        loop.flatSubmit { core.value.close() }.whenComplete { _ in
            // Connections look at the core until their last word.
            group.shutdownGracefully { _ in withExtendedLifetime(core) {} }
        }
    }

    /// A handler of events runs on the cluster's thread, in the middle of what is told.
    private func checkThread() throws(ClusterError) {
        if loop.inEventLoop {
            throw ClusterError("a cluster cannot be told to do something by a handler of its events")
        }
    }

    /// Starts something on the cluster's thread and waits for its end.
    func whenDone(
        _ body: @escaping @Sendable (ClusterCore) throws(ClusterError) -> EventLoopFuture<Void>
    ) throws(ClusterError) {
        try checkThread()
        if isClosed.withLockedValue({ $0 }) { throw ClusterError("the cluster is closed") }
        let core = core
        do {
            try loop.flatSubmit { () -> EventLoopFuture<Void> in
                do { return try body(core.value) } catch { return core.value.loop.makeFailedFuture(error) }
            }.wait()
        } catch {
            throw (error as? ClusterError) ?? ClusterError("\(error)")
        }
    }

    /// Runs on the cluster's thread.
    func onLoop<Value: Sendable>(_ body: @escaping @Sendable (ClusterCore) throws(ClusterError) -> Value)
        throws(ClusterError) -> Value
    {
        try checkThread()
        if isClosed.withLockedValue({ $0 }) { throw ClusterError("the cluster is closed") }
        let core = core
        let result: Result<Value, ClusterError>
        do {
            result = try loop.submit { () -> Result<Value, ClusterError> in
                do throws(ClusterError) { return .success(try body(core.value)) } catch { return .failure(error) }
            }.wait()
        } catch {
            throw ClusterError("the cluster is closed")
        }
        return try result.get()
    }
}

// MARK: - Faults

/// What a cluster can be made to suffer.
extension EmbeddedCluster {
    /// The brokers by their ids, and whether each is up.
    public var brokers: [Int32: Bool] {
        (try? onLoop { core throws(ClusterError) in
            Dictionary(uniqueKeysWithValues: core.nodes.map { ($0.id, $0.isUp) })
        }) ?? [:]
    }

    /// Takes a broker down: its connections end at once, it leaves the in-sync replicas, and others lead what it led. Returns when
    /// all of that has happened; does nothing to a broker that is down.
    public func stopBroker(_ id: Int32) throws(ClusterError) {
        try whenDone({ core throws(ClusterError) in core.stopBroker(try core.known(id)) })
    }

    /// The same, and brings it back after so long, unless somebody has done so before.
    ///
    /// Where its port was taken meanwhile it stays down.
    public func stopBroker(_ id: Int32, for duration: Duration) throws(ClusterError) {
        try stopBroker(id)
        try onLoop { core throws(ClusterError) in
            let node = try core.known(id)
            let stops = node.stops
            core.loop.assumeIsolated().scheduleTask(in: TimeAmount(duration)) { [weak core] in
                guard let core, !core.isClosed, node.stops == stops else { return }
                _ = core.startBroker(node)
            }
        }
    }

    /// Who leads a partition, -1 for nobody, and which replicas of it are in sync.
    ///
    /// - Throws: `ClusterError` where there is no such partition.
    package func leader(
        ofTopic topic: String, partition: Int32
    ) throws(ClusterError) -> (leader: Int32, inSync: [Int32]) {
        try onLoop { core throws(ClusterError) in
            guard let found = core.topics[topic]?.partition(partition) else {
                throw ClusterError("there is no partition \(topic)/\(partition)")
            }
            return (found.leader, found.inSync)
        }
    }

    /// Brings a broker back at the port it had; does nothing to a broker that is up.
    ///
    /// - Throws: `ClusterError` where there is no such broker, or something else took its port meanwhile.
    public func startBroker(_ id: Int32) throws(ClusterError) {
        try whenDone({ core throws(ClusterError) in core.startBroker(try core.known(id)) })
    }

    /// Makes another in-sync replica the leader of a partition; does nothing where it leads already.
    ///
    /// - Throws: `ClusterError` where there is no such partition, or the broker is down or no in-sync replica of it.
    public func moveLeader(ofTopic topic: String, partition: Int32, to broker: Int32) throws(ClusterError) {
        try onLoop { core throws(ClusterError) in
            guard let found = core.topics[topic]?.partition(partition) else {
                throw ClusterError("there is no partition \(topic)/\(partition)")
            }
            if found.leader == broker { return }
            guard core.moveLeader(of: found, topic: topic, to: broker) else {
                throw ClusterError(
                    "broker \(broker) cannot lead \(topic)/\(partition): it is no in-sync replica of it, or down",
                    hint: "in sync: \(found.inSync.map(String.init).joined(separator: ", "))")
            }
            core.writePendingMarkers(now: core.now)
            core.finishTouchedFetches()
        }
    }

    /// Makes another broker the coordinator of a group; what waited for the old one is told NOT_COORDINATOR.
    public func moveCoordinator(ofGroup group: String, to broker: Int32) throws(ClusterError) {
        try onLoop { core throws(ClusterError) in
            try core.known(broker, mustBeUp: true)
            let before = core.coordinator(.group, group) ?? -1
            core.coordinators.move(.group, group, to: broker)
            core.perform(core.groups.abortPending(group: group, now: core.now), now: core.now)
            core.tell(.coordinatorMoved(key: group, isTransactional: false, from: before, to: broker))
            // The sessions of those that were told go on.
            core.armTimer()
        }
    }

    /// Makes another broker the coordinator of a transactional id.
    public func moveCoordinator(ofTransactionalID id: String, to broker: Int32) throws(ClusterError) {
        try onLoop { core throws(ClusterError) in
            try core.known(broker, mustBeUp: true)
            let before = core.coordinator(.transaction, id) ?? -1
            core.coordinators.move(.transaction, id, to: broker)
            core.tell(.coordinatorMoved(key: id, isTransactional: true, from: before, to: broker))
        }
    }

    /// Throws a member out of its group, as if its session had ended.
    ///
    /// - Parameter member: its member id, such as `cluster.events` or DescribeGroups tells it.
    /// - Throws: `ClusterError` where the group has no such member.
    public func expelMember(_ member: String, ofGroup group: String) throws(ClusterError) {
        try onLoop { core throws(ClusterError) in
            let actions = core.groups.expelMember(group: group, memberId: member, now: core.now)
            guard !actions.isEmpty else { throw ClusterError("group \(group) has no member \(member)") }
            core.perform(actions, now: core.now)
            core.armTimer()
        }
    }

    /// Puts a rule in force.
    ///
    /// - Throws: `ClusterError` where Kafka has no error of the name that the rule fails with.
    /// - Returns: its id, to remove it and to ask how often it fired.
    @discardableResult
    public func inject(_ rule: FaultRule) throws(ClusterError) -> FaultID {
        try onLoop { core throws(ClusterError) in
            do {
                return try core.faults.add(rule, now: core.now)
            } catch {
                throw ClusterError("\(error)")
            }
        }
    }

    /// Takes a rule out of force; false if it was not any more.
    @discardableResult
    public func remove(_ fault: FaultID) throws(ClusterError) -> Bool {
        try onLoop { core throws(ClusterError) in core.faults.remove(fault) }
    }

    /// Takes all rules out of force.
    public func removeFaults() throws(ClusterError) {
        try onLoop { core throws(ClusterError) in core.faults.removeAll() }
    }

    /// How many requests suffered by a rule, in force or not any more; nil for one that was never added.
    public func timesFired(_ fault: FaultID) throws(ClusterError) -> Int? {
        try onLoop { core throws(ClusterError) in core.faults.timesFired(fault) }
    }
}

extension ClusterCore {
    @discardableResult
    func known(_ id: Int32, mustBeUp: Bool = false) throws(ClusterError) -> BrokerNode {
        guard let node = node(id) else {
            throw ClusterError("there is no broker \(id)", hint: "brokers are numbered from 1 to \(nodes.count)")
        }
        if mustBeUp, !node.isUp { throw ClusterError("broker \(id) is down") }
        return node
    }
}

// MARK: - Logs

/// What can be done to a cluster's topics without a client.
extension EmbeddedCluster {
    /// Creates a topic.
    ///
    /// - Throws: `ClusterError` in Kafka's words where there is one of that name, or the name, a number or a config cannot be.
    /// - Parameter partitions: nil: the brokers' default, `num.partitions`.
    /// - Parameter replicationFactor: nil: the brokers' default.
    /// - Parameter configs: by Kafka's names, such as `cleanup.policy`.
    public func createTopic(
        _ name: String, partitions: Int? = 1, replicationFactor: Int? = nil, configs: [String: String] = [:]
    ) throws(ClusterError) {
        try onLoop { core throws(ClusterError) in
            var wanted = CreateTopicsRequest.CreatableTopic()
            wanted.name = name
            wanted.numPartitions = Int32(clamping: partitions ?? -1)
            wanted.replicationFactor = Int16(clamping: replicationFactor ?? -1)
            wanted.configs = configs.sorted { $0.key < $1.key }.map { name, value in
                var config = CreateTopicsRequest.CreatableTopicConfig()
                config.name = name
                config.value = value
                return config
            }
            do throws(RequestProblem) {
                let plan = try core.plan(wanted)
                core.createTopic(name, replicas: plan.replicas, overrides: plan.overrides)
            } catch {
                throw ClusterError(error.message ?? error.code.name)
            }
        }
    }

    /// Compacts a topic's partitions now, the records in the segment being written included.
    ///
    /// - Throws: `ClusterError` where there is no such topic.
    public func compact(_ topic: String) throws(ClusterError) {
        try onLoop { core throws(ClusterError) in
            guard let topic = core.topics[topic] else { throw ClusterError("there is no topic \(topic)") }
            for partition in topic.partitions { _ = partition.log.cleanNow(now: core.now) }
        }
    }

    /// Deletes now what a topic's retention configs want gone.
    ///
    /// - Throws: `ClusterError` where there is no such topic.
    public func applyRetention(to topic: String) throws(ClusterError) {
        try onLoop { core throws(ClusterError) in
            guard let topic = core.topics[topic] else { throw ClusterError("there is no topic \(topic)") }
            for partition in topic.partitions where partition.log.retainNow(now: core.now) { core.touch(partition) }
            core.finishTouchedFetches()
        }
    }
}
