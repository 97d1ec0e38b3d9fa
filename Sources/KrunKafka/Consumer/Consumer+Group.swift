internal import CKrunShims
internal import CRdKafka

extension Consumer {
    /// The name the group's coordinator gave this member; nil before it joined.
    public var memberID: String? {
        guard let name = rd_kafka_memberid(client.pointer) else { return nil }
        defer { rd_kafka_mem_free(client.pointer, name) }
        return name.pointee == 0 ? nil : String(cString: name)
    }

    /// The group's generation as this member knows it; −1 before it joined.
    public var generation: Int32 {
        guard let metadata = rd_kafka_consumer_group_metadata(client.pointer) else { return -1 }
        defer { rd_kafka_consumer_group_metadata_destroy(metadata) }
        return krun_generation(metadata)
    }

    /// What the group's coordinator knows this member by, for `Producer.sendOffsets`; nil without a group.
    public func groupMetadata() -> GroupMetadata? {
        guard group != nil, let metadata = rd_kafka_consumer_group_metadata(client.pointer) else { return nil }
        return GroupMetadata(metadata)
    }

    /// Lets the member look whether a heartbeat is due, by which it hears of rebalances: librdkafka by itself looks twice a second, whatever
    /// `heartbeat.interval.ms` says.
    public func lookAtGroup() {
        // Any question to the thread that serves the group makes it look.
        _ = generation
    }

    /// Lets the member look at all topics, so that the group learns of partitions that were added and of topics that came or went: librdkafka by
    /// itself looks every `topic.metadata.refresh.interval.ms`. Nobody answering in time is no error: it looks by itself later.
    ///
    /// - Parameter isOver: as in `commit`.
    public func lookAtTopics(timeout: Duration, isOver: @escaping () -> Bool = { false }) {
        let activity = "asking for the cluster's metadata"
        let client = client
        // Of an answer about all topics librdkafka tells the group.
        _ = try? LongCall.run(activity: activity) { () throws(KafkaError) in
            if isOver() { throw KafkaError.cancelled(activity) }
        } _: { () throws(KafkaError) in
            _ = try client.metadata(.all, activity: activity, deadline: CallDeadline(after: timeout))
        }
    }

    /// Whether the group has taken away what it owns without asking, as from a member that did not poll in time; others may own it already,
    /// and a poll will say so.
    public var isAssignmentLost: Bool { rd_kafka_assignment_lost(client.pointer) != 0 }

    /// What the group committed for these partitions; nil where it committed nothing. `isOver` is as in `commit`.
    public func committed(
        _ partitions: [TopicPartition], timeout: Duration, isOver: () -> Bool = { false }
    ) throws(KafkaError) -> [TopicPartition: Int64?] {
        let activity = "asking for committed offsets of group \(group ?? "")"
        let client = client
        return try LongCall.run(activity: activity) { () throws(KafkaError) in
            if isOver() { throw KafkaError.cancelled(activity) }
        } _: { () throws(KafkaError) in
            let list = PartitionList(partitions)
            try KafkaError.check(
                rd_kafka_committed(client.pointer, list.pointer, timeout.timeoutMilliseconds), activity)
            try list.checkEach(activity)
            return Dictionary(
                list.elements.map { ($0.topicPartition, $0.offset < 0 ? nil : $0.offset) }, uniquingKeysWith: { $1 })
        }
    }

    /// Commits offsets (the next ones to be read) and waits for the answer; throws the first partition's error.
    /// Logical offsets are left out: nothing was read there, and nothing is to be committed. `isOver` is looked at every 100 ms;
    /// once it is true, an error is thrown whose `isCancelled` is true.
    public func commit(
        _ offsets: [TopicPartitionOffset], timeout: Duration, isOver: () -> Bool = { false }
    ) throws(KafkaError) {
        let offsets = offsets.filter { $0.offset >= 0 }
        guard !offsets.isEmpty else { return }
        let activity = "committing offsets of group \(group ?? "")"
        let list = PartitionList(offsets)
        // The blocking commit has no timeout; the answer to this one comes on a queue of its own.
        let queue = client.makeQueue()
        try KafkaError.check(
            rd_kafka_commit_queue(client.pointer, list.pointer, queue.pointer, nil, nil), activity)
        let deadline = CallDeadline(after: timeout)
        var answer: OpaquePointer?
        repeat {
            if isOver() { throw KafkaError.cancelled(activity) }
            answer = rd_kafka_queue_poll(
                queue.pointer, min(deadline.remaining, .milliseconds(100)).timeoutMilliseconds)
        } while answer == nil && !deadline.hasPassed
        guard let event = answer else { try KafkaError.fail(RD_KAFKA_RESP_ERR__TIMED_OUT, activity) }
        defer { rd_kafka_event_destroy(event) }
        try PartitionList.checkEach(rd_kafka_event_topic_partition_list(event), activity)
        try KafkaError.check(rd_kafka_event_error(event), activity)
    }
}

// MARK: - Assignment

/// What a group's leader gives this member is checked before it is believed: the leader may be anybody.
extension Consumer {
    /// How long topics are asked for once more that lack a partition: it may have been added just now.
    private static let patience = Duration.seconds(1)
    /// Below this number a partition is believed where nobody can be asked.
    private static let plausible = 10_000

    /// Those that were subscribed to and are there, each once; the others are told to the delegate and noted in the log.
    func known(_ given: [TopicPartition]) -> [TopicPartition] {
        var seen: Set<TopicPartition> = []
        let meant = given.filter {
            positions.index(of: $0.topic) != nil && $0.partition >= 0 && seen.insert($0).inserted
        }
        let isAnswered = learnCounts(of: meant)
        let known = meant.filter { isThere($0) || (!isAnswered && $0.partition < Self.plausible) }
        let unknown = given.count - known.count
        if unknown > 0 {
            client.sink.log.append(
                KafkaError(
                    code: RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION.rawValue,
                    activity: "taking partitions of group \(group ?? "")",
                    reason:
                        "the group's leader gave this member \(unknown) that it did not subscribe to or that are not there"
                ))
            delegate?.didLeaveOut(unknown, consumer: self)
        }
        return known
    }

    private func isThere(_ partition: TopicPartition) -> Bool {
        Int(partition.partition) < partitionCounts[partition.topic] ?? 0
    }

    /// Asks about the topics of partitions that nothing is known of; false where nobody answered.
    private func learnCounts(of partitions: [TopicPartition]) -> Bool {
        let activity = "asking for the partitions of group \(group ?? "")"
        let deadline = CallDeadline(after: Self.patience)
        let client = client
        while true {
            let doubtful = Set(partitions.lazy.filter { !self.isThere($0) }.map(\.topic)).sorted()
            if doubtful.isEmpty { return true }
            do throws(KafkaError) {
                let counts = try LongCall.run(activity: activity) { () throws(KafkaError) in
                    if delegate?.isWaitOver == true { throw KafkaError.cancelled(activity) }
                } _: { () throws(KafkaError) in
                    try client.partitionCounts(
                        of: doubtful, activity: activity, deadline: CallDeadline(after: .seconds(3)))
                }
                partitionCounts.merge(counts) { $1 }
            } catch {
                return false
            }
            if deadline.hasPassed || partitions.allSatisfy({ isThere($0) }) { return true }
            deadline.pause(.milliseconds(100))
        }
    }
}

extension Client {
    fileprivate func partitionCounts(
        of topics: [String], activity: String, deadline: CallDeadline
    ) throws(KafkaError) -> [String: Int] {
        var counts: [String: Int] = [:]
        for topic in topics {
            guard let pointer = rd_kafka_topic_new(pointer, topic, nil) else {
                try KafkaError.fail(rd_kafka_last_error(), activity)
            }
            let handle = CObject(pointer, keeping: object) { rd_kafka_topic_destroy($0) }
            counts[topic] =
                try metadata(.one(handle), activity: activity, deadline: deadline)
                .topics.first?.partitions.count ?? 0
        }
        return counts
    }
}
