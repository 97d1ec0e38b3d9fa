internal import CRdKafka

extension Client {
    /// The offsets at a logical time, asked of every partition's leader; tried again while a leader is new, and once where a
    /// partition was added after this client last looked at the topic.
    ///
    /// A leader that has not heard of the topic yet, as while a cluster makes one of a deleted one's name, says that there is none: so
    /// it is asked again for a second.
    func offsets(
        _ partitions: [TopicPartition], at time: Int64, activity: String, timeout: Duration
    ) throws(KafkaError) -> [TopicPartition: Int64] {
        guard !partitions.isEmpty else { return [:] }
        try ProtocolString.check(topics: partitions.lazy.map(\.topic), activity)
        let deadline = Deadline(after: timeout)
        let patience = Deadline(after: min(timeout, .seconds(1)))
        var looksAgain = true
        while true {
            do {
                return try offsetsOfKnown(partitions, at: time, activity: activity, deadline: deadline)
            } catch  where error.code == RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION.rawValue && looksAgain {
                // Asking for offsets goes by what the client remembers, and does not look again by itself.
                looksAgain = false
                let topics = try metadata(.all, activity: activity, deadline: deadline).topics
                let known = Set(topics.flatMap { topic in topic.partitions.map { TopicPartition(topic.name, $0.id) } })
                guard known.isSuperset(of: partitions) else { throw error }
            } catch  where error.code == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART.rawValue && !patience.hasPassed {
                try pause(.milliseconds(50), until: patience, activity: activity)
            }
        }
    }

    private func offsetsOfKnown(
        _ partitions: [TopicPartition], at time: Int64, activity: String, deadline: Deadline
    ) throws(KafkaError) -> [TopicPartition: Int64] {
        try retrying(until: deadline, activity: activity) { deadline throws(KafkaError) in
            try attempting(until: deadline, activity: activity) { timeout throws(KafkaError) in
                // One request to each leader: in place of a time, ListOffsets takes −2 for the first offset and −1 for the end.
                let list = PartitionList(partitions, offset: time)
                let code = rd_kafka_offsets_for_times(
                    pointer, list.pointer, timeout.timeoutMilliseconds)
                do throws(KafkaError) {
                    if code != RD_KAFKA_RESP_ERR__TIMED_OUT { try list.checkEach(activity) }
                } catch  where error.code == RD_KAFKA_RESP_ERR__IN_PROGRESS.rawValue {
                    // The partition is still waited for, which says nothing; the call's own error does.
                    try KafkaError.check(code, activity)
                    try KafkaError.fail(RD_KAFKA_RESP_ERR__TIMED_OUT, activity)
                }
                try KafkaError.check(code, activity)
                return Dictionary(list.elements.map { ($0.topicPartition, $0.offset) }, uniquingKeysWith: { $1 })
            }
        }
    }
}
