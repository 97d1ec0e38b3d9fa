internal import KrunWire
internal import NIOCore

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
