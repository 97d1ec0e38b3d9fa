internal import KrunWire

/// Which groups and transactional ids were given a coordinator by hand; that of the others is the leader of the partition of an internal
/// topic (`InternalTopic`) that their hash says.
struct CoordinatorTable {
    enum Kind: Hashable {
        case group
        case transaction
    }

    private struct Key: Hashable {
        let kind: Kind
        let id: String
    }

    private var moved: [Key: Int32] = [:]

    /// Where it was moved to; nil if it never was.
    func moved(_ kind: Kind, _ id: String) -> Int32? { moved[Key(kind: kind, id: id)] }

    /// A broker went down: what was moved to it goes where it would be by itself, and stays there.
    mutating func forget(broker: Int32) {
        moved = moved.filter { $0.value != broker }
    }

    mutating func move(_ kind: Kind, _ id: String, to broker: Int32) {
        moved[Key(kind: kind, id: id)] = broker
    }

    /// The partition of an internal topic that Kafka keeps it in: `abs(id.hashCode()) % count`, where `hashCode` is Java's over
    /// UTF-16 code units and the absolute value of the least number is 0 (`Utils.abs`).
    static func partition(of id: String, among count: Int) -> Int32 {
        var hash: Int32 = 0
        for unit in id.utf16 { hash = hash &* 31 &+ Int32(unit) }
        return (hash == .min ? 0 : abs(hash)) % Int32(count)
    }
}

/// A topic that Kafka keeps for itself. Whoever leads one of its partitions coordinates what is kept there: groups, or transactional ids.
///
/// Here it has partitions, leaders and configs, and no records: what Kafka writes into it is kept elsewhere.
enum InternalTopic: String, CaseIterable {
    case consumerOffsets = "__consumer_offsets"
    case transactionState = "__transaction_state"

    init(of kind: CoordinatorTable.Kind) {
        self =
            switch kind {
            case .group: .consumerOffsets
            case .transaction: .transactionState
            }
    }

    static func isInternal(_ name: String) -> Bool { InternalTopic(rawValue: name) != nil }
}

extension ClusterCore {
    /// The topic, which is made when it is first needed, as in Kafka; nil if it cannot be for want of brokers.
    func internalTopic(_ which: InternalTopic) -> Topic? {
        if let topic = topics[which.rawValue] { return topic }
        let wanted = configs.settings.internalTopic(which)
        let factor = Int(wanted.replicationFactor)
        guard !isClosed, factor <= nodes.count, nodes.contains(where: \.isUp) else { return nil }
        let overrides = (try? ConfigSet.created(topic: wanted.configs, on: configs.cluster)) ?? ConfigSet()
        return addTopic(
            which.rawValue, replicas: placement(partitions: Int(wanted.partitions), factor: factor, startingAt: 0),
            overrides: overrides)
    }

    /// The partition that a group or a transactional id is kept in; nil if there can be none.
    func coordinatingPartition(_ kind: CoordinatorTable.Kind, _ id: String) -> Partition? {
        guard let topic = internalTopic(InternalTopic(of: kind)) else { return nil }
        return topic.partition(CoordinatorTable.partition(of: id, among: topic.partitions.count))
    }

    /// The broker that coordinates a group or a transactional id; nil if none is there that could.
    func coordinator(_ kind: CoordinatorTable.Kind, _ id: String) -> Int32? {
        if let broker = coordinators.moved(kind, id), node(broker)?.isUp == true { return broker }
        guard let leader = coordinatingPartition(kind, id)?.leader, leader != -1 else { return nil }
        return leader
    }

    /// What keeps this broker from changing a transaction; nil if nothing does. Kafka writes each change with `acks=all` to a topic whose
    /// `min.insync.replicas` is `transaction.state.log.min.isr`.
    func coordinatorProblem(ofTransaction id: String, _ context: RequestContext) -> ErrorCode? {
        guard coordinates(.transaction, id, context) else { return .notCoordinator }
        guard let partition = coordinatingPartition(.transaction, id),
            partition.inSync.count >= Int(partition.settings.minimumInSyncReplicas)
        else { return .coordinatorNotAvailable }
        return nil
    }

    /// Has the groups of a partition of `__consumer_offsets` answer that their coordinator is another one now.
    func coordinatorMoved(from partition: Partition) {
        guard let count = topics[InternalTopic.consumerOffsets.rawValue]?.partitions.count else { return }
        for group in groups.groupIds
        where CoordinatorTable.partition(of: group, among: count) == partition.index
            && coordinators.moved(.group, group) == nil
        {
            perform(groups.abortPending(group: group, now: now), now: now)
        }
    }

    /// - Throws: for what may be changed by nobody here: groups and transactions are found by the number of its partitions.
    func refuseInternal(_ name: String) throws(RequestProblem) {
        guard InternalTopic.isInternal(name), topics[name] != nil else { return }
        throw RequestProblem(
            .invalidRequest, "Topic '\(name)' is internal: this broker neither deletes it nor adds partitions.")
    }
}
