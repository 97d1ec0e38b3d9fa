internal import CRdKafka

extension AdminClient {
    /// What a group committed: all of it, or of these partitions (where nothing was committed, no entry).
    public func groupOffsets(
        _ group: String, partitions: [TopicPartition]? = nil, timeout: Duration
    ) throws(KafkaError) -> [TopicPartition: Int64] {
        try ProtocolString.check(groups: [group], "asking for committed offsets of a group")
        try ProtocolString.check(topics: (partitions ?? []).lazy.map(\.topic), "asking for committed offsets")
        let activity = "asking for committed offsets of group \(group)"
        var request: OpaquePointer?
        if let partitions {
            let list = PartitionList(partitions)
            request = rd_kafka_ListConsumerGroupOffsets_new(group, list.pointer)
        } else {
            request = rd_kafka_ListConsumerGroupOffsets_new(group, nil)
        }
        defer { rd_kafka_ListConsumerGroupOffsets_destroy(request) }
        return try client.insisting(until: Deadline(after: timeout), activity: activity) {
            deadline throws(KafkaError) in
            let asking = try asking(about: group)
            return try asking.request(
                RD_KAFKA_ADMIN_OP_LISTCONSUMERGROUPOFFSETS, activity: activity, timeout: deadline.remaining
            ) { options, queue in
                rd_kafka_ListConsumerGroupOffsets(asking.client.pointer, &request, 1, options, queue)
            } read: { event throws(KafkaError) in
                var count = 0
                let results = rd_kafka_ListConsumerGroupOffsets_result_groups(
                    rd_kafka_event_ListConsumerGroupOffsets_result(event), &count)
                guard count == 1, let result = results?[0] else { return [:] }
                return try Self.committed(result, activity: activity)
            }
        }
    }

    private static func committed(
        _ group: OpaquePointer, activity: String
    ) throws(KafkaError) -> [TopicPartition: Int64] {
        if let error = KafkaError.ifAny(borrowing: rd_kafka_group_result_error(group), activity: activity) {
            throw error
        }
        let list = rd_kafka_group_result_partitions(group)
        try PartitionList.checkEach(list, activity)
        let committed = PartitionList.elements(of: list).filter { $0.offset >= 0 }
        return Dictionary(committed.map { ($0.topicPartition, $0.offset) }, uniquingKeysWith: { $1 })
    }

    /// Commits offsets for a group that nobody is in, and makes the group if there is none; the result has an entry for each
    /// partition, nil where it was committed.
    ///
    /// - Parameter offsets: none of them negative.
    public func alterGroupOffsets(
        _ group: String, to offsets: [TopicPartition: Int64], timeout: Duration
    ) throws(KafkaError) -> [TopicPartition: KafkaError?] {
        guard !offsets.isEmpty else { return [:] }
        try ProtocolString.check(groups: [group], "committing offsets for a group")
        try ProtocolString.check(topics: offsets.keys.lazy.map(\.topic), "committing offsets for a group")
        let activity = "committing offsets for group \(group)"
        let list = PartitionList(offsets.map { TopicPartitionOffset($0.key.topic, $0.key.partition, $0.value) })
        var request = rd_kafka_AlterConsumerGroupOffsets_new(group, list.pointer)
        defer { rd_kafka_AlterConsumerGroupOffsets_destroy(request) }
        let deadline = Deadline(after: timeout)
        while true {
            let answers = try client.insisting(until: deadline, activity: activity) { deadline throws(KafkaError) in
                try alterOnce(&request, activity: activity, timeout: deadline.remaining)
            }
            // The same offsets may be committed again.
            let isPassing = answers.values.contains { $0?.isRetriable == true }
            guard isPassing, !deadline.hasPassed else { return answers }
            try client.pause(.milliseconds(50), until: deadline, activity: activity)
        }
    }

    private func alterOnce(
        _ request: inout OpaquePointer?, activity: String, timeout: Duration
    ) throws(KafkaError) -> [TopicPartition: KafkaError?] {
        let asking = try asking()
        return try asking.request(
            RD_KAFKA_ADMIN_OP_ALTERCONSUMERGROUPOFFSETS, activity: activity, timeout: timeout
        ) { options, queue in
            rd_kafka_AlterConsumerGroupOffsets(asking.client.pointer, &request, 1, options, queue)
        } read: { event throws(KafkaError) in
            var count = 0
            let results = rd_kafka_AlterConsumerGroupOffsets_result_groups(
                rd_kafka_event_AlterConsumerGroupOffsets_result(event), &count)
            guard count == 1, let result = results?[0] else { return [:] }
            if let error = KafkaError.ifAny(borrowing: rd_kafka_group_result_error(result), activity: activity) {
                throw error
            }
            return PartitionList.errors(of: rd_kafka_group_result_partitions(result), activity: activity)
        }
    }
}
