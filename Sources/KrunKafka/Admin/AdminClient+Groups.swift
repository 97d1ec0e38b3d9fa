internal import CRdKafka
package import KrunNames

extension AdminClient {
    /// The names of all groups.
    public func listGroups(timeout: Duration) throws(KafkaError) -> [String] {
        try groupListings(timeout: timeout).map(\.group)
    }

    /// All consumer groups: those whose members subscribe, and those that only committed.
    public func groupListings(timeout: Duration) throws(KafkaError) -> [GroupListing] {
        let activity = "listing groups"
        // A coordinator that has just taken over has to read its groups first.
        return try client.retrying(until: CallDeadline(after: timeout), activity: activity) {
            deadline throws(KafkaError) in
            try request(
                RD_KAFKA_ADMIN_OP_LISTCONSUMERGROUPS, activity: activity, timeout: deadline.remaining
            ) { options, queue in
                rd_kafka_ListConsumerGroups(client.pointer, options, queue)
            } read: { event throws(KafkaError) in
                let result = rd_kafka_event_ListConsumerGroups_result(event)
                var count = 0
                let errors = rd_kafka_ListConsumerGroups_result_errors(result, &count)
                if count > 0, let first = errors?[0] { throw KafkaError(borrowing: first, activity: activity) }
                let groups = rd_kafka_ListConsumerGroups_result_valid(result, &count)
                return (0..<count).compactMap { groups?[$0].map(Self.listing) }
            }
        }
    }

    /// Deletes groups, trying again while one is not empty yet; the result has an entry for each, nil where it was deleted.
    /// Throws when the first attempt fails; an error of a later one is that of each group that was left.
    package func deleteGroups(
        _ groups: [String], timeout: Duration
    ) throws(KafkaError) -> [ExactName: KafkaError?] {
        try ProtocolString.check(groups: groups, "deleting groups")
        let deadline = CallDeadline(after: timeout)
        return try Self.deletingAgain(groups, until: deadline) { groups throws(KafkaError) in
            try deleteGroupsOnce(groups, timeout: deadline.remaining)
        } pause: { () throws(KafkaError) in
            let activity = "deleting " + Self.list(groups, one: "group", many: "groups")
            try client.pause(.milliseconds(200), until: deadline, activity: activity)
        }
    }

    /// What `deleteGroups` does with the answers of its attempts.
    static func deletingAgain(
        _ groups: [String], until deadline: CallDeadline,
        attempt: ([String]) throws(KafkaError) -> [ExactName: KafkaError?], pause: () throws(KafkaError) -> Void
    ) throws(KafkaError) -> [ExactName: KafkaError?] {
        guard !groups.isEmpty else { return [:] }
        var answers = try attempt(groups)
        while true {
            // A static member that was closed stays in its group until its session ends.
            let remaining = groups.filter { answers[ExactName($0)].flatMap { $0 }?.name == "NON_EMPTY_GROUP" }
            guard !remaining.isEmpty, !deadline.hasPassed else { return answers }
            do {
                try pause()
                let again = try attempt(remaining)
                // That a group has members says more than that time is up.
                answers.merge(again) { $1?.isTimeout == true ? $0 : $1 }
                if again.values.contains(where: { $0?.isTimeout == true }) { return answers }
            } catch {
                if !error.isTimeout { for group in remaining { answers.updateValue(error, forKey: ExactName(group)) } }
                return answers
            }
        }
    }

    private func deleteGroupsOnce(
        _ groups: [String], timeout: Duration
    ) throws(KafkaError) -> [ExactName: KafkaError?] {
        let activity = "deleting " + Self.list(groups, one: "group", many: "groups")
        var requests: [OpaquePointer?] = groups.map { rd_kafka_DeleteGroup_new($0) }
        defer { rd_kafka_DeleteGroup_destroy_array(&requests, requests.count) }
        let requester = try groupRequestClient()
        return try requester.request(
            RD_KAFKA_ADMIN_OP_DELETEGROUPS, activity: activity, timeout: timeout
        ) { options, queue in
            rd_kafka_DeleteGroups(requester.client.pointer, &requests, requests.count, options, queue)
        } read: { event throws(KafkaError) in
            var count = 0
            let results = rd_kafka_DeleteGroups_result_groups(rd_kafka_event_DeleteGroups_result(event), &count)
            var answers: [ExactName: KafkaError?] = [:]
            for index in 0..<count {
                guard let result = results?[index] else { continue }
                let name = String(cString: rd_kafka_group_result_name(result))
                let error = KafkaError.ifAny(
                    borrowing: rd_kafka_group_result_error(result), activity: "deleting group \(name)")
                answers.updateValue(error, forKey: ExactName(name))
            }
            return answers
        }
    }

    private static func listing(_ group: OpaquePointer) -> GroupListing {
        GroupListing(
            group: String(cString: rd_kafka_ConsumerGroupListing_group_id(group)),
            state: Self.name(of: rd_kafka_ConsumerGroupListing_state(group)))
    }

    private static func name(of state: rd_kafka_consumer_group_state_t) -> String {
        String(cString: rd_kafka_consumer_group_state_name(state))
    }
}

/// A consumer group as the list of all groups has it.
public struct GroupListing: Hashable, Sendable {
    public var group: String
    /// As in `GroupDescription`, but true for groups of either protocol; `Unknown` where librdkafka 2.0 does not know the state.
    public var state: String
}

// MARK: - Group offsets

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
        return try client.retryingUnanswered(until: CallDeadline(after: timeout), activity: activity) {
            deadline throws(KafkaError) in
            let requester = try groupRequestClient(of: group)
            return try requester.request(
                RD_KAFKA_ADMIN_OP_LISTCONSUMERGROUPOFFSETS, activity: activity, timeout: deadline.remaining
            ) { options, queue in
                rd_kafka_ListConsumerGroupOffsets(requester.client.pointer, &request, 1, options, queue)
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
        let deadline = CallDeadline(after: timeout)
        while true {
            let answers = try client.retryingUnanswered(until: deadline, activity: activity) {
                deadline throws(KafkaError) in
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
        let requester = try groupRequestClient()
        return try requester.request(
            RD_KAFKA_ADMIN_OP_ALTERCONSUMERGROUPOFFSETS, activity: activity, timeout: timeout
        ) { options, queue in
            rd_kafka_AlterConsumerGroupOffsets(requester.client.pointer, &request, 1, options, queue)
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
