import KrunChecks
import KrunConnection
import KrunDiagnostics
import KrunJSON
import KrunKafka
import KrunOutcome
import KrunScenario

/// Creates a scenario's topics, or looks at those that are there already, and waits until every partition has a leader.
struct TopicPreparation {
    let run: ScenarioRun

    /// Tells `owned` of each topic as soon as it may be ours.
    func prepare(_ owned: inout OwnedNames, _ outcome: inout ScenarioOutcome) throws(RunStop) {
        let deadline = Deadline(after: run.scenario.timeouts.connect)
        var ready: [String: Int] = [:]
        for topic in run.scenario.topics {
            if run.interruption.isRequested { throw .interrupted }
            if topic.existing, let known = run.cluster.known(topic.name) {
                take(topic, known.partitions, cleanupPolicy: known.cleanupPolicy, &outcome)
                continue
            }
            let partitions =
                topic.existing
                ? try lookUp(topic, deadline: deadline) : try create(topic, deadline: deadline, &owned)
            ready[run.actualName(of: topic)] = partitions
            take(
                topic, partitions, cleanupPolicy: topic.existing ? cleanupPolicy(topic, deadline) : nil, &outcome)
        }
        guard !ready.isEmpty else { return }
        do {
            try run.cluster.admin.waitUntilReady(ready, timeout: max(deadline.remaining, .seconds(1)))
        } catch {
            throw .trouble(
                Diagnostic(
                    .runtime, "not every partition has a leader within timeouts.connect",
                    notes: ["\(error.name): \(error.reason)"] + run.recentTrouble()))
        }
    }

    private func take(
        _ topic: TopicDeclaration, _ partitions: Int, cleanupPolicy: String?, _ outcome: inout ScenarioOutcome
    ) {
        run.register(topic, partitions: partitions, cleanupPolicy: cleanupPolicy)
        outcome.topics.append(
            TopicOutcome(
                name: topic.name, actualName: run.actualName(of: topic), partitions: partitions,
                replicationFactor: topic.replicationFactor, existing: topic.existing))
    }

    /// Returns how many partitions it has.
    private func create(
        _ topic: TopicDeclaration, deadline: Deadline, _ owned: inout OwnedNames
    ) throws(RunStop) -> Int {
        let name = run.actualName(of: topic)
        let partitions = topic.partitions ?? 1
        if let brokers = run.cluster.outcome.brokers, let factor = topic.replicationFactor, factor > brokers {
            throw .trouble(
                Diagnostic(
                    .runtime, "topic \(topic.name) asks for \(factor) replicas of each partition",
                    at: topic.place(of: "replicationFactor"),
                    label: "this cluster has \(brokers) \(brokers == 1 ? "broker" : "brokers")",
                    notes: Hints.replication))
        }
        do {
            try run.cluster.admin.createTopic(
                NewTopic(
                    name: name, partitions: partitions, replicationFactor: topic.replicationFactor ?? -1,
                    config: Dictionary(topic.config.map { ($0.name, $0.value) }) { $1 }),
                timeout: deadline.remaining)
        } catch {
            // Created or not, nobody knows; with its suffix the name can be nobody else's.
            let isUnclear = error.code < 0 || error.isTimeout || error.name == "TOPIC_ALREADY_EXISTS"
            if isUnclear, !run.names.suffix.isEmpty { owned.topics.append(name) }
            throw .trouble(
                Diagnostic(
                    .runtime, "cannot create topic \(topic.name)", at: topic.place(),
                    notes: ["\(error.name): \(error.reason)"] + run.hints(for: error) + run.recentTrouble()))
        }
        owned.topics.append(name)
        return partitions
    }

    /// nil where nobody says, as to a user who may not describe configs.
    private func cleanupPolicy(_ topic: TopicDeclaration, _ deadline: Deadline) -> String? {
        let timeout = min(deadline.remaining, Self.configBudget)
        return (try? run.cluster.admin.topicConfig(topic.name, timeout: timeout))?["cleanup.policy"]
    }

    /// How long an existing topic's configs are waited for; without them less can be judged.
    private static let configBudget: Duration = .seconds(2)

    private func lookUp(_ topic: TopicDeclaration, deadline: Deadline) throws(RunStop) -> Int {
        let found: ClusterMetadata.Topic?
        do {
            found = try run.cluster.admin.metadata(topics: [topic.name], timeout: deadline.remaining).topics.first
        } catch {
            throw .trouble(
                Diagnostic(
                    .runtime, "cannot look up topic \(topic.name)", at: topic.place(),
                    notes: ["\(error.name): \(error.reason)"] + run.hints(for: error) + run.recentTrouble()))
        }
        guard let found, found.error == nil, !found.partitions.isEmpty else {
            // That it is unknown is what the title says.
            let error = found?.error.flatMap { $0.name == "UNKNOWN_TOPIC_OR_PART" ? nil : $0 }
            let reasons = error.map { ["\($0.name): \($0.reason)"] + run.hints(for: $0) } ?? []
            let hint =
                run.cluster.isShared
                ? "create it first, or leave out \"existing\" and krun creates one for this run"
                : "the embedded broker is always new: leave out \"existing\", or use --brokers host:port"
            throw .trouble(
                Diagnostic(
                    .runtime, "there is no topic \(topic.name) on this broker",
                    at: topic.place(of: "existing"),
                    notes: reasons + [hint]))
        }
        if let declared = topic.partitions, declared != found.partitions.count {
            let mismatch = Mismatch(
                .init("partitions", topic: topic.name), expected: .number(Int64(declared)),
                actual: .number(Int64(found.partitions.count)))
            let isLiteral = topic.node["partitions"]?.integer != nil
            throw .trouble(
                Diagnostic(
                    .failure, "topic \(topic.name) has another number of partitions than the file says",
                    at: topic.place(of: "partitions"),
                    label: MismatchText.label(mismatch, showsExpected: !isLiteral), mismatch: mismatch))
        }
        return found.partitions.count
    }
}
