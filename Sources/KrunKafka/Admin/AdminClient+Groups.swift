internal import CRdKafka

#if canImport(Darwin)
    internal import Darwin
#elseif canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

extension AdminClient {
    /// The names of all groups.
    public func listGroups(timeout: Duration) throws(KafkaError) -> [String] {
        let activity = "listing groups"
        return try request(RD_KAFKA_ADMIN_OP_LISTCONSUMERGROUPS, activity: activity, timeout: timeout) {
            options, queue in
            rd_kafka_ListConsumerGroups(client.pointer, options, queue)
        } read: { event throws(KafkaError) in
            let result = rd_kafka_event_ListConsumerGroups_result(event)
            var count = 0
            if let errors = rd_kafka_ListConsumerGroups_result_errors(result, &count), count > 0, let first = errors[0]
            {
                throw KafkaError(borrowing: first, activity: activity)
            }
            let groups = rd_kafka_ListConsumerGroups_result_valid(result, &count)
            return (0..<count).compactMap { index in
                groups?[index].map { String(cString: rd_kafka_ConsumerGroupListing_group_id($0)) }
            }
        }
    }

    /// The state of each group, in this order.
    public func describeGroups(_ groups: [String], timeout: Duration) throws(KafkaError) -> [GroupDescription] {
        guard !groups.isEmpty else { return [] }
        try ProtocolString.check(groups: groups, "describing groups")
        let activity = "describing " + Self.list(groups, one: "group", many: "groups")
        let described = try client.retrying(until: Deadline(after: timeout), activity: activity) {
            deadline throws(KafkaError) in
            let answers = try request(
                RD_KAFKA_ADMIN_OP_DESCRIBECONSUMERGROUPS, activity: activity, timeout: deadline.remaining
            ) { options, queue in
                withCStrings(groups) { names in
                    rd_kafka_DescribeConsumerGroups(client.pointer, names, groups.count, options, queue)
                }
            } read: { event throws(KafkaError) in
                var count = 0
                let results = rd_kafka_DescribeConsumerGroups_result_groups(
                    rd_kafka_event_DescribeConsumerGroups_result(event), &count)
                return (0..<count).compactMap { results?[$0].map(Self.description) }
            }
            // A cluster that has never had a group finds no coordinator at first.
            if let passing = answers.lazy.compactMap(\.error).first(where: \.isRetriable) { throw passing }
            return answers
        }
        return groups.compactMap { group in described.first { $0.group == group } }
    }

    /// Deletes groups, trying again while one is not empty yet; the result has an entry for each, nil where it was deleted.
    /// Throws when the first attempt fails; an error of a later one is that of each group that was left.
    public func deleteGroups(_ groups: [String], timeout: Duration) throws(KafkaError) -> [String: KafkaError?] {
        try ProtocolString.check(groups: groups, "deleting groups")
        let deadline = Deadline(after: timeout)
        return try Self.deletingAgain(groups, until: deadline) { groups throws(KafkaError) in
            try deleteGroupsOnce(groups, timeout: deadline.remaining)
        } pause: { () throws(KafkaError) in
            let activity = "deleting " + Self.list(groups, one: "group", many: "groups")
            try client.pause(.milliseconds(200), until: deadline, activity: activity)
        }
    }

    /// What `deleteGroups` does with the answers of its attempts.
    static func deletingAgain(
        _ groups: [String], until deadline: Deadline,
        attempt: ([String]) throws(KafkaError) -> [String: KafkaError?], pause: () throws(KafkaError) -> Void
    ) throws(KafkaError) -> [String: KafkaError?] {
        guard !groups.isEmpty else { return [:] }
        var answers = try attempt(groups)
        while true {
            // A static member that was closed stays in its group until its session ends.
            let remaining = groups.filter { answers[$0].flatMap { $0 }?.name == "NON_EMPTY_GROUP" }
            guard !remaining.isEmpty, !deadline.hasPassed else { return answers }
            do {
                try pause()
                answers.merge(try attempt(remaining)) { $1 }
            } catch {
                // That a group has members says more than that time is up.
                if !error.isTimeout { for group in remaining { answers.updateValue(error, forKey: group) } }
                return answers
            }
        }
    }

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
        let asking = try asking(about: group)
        return try client.retrying(until: Deadline(after: timeout), activity: activity) { deadline throws(KafkaError) in
            try asking.request(
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

    private func deleteGroupsOnce(_ groups: [String], timeout: Duration) throws(KafkaError) -> [String: KafkaError?] {
        let activity = "deleting " + Self.list(groups, one: "group", many: "groups")
        var requests: [OpaquePointer?] = groups.map { rd_kafka_DeleteGroup_new($0) }
        defer { rd_kafka_DeleteGroup_destroy_array(&requests, requests.count) }
        return try request(RD_KAFKA_ADMIN_OP_DELETEGROUPS, activity: activity, timeout: timeout) { options, queue in
            rd_kafka_DeleteGroups(client.pointer, &requests, requests.count, options, queue)
        } read: { event throws(KafkaError) in
            var count = 0
            let results = rd_kafka_DeleteGroups_result_groups(rd_kafka_event_DeleteGroups_result(event), &count)
            var answers: [String: KafkaError?] = [:]
            for index in 0..<count {
                guard let result = results?[index] else { continue }
                let name = String(cString: rd_kafka_group_result_name(result))
                let error = KafkaError.ifAny(
                    borrowing: rd_kafka_group_result_error(result), activity: "deleting group \(name)")
                answers.updateValue(error, forKey: name)
            }
            return answers
        }
    }

    private static func description(_ group: OpaquePointer) -> GroupDescription {
        let name = String(cString: rd_kafka_ConsumerGroupDescription_group_id(group))
        return GroupDescription(
            group: name,
            state: String(
                cString: rd_kafka_consumer_group_state_name(rd_kafka_ConsumerGroupDescription_state(group))),
            members: rd_kafka_ConsumerGroupDescription_member_count(group),
            error: KafkaError.ifAny(
                borrowing: rd_kafka_ConsumerGroupDescription_error(group), activity: "describing group \(name)"))
    }

    /// Calls with an array of C strings that live as long as the call.
    private func withCStrings(_ strings: [String], _ body: (UnsafeMutablePointer<UnsafePointer<CChar>?>) -> Void) {
        var copies = strings.map { UnsafePointer(strdup($0)) }
        defer { for copy in copies { free(UnsafeMutablePointer(mutating: copy)) } }
        body(&copies)
    }
}
