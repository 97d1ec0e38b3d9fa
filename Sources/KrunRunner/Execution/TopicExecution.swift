import KrunChecks
import KrunConnection
import KrunDiagnostics
import KrunJSON
import KrunKafka
import KrunOutcome
import KrunScenario

/// Runs one `topic` step: changes a topic, waits until the cluster has it so, and looks at it.
struct TopicExecution: StepExecution {
    let step: Step
    let topic: TopicStep
    let run: ScenarioRun

    private var admin: AdminClient { run.cluster.admin }
    private var name: String { topic.topic }
    private var actual: String { run.topics.find(name)?.actual ?? run.names.actual(name) }

    func execute() throws(RunStop) -> StepResult {
        let clock = Deadline(after: run.scenario.timeouts.connect)
        var outcome = TopicStepOutcome(topic: name, change: topic.change.kind)
        try refuseOthers()
        var failure: KafkaError?
        do {
            try held { () throws(KafkaError) in try change(&outcome, clock) }
        } catch {
            failure = error
        }
        if run.interruption.isRequested { throw .interrupted }
        if let failure {
            guard topic.expect.error != nil, topic.change.kind != nil else {
                throw trouble(topic.change.failure(of: name), failure)
            }
            outcome.error = failure.name
        }
        if case .compact = topic.change, failure == nil { try compact() }
        if outcome.change != .delete || failure != nil {
            do {
                try held { () throws(KafkaError) in try look(&outcome, clock) }
            } catch {
                if run.interruption.isRequested { throw .interrupted }
                if failure == nil { throw trouble("cannot look at topic \(name)", error) }
            }
        }
        outcome.duration = clock.elapsed
        return StepResult { [outcome] in StepResult.Conclusion(result: .topic(outcome)) }
    }

    /// Without a suffix the name may be somebody else's topic, where the run has none of it: then nothing is asked of it.
    private func refuseOthers() throws(RunStop) {
        switch topic.change {
        case .none, .create: return
        case .delete, .partitions, .deleteRecords, .config, .compact: break
        }
        guard run.cluster.isShared, run.names.suffix.isEmpty, run.topics.find(name)?.isThere != true else { return }
        throw .trouble(
            run.diagnostic(
                .runtime, "topic \(name) is none of this run's", step: step,
                notes: [
                    "with --exact-names a topic of that name may be somebody else's: krun changes only what it has made"
                ]))
    }

    private func held<Value>(_ body: () throws(KafkaError) -> Value) throws(KafkaError) -> Value {
        let patience = Patience(
            budget: run.scenario.timeouts.connect, watch: run.cluster.watch, interruption: run.interruption)
        return try run.cluster.adminHold.with(patience, body)
    }

    private func trouble(_ title: String, _ error: KafkaError) -> RunStop {
        let notes = error.name == "INVALID_REPLICATION_FACTOR" ? Hints.replication : []
        guard case .trouble(var diagnostic) = run.trouble(title, error, step: step) else { return .interrupted }
        diagnostic.notes += notes
        return .trouble(diagnostic)
    }

    // MARK: The change

    private func change(_ outcome: inout TopicStepOutcome, _ clock: Deadline) throws(KafkaError) {
        switch topic.change {
        case .none, .compact: break
        case .create(let declaration): try create(declaration, clock)
        case .delete: try delete(clock)
        case .partitions(let count): try add(count, &outcome, clock)
        case .deleteRecords(let offsets):
            run.wait("deleting records", step: step)
            let answers = try admin.deleteRecords(
                before: Dictionary(
                    offsets.map { (TopicPartition(actual, $0.key), $0.value) }, uniquingKeysWith: { $1 }),
                timeout: clock.remaining)
            run.topics.update(name) { $0.removal = "step \(step.path) deleted records of \(name)" }
            let failures = answers.sorted { $0.key.partition < $1.key.partition }.compactMap(\.value)
            if let failure = failures.first { throw failure }
        case .config(let configs): try set(configs, clock)
        }
    }

    private func create(_ declaration: TopicDeclaration, _ clock: Deadline) throws(KafkaError) {
        run.wait("creating the topic", step: step)
        let actual = run.names.actual(name)
        let partitions = declaration.partitions ?? 1
        do {
            try admin.createTopic(
                NewTopic(
                    name: actual, partitions: partitions, replicationFactor: declaration.replicationFactor ?? -1,
                    config: Dictionary(declaration.config.map { ($0.name, $0.value) }) { $1 }),
                timeout: clock.remaining)
        } catch {
            // Created or not, nobody knows; with its suffix the name can be nobody else's.
            let isUnclear = error.code < 0 || error.isTimeout
            if isUnclear, !run.names.suffix.isEmpty { run.topics.own(actual, true) }
            throw error
        }
        run.topics.own(actual, true)
        run.register(declaration, partitions: partitions, isMadeByStep: true)
        try admin.waitUntilReady([actual: partitions], timeout: max(clock.remaining, .seconds(1)))
        run.topicChanged(name)
    }

    private func delete(_ clock: Deadline) throws(KafkaError) {
        run.wait("deleting the topic", step: step)
        let actual = actual
        let answers = try admin.deleteTopics([actual], timeout: clock.remaining)
        if let failure = answers[actual].flatMap({ $0 }) { throw failure }
        run.topics.own(actual, false)
        run.topicDeleted(name)
        // Brokers hear of it one after the other.
        let deadline = Deadline(after: Budget.topicChange)
        while !deadline.hasPassed, !run.interruption.isRequested {
            let found = try admin.metadata(topics: [actual], timeout: max(clock.remaining, .seconds(1))).topics.first
            if found?.error != nil { return }
            run.interruption.sleep(.milliseconds(50))
        }
    }

    private func add(_ count: Int, _ outcome: inout TopicStepOutcome, _ clock: Deadline) throws(KafkaError) {
        run.wait("adding partitions", step: step)
        let before = run.topics.find(name)?.partitions ?? 0
        // A member may be given one before this is answered.
        run.topics.update(name) { $0.partitionsToCome = max(count, $0.partitionsToCome) }
        do {
            try admin.createPartitions(actual, total: count, timeout: clock.remaining)
        } catch {
            run.topics.update(name) { $0.partitionsToCome = $0.partitions }
            throw error
        }
        try admin.waitUntilReady([actual: count], timeout: max(clock.remaining, .seconds(1)))
        outcome.partitionsBefore = before
        run.topicGrew(name, to: count)
    }

    private func set(_ configs: [TopicStep.Config], _ clock: Deadline) throws(KafkaError) {
        run.wait("setting configs", step: step)
        let changes = Dictionary(configs.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
        try admin.alterTopicConfig(actual, changes, timeout: clock.remaining)
        run.topicConfigured(name, configs)
        // The broker that answered has them soon, and need not be the one that is asked next.
        let deadline = Deadline(after: Budget.topicChange)
        while !deadline.hasPassed, !run.interruption.isRequested {
            let entries = try admin.topicConfigEntries(actual, timeout: max(clock.remaining, .seconds(1)))
            let own = Set(entries.filter { $0.source == .topic }.map(\.name))
            let values = Dictionary(entries.map { ($0.name, $0.value ?? "") }, uniquingKeysWith: { $1 })
            let isThere = changes.allSatisfy { name, value in
                guard let value else { return !own.contains(name) }
                return own.contains(name) && values[name] == value
            }
            if isThere { return }
            run.interruption.sleep(.milliseconds(50))
        }
    }

    private func compact() throws(RunStop) {
        if run.cluster.compactNow(actual) { return }
        try CompactionWatch(step: step, topic: name, run: run).wait()
    }

    // MARK: The look

    private func look(_ outcome: inout TopicStepOutcome, _ clock: Deadline) throws(KafkaError) {
        let timeout = max(clock.remaining, .seconds(1))
        guard let found = try admin.metadata(topics: [actual], timeout: timeout).topics.first, found.error == nil
        else { return }
        outcome.partitions = found.partitions.count
        outcome.replicas = found.partitions.map(\.replicas.count).min()
        let partitions = found.partitions.filter { $0.leader >= 0 }.map { TopicPartition(actual, $0.id) }
        let first = try admin.beginningOffsets(partitions, timeout: timeout)
        let ends = try admin.endOffsets(partitions, timeout: timeout)
        for partition in partitions {
            guard let first = first[partition], let end = ends[partition] else { continue }
            outcome.offsets[partition.partition] = .init(first: first, end: end)
        }
        var names = topic.expect.config.map(\.name)
        if case .config(let configs) = topic.change { names += configs.map(\.name) }
        guard !names.isEmpty else { return }
        let config = try admin.topicConfig(actual, timeout: timeout)
        outcome.config = config.filter { names.contains($0.key) }
    }
}

extension TopicStep.Change {
    /// nil for a look.
    fileprivate var kind: TopicStepOutcome.Change? {
        switch self {
        case .none: nil
        case .create: .create
        case .delete: .delete
        case .partitions: .partitions
        case .deleteRecords: .deleteRecords
        case .config: .config
        case .compact: .compact
        }
    }

    /// That it could not be done.
    fileprivate func failure(of topic: String) -> String {
        switch self {
        case .none: "cannot look at topic \(topic)"
        case .create: "cannot create topic \(topic)"
        case .delete: "cannot delete topic \(topic)"
        case .partitions: "cannot add partitions to topic \(topic)"
        case .deleteRecords: "cannot delete records of topic \(topic)"
        case .config: "cannot set configs of topic \(topic)"
        case .compact: "cannot compact topic \(topic)"
        }
    }
}
