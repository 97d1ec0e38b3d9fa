internal import CRdKafka

/// Called by librdkafka inside a poll or a close, on the consuming thread.
///
/// A C callback is a file-level function: a closure may inherit an actor and then dies on a thread that is not the actor's.
nonisolated func receiveRebalance(
    _ client: OpaquePointer?, _ code: rd_kafka_resp_err_t,
    _ partitions: UnsafeMutablePointer<rd_kafka_topic_partition_list_t>?, _ opaque: UnsafeMutableRawPointer?
) {
    guard let consumer = ClientSink.from(opaque)?.consumer, let partitions else {
        // Whoever wanted these partitions is gone; the group must not wait for it.
        rd_kafka_assign(client, nil)
        return
    }
    let names = PartitionList.elements(of: partitions).map(\.topicPartition)
    do throws(KafkaError) {
        switch code {
        case RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS:
            try consumer.rebalanceAssigns(names)
        case RD_KAFKA_RESP_ERR__REVOKE_PARTITIONS:
            try consumer.rebalanceRevokes(names)
        default:
            rd_kafka_assign(client, nil)
            consumer.noteRevoked(Array(consumer.owned.keys))
            try KafkaError.fail(code, "rebalancing group \(consumer.group ?? "")")
        }
    } catch {
        consumer.pendingErrors.append(error)
    }
}

extension Consumer {
    /// Whether the group gives and takes single partitions instead of all at once.
    public var isCooperative: Bool {
        rd_kafka_rebalance_protocol(client.pointer).map { String(cString: $0) } == "COOPERATIVE"
    }

    fileprivate func rebalanceAssigns(_ given: [TopicPartition]) throws(KafkaError) {
        let names = known(given)
        let activity = "taking \(names.count) partitions of group \(group ?? "")"
        let offsets = names.isEmpty ? [] : delegate?.startOffsets(for: names, consumer: self) ?? []
        precondition(delegate == nil || offsets.count == names.count, "one start offset for each partition")
        let partitions = zip(names, offsets.isEmpty ? names.map { _ in LogicalOffset.stored } : offsets).map {
            TopicPartitionOffset($0.topic, $0.partition, $1)
        }
        // What is held back is given to librdkafka only by `resume`.
        let list = PartitionList(startsPaused ? [] : partitions)
        if startsPaused { held.formUnion(names) }
        if isCooperative {
            let kept = positions.all
            try KafkaError.check(
                consuming: rd_kafka_incremental_assign(client.pointer, list.pointer), activity)
            try readAgain(kept)
        } else {
            positions.removeAll()
            if !startsPaused { held.removeAll() }
            try KafkaError.check(rd_kafka_assign(client.pointer, list.pointer), activity)
        }
        try noteAssigned(partitions)
        delegate?.didAssign(names, consumer: self)
    }

    fileprivate func rebalanceRevokes(_ given: [TopicPartition]) throws(KafkaError) {
        // What was left out when it was given is not taken either.
        let owned = owned
        var seen: Set<TopicPartition> = []
        let names = given.filter { owned[$0] != nil && seen.insert($0).inserted }
        let activity = "giving up \(names.count) partitions of group \(group ?? "")"
        let lost = rd_kafka_assignment_lost(client.pointer) != 0
        let reached = names.map { TopicPartitionOffset($0.topic, $0.partition, owned[$0] ?? LogicalOffset.unknown) }
        delegate?.willRevoke(reached, lost: lost, consumer: self)
        noteRevoked(names)
        if isCooperative {
            let list = PartitionList(names.filter { !held.contains($0) })
            held.subtract(names)
            try KafkaError.check(
                consuming: rd_kafka_incremental_unassign(client.pointer, list.pointer), activity)
            try readAgain(positions.all)
        } else {
            held.removeAll()
            positions.removeAll()
            try KafkaError.check(rd_kafka_assign(client.pointer, nil), activity)
        }
    }

    /// Gives librdkafka partitions that were held back, from their positions on.
    func startReading(_ partitions: [TopicPartition]) throws(KafkaError) {
        let starting = Set(partitions).intersection(held)
        guard !starting.isEmpty else { return }
        held.subtract(starting)
        let activity = "beginning to read \(starting.count) partitions of group \(group ?? "")"
        if isCooperative {
            let list = PartitionList(positions.all.filter { starting.contains($0.topicPartition) })
            try KafkaError.check(
                consuming: rd_kafka_incremental_assign(client.pointer, list.pointer), activity)
        } else {
            let list = PartitionList(positions.all.filter { !held.contains($0.topicPartition) })
            try KafkaError.check(rd_kafka_assign(client.pointer, list.pointer), activity)
        }
    }

    /// Sends partitions that stay back to their positions. librdkafka paused them for the rebalance and goes on behind the last
    /// record that it put into a batch, also when the pause took that record out of the batch again.
    private func readAgain(_ partitions: [TopicPartitionOffset]) throws(KafkaError) {
        let known = partitions.filter { $0.offset >= 0 && !held.contains($0.topicPartition) }
        guard !known.isEmpty else { return }
        let list = PartitionList(known)
        try KafkaError.check(
            consuming: rd_kafka_seek_partitions(client.pointer, list.pointer, 0), "reading kept partitions again")
    }
}

/// Is asked and told when a group's partitions move; called on the consuming thread, from inside a poll or a close.
///
/// It may call the consumer's `commit`, `committed`, `memberID` and `generation`, not its polls.
public protocol ConsumerDelegate: AnyObject {
    /// Where to start in partitions about to be assigned: an offset for each, or one of `LogicalOffset`.
    func startOffsets(for partitions: [TopicPartition], consumer: Consumer) -> [Int64]

    /// Partitions have been assigned, perhaps none; with a cooperative assignor, only those that came.
    func didAssign(_ partitions: [TopicPartition], consumer: Consumer)

    /// Partitions are about to be taken, with the positions reached, to be committed now or never. When `lost`, others may
    /// own them already and a commit fails.
    func willRevoke(_ partitions: [TopicPartitionOffset], lost: Bool, consumer: Consumer)

    /// The group's leader gave this member so many more partitions, which it did not subscribe to or which are not there; they are left
    /// out of what is assigned.
    func didLeaveOut(_ count: Int, consumer: Consumer)

    /// Whether questions about partitions are not to be waited for any more; looked at every 100 ms.
    var isWaitOver: Bool { get }
}

extension ConsumerDelegate {
    public func didLeaveOut(_ count: Int, consumer: Consumer) {}
    public var isWaitOver: Bool { false }
}
