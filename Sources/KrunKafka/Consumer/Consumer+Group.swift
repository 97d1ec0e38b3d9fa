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
        let deadline = Deadline(after: timeout)
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
