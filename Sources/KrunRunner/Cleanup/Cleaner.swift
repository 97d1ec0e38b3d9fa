import KrunConnection
import KrunKafka
import KrunNames
import KrunOutcome

/// Deletes what a run made, groups before topics, and says what became of each.
enum Cleaner {
    /// Deletes with a client of its own: that of the run may have been interrupted.
    ///
    /// It takes `Budget.cleanUp` for groups and as long for topics, and gives up where nothing answers.
    static func delete(
        _ owned: OwnedNames, properties: ClientProperties, log: ClientLog, watch: ClusterWatch?,
        interruption: Interruption
    ) -> CleanupOutcome {
        let patience = Patience(
            budget: Budget.cleanUp * 2, earliest: .now + Budget.silenceOfCleanUp, silence: Budget.silenceOfCleanUp,
            hurried: Budget.hurriedCleanUp, watch: watch, interruption: interruption)
        if patience.isOver { return left(owned, Self.silence(watch)) }
        do {
            let admin = try AdminClient(properties: properties, log: log) { patience.isOver }
            var outcome = delete(owned, admin: admin)
            if patience.isOver {
                for index in outcome.left.indices { outcome.left[index].reason = Self.silence(watch) }
            }
            return outcome
        } catch {
            return left(owned, "\(error.name): \(error.reason)")
        }
    }

    private static func silence(_ watch: ClusterWatch?) -> String { watch?.sentence ?? "no answer" }

    private static func left(_ owned: OwnedNames, _ reason: String) -> CleanupOutcome {
        var outcome = CleanupOutcome()
        outcome.left =
            owned.groups.map { .init(kind: "group", name: $0, reason: reason) }
            + owned.topics.map { .init(kind: "topic", name: $0, reason: reason) }
        return outcome
    }

    static func delete(_ owned: OwnedNames, admin: AdminClient) -> CleanupOutcome {
        var outcome = CleanupOutcome()
        let (groups, groupsLeft) = outcomes(
            of: owned.groups, kind: "group", absent: ["GROUP_ID_NOT_FOUND"]
        ) { (names) throws(KafkaError) in
            try admin.deleteGroups(names, timeout: Budget.cleanUp)
        }
        let (topics, topicsLeft) = outcomes(
            of: owned.topics, kind: "topic", absent: ["UNKNOWN_TOPIC_OR_PART"]
        ) { (names) throws(KafkaError) in
            let answers = try admin.deleteTopics(names, timeout: Budget.cleanUp)
            return Dictionary(uniqueKeysWithValues: answers.map { (ExactName($0), $1) })
        }
        outcome.deletedGroups = groups
        outcome.deletedTopics = topics
        outcome.left = groupsLeft + topicsLeft
        return outcome
    }

    /// What is not there counts neither as deleted nor as left.
    private static func outcomes(
        of names: [String], kind: String, absent: Set<String>,
        by delete: ([String]) throws(KafkaError) -> [ExactName: KafkaError?]
    ) -> (deleted: [String], left: [CleanupOutcome.Left]) {
        guard !names.isEmpty else { return ([], []) }
        let answers: [ExactName: KafkaError?]
        do {
            answers = try delete(names)
        } catch {
            return ([], names.map { .init(kind: kind, name: $0, reason: "\(error.name): \(error.reason)") })
        }
        var deleted: [String] = []
        var left: [CleanupOutcome.Left] = []
        for name in names {
            if let error = answers[ExactName(name)] ?? nil {
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
