import KrunKafka
import KrunOutcome

/// Deletes what a run made, groups before topics, and says what became of each.
enum Cleaner {
    static let budget: Duration = .seconds(15)

    /// Deletes with a client of its own: that of the run may have been interrupted.
    static func delete(_ owned: OwnedNames, properties: ClientProperties, log: ClientLog) -> CleanupOutcome {
        do {
            return delete(owned, admin: try AdminClient(properties: properties, log: log))
        } catch {
            var outcome = CleanupOutcome()
            let reason = "\(error.name): \(error.reason)"
            outcome.left =
                owned.groups.map { .init(kind: "group", name: $0, reason: reason) }
                + owned.topics.map { .init(kind: "topic", name: $0, reason: reason) }
            return outcome
        }
    }

    static func delete(_ owned: OwnedNames, admin: AdminClient) -> CleanupOutcome {
        var outcome = CleanupOutcome()
        let (groups, groupsLeft) = outcomes(
            of: owned.groups, kind: "group", absent: ["GROUP_ID_NOT_FOUND"]
        ) { (names) throws(KafkaError) in
            try admin.deleteGroups(names, timeout: budget)
        }
        let (topics, topicsLeft) = outcomes(
            of: owned.topics, kind: "topic", absent: ["UNKNOWN_TOPIC_OR_PART"]
        ) { (names) throws(KafkaError) in
            try admin.deleteTopics(names, timeout: budget)
        }
        outcome.deletedGroups = groups
        outcome.deletedTopics = topics
        outcome.left = groupsLeft + topicsLeft
        return outcome
    }

    /// What is not there counts neither as deleted nor as left.
    private static func outcomes(
        of names: [String], kind: String, absent: Set<String>,
        by delete: ([String]) throws(KafkaError) -> [String: KafkaError?]
    ) -> (deleted: [String], left: [CleanupOutcome.Left]) {
        guard !names.isEmpty else { return ([], []) }
        let answers: [String: KafkaError?]
        do {
            answers = try delete(names)
        } catch {
            return ([], names.map { .init(kind: kind, name: $0, reason: "\(error.name): \(error.reason)") })
        }
        var deleted: [String] = []
        var left: [CleanupOutcome.Left] = []
        for name in names {
            if let error = answers[name] ?? nil {
                if !absent.contains(error.name) {
                    left.append(.init(kind: kind, name: name, reason: "\(error.name): \(error.reason)"))
                }
            } else {
                deleted.append(name)
            }
        }
        return (deleted, left)
    }
}
