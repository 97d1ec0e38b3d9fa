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
        return try client.retrying(until: Deadline(after: timeout), activity: activity) { deadline throws(KafkaError) in
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
        let asking = try asking()
        return try asking.request(
            RD_KAFKA_ADMIN_OP_DELETEGROUPS, activity: activity, timeout: timeout
        ) { options, queue in
            rd_kafka_DeleteGroups(asking.client.pointer, &requests, requests.count, options, queue)
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
