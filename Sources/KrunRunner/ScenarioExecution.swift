import KrunBroker
import KrunChecks
import KrunConnection
import KrunDiagnostics
import KrunJSON
import KrunKafka
import KrunOutcome
import KrunScenario
import KrunSecrets

/// One execution of one scenario, on the thread that calls `run()`.
final class ScenarioExecution {
    private var scenario: Scenario
    /// What everything that is drawn is drawn with.
    private let seed: UInt64
    private let options: RunOptions
    private let interruption: Interruption
    private let companion: CompanionSeat
    private let log: ClientLog
    private var outcome: ScenarioOutcome
    private var owned = OwnedNames()
    private var embedded: EmbeddedCluster?
    private let began = ContinuousClock.now

    init(_ scenario: Scenario, options: RunOptions, interruption: Interruption) {
        self.scenario = scenario
        seed = options.seed ?? scenario.seed ?? options.usualSeed ?? UInt64(UInt32.random(in: 0...(.max)))
        self.options = options.masked(by: scenario.secrets)
        companion = CompanionSeat(options.companion, within: interruption)
        self.interruption = companion.interruption
        log = ClientLog(hiding: scenario.secrets, handler: options.onLogLine)
        outcome = ScenarioOutcome(file: scenario.file, name: scenario.name, status: .passed)
    }

    func run() -> ScenarioOutcome {
        let clock = Deadline(after: .zero)
        outcome.line = scenario.line
        outcome.description = scenario.description
        outcome.caseValues = scenario.caseValues
        outcome.tags = scenario.tags
        outcome.stepCount = scenario.steps.count
        outcome.startedAt = WallClock.millisecondsSince1970()
        do {
            // With what is drawn once for the whole run.
            if scenario.isLate {
                scenario = try scenario.decoded(with: LateValues(run: .init(seed: seed, startedAt: outcome.startedAt)))
            }
        } catch {
            outcome.status = .error
            outcome.diagnostics = error.all
            outcome.duration = clock.elapsed
            return outcome
        }
        outcome.diagnostics = scenario.skip == nil ? scenario.warnings(now: outcome.startedAt) : []
        runOnCluster()
        options.waits?.end()
        // Now that every client of it is gone.
        embedded?.close()
        outcome.duration = clock.elapsed
        return outcome.masked(by: scenario.secrets)
    }

    private func runOnCluster() {
        var cluster: (any Cluster)?
        do {
            try refuseBeforeConnecting()
            try refuseWithoutSecrets()
            try refuseTooManyBytes()
            try refuseMissingNeeds()
            let connected = try connect()
            cluster = connected
            outcome.broker = connected.outcome
            try check(scenario.requirements, on: connected)
            try MemberLimit.check(scenario, brokers: connected.outcome.brokers)
            try runSteps(on: connected)
        } catch {
            // What was given up because somebody asked for the end is no trouble of its own.
            record(companion.earlyEnd.map { .trouble($0) } ?? (interruption.isRequested ? .interrupted : error))
        }
        outcome.program = companion.end()
        if !outcome.steps.isEmpty { outcome.invariants = ScenarioLedger.mergedInvariants(of: outcome.allSteps) }
        if let cluster, cluster.isShared {
            options.onProgress?("cleaning up")
            options.waits?.begin("deleting what the run made")
            cleanUp(cluster)
        }
        if outcome.status == .error || outcome.status == .failed {
            outcome.clientLog = LogExcerpt.text(of: log.lines)
        }
    }

    // MARK: Before the first step

    private func refuseBeforeConnecting() throws(RunStop) {
        if let reason = scenario.skip { throw .unsupported(reason) }
        if !options.broker.isEmbedded, scenario.hasFaults {
            throw .unsupported("faults need the embedded broker: leave --brokers out")
        }
        for requirement in scenario.requirements {
            switch requirement.condition {
            case .embeddedBroker where !options.broker.isEmbedded:
                throw .unsupported("requires the embedded broker: leave --brokers out")
            case .realBroker where options.broker.isEmbedded:
                throw .unsupported("requires a real broker: --brokers host:port")
            case .librdkafka(let version) where KafkaLibrary.versionNumbers.lexicographicallyPrecedes(version):
                throw .unsupported("requires \(requirement.text), this is librdkafka \(KafkaLibrary.version)")
            default: continue
            }
        }
    }

    private func refuseWithoutSecrets() throws(RunStop) {
        guard let last = scenario.missingSecrets.last else { return }
        outcome.diagnostics += scenario.missingSecrets.dropLast()
        throw .trouble(last)
    }

    /// What a file says alone is told before anything is done.
    private func refuseTooManyBytes() throws(RunStop) {
        if let fault = scenario.fault(ofSendingMoreThan: options.maximumBytes) { throw .trouble(fault) }
    }

    private func refuseMissingNeeds() throws(RunStop) {
        if let fault = StepNeeds.fault(of: scenario, running: options.steps) { throw .trouble(fault) }
    }

    private func connect() throws(RunStop) -> any Cluster {
        if interruption.isRequested { throw .interrupted }
        switch options.broker.target {
        case .embedded(let brokers):
            return try startEmbedded(brokers: brokers ?? scenario.embeddedBrokers)
        case .standing(let standing): return try join(standing)
        case .kafka(let bootstrap):
            options.onProgress?("connecting to \(bootstrap)")
            return try KafkaCluster(
                bootstrap: bootstrap, chosenBy: options.broker.chosenBy, properties: options.properties, log: log,
                connect: scenario.timeouts.connect, interruption: interruption, waits: options.waits,
                tell: options.onNotice)
        }
    }

    private func startEmbedded(brokers: Int) throws(RunStop) -> EmbeddedBroker {
        let cluster: EmbeddedCluster
        do {
            cluster = try EmbeddedCluster(EmbeddedBroker.options(brokers: brokers))
        } catch {
            throw .trouble(
                Diagnostic(
                    .runtime, "the embedded broker does not start",
                    notes: [error.description] + (error.hint.map { [$0] } ?? [])))
        }
        embedded = cluster
        do {
            return try EmbeddedBroker(
                cluster, brokers: brokers, chosenBy: options.broker.chosenBy, properties: options.properties, log: log,
                interruption: interruption)
        } catch {
            throw .trouble(ConnectionTrouble.badProperties(error))
        }
    }

    private func join(_ standing: StandingCluster) throws(RunStop) -> EmbeddedBroker {
        let topics: ClusterAtHand
        do {
            topics = try standing.atHand()
        } catch {
            throw .trouble(Diagnostic(.runtime, error.description))
        }
        do {
            return try EmbeddedBroker(
                standing, with: topics, chosenBy: options.broker.chosenBy, properties: options.properties, log: log,
                interruption: interruption)
        } catch {
            throw .trouble(ConnectionTrouble.badProperties(error))
        }
    }

    private func check(_ requirements: [Requirement], on cluster: any Cluster) throws(RunStop) {
        for requirement in requirements {
            if case .brokers(let least) = requirement.condition, let brokers = cluster.outcome.brokers, brokers < least
            {
                throw .unsupported("requires \(requirement.text), this cluster has \(brokers)")
            }
        }
    }

    // MARK: Steps

    private func runSteps(on cluster: any Cluster) throws(RunStop) {
        let names =
            cluster.isShared && !options.exactNames
            ? RunNames.fresh(secondsSince1970: outcome.startedAt / 1000) : .exact
        outcome.seed = seed
        outcome.usesSeed = scenario.usesSeed
        let run = ScenarioRun(
            scenario: scenario, cluster: cluster, options: options, names: names, seed: seed,
            startedAt: outcome.startedAt, began: began, interruption: interruption)
        options.waits?.begin("waiting for topics and their leaders")
        try TopicPreparation(run: run).prepare(&owned, &outcome)
        try GroupPreparation(run: run).prepare(&owned, &outcome)
        defer {
            owned.topics = run.topics.owned(before: owned.topics)
            outcome.topics = run.topics.outcomes(before: outcome.topics)
        }
        defer {
            // Whoever leaves finds the cluster as it was.
            if !run.cluster.isStanding { run.cluster.faults?.endAll() }
            if run.producers.open > 0 { options.waits?.begin("aborting open transactions") }
            run.endProducers()
            if run.members.count > 0 { options.waits?.begin("leaving the groups") }
            run.endMembers()
        }
        options.waits?.begin("starting the program beside the steps")
        try companion.start(on: cluster, of: scenario.file)
        let scheduler = StepScheduler(run: run, onProgress: options.onProgress)
        let judge = StepJudge(run)
        defer { tellFaults(of: run, judge) }
        for step in scenario.steps {
            if interruption.isRequested { throw .interrupted }
            guard options.steps.contains(step) else {
                outcome.steps.append(
                    StepOutcome(
                        path: step.path, title: step.title, note: step.note, status: .skipped, duration: .zero,
                        result: nil))
                continue
            }
            let (stepOutcome, stop) = scheduler.execute(step, judge: judge)
            outcome.steps.append(stepOutcome)
            if stepOutcome.all.contains(where: { $0.status == .failed }) { outcome.status = .failed }
            if let stop { throw stop }
        }
        if let ended = companion.earlyEnd { throw .trouble(ended) }
    }

    /// How often each fault struck in the end; judged where every step was run.
    private func tellFaults(of run: ScenarioRun, _ judge: StepJudge) {
        guard let faults = run.cluster.faults, !run.cluster.isStanding, scenario.hasFaults else { return }
        faults.endAll()
        let isWhole = outcome.steps.count == scenario.steps.count && !interruption.isRequested
        outcome.steps = outcome.steps.map { judge.withFaultsOver($0, faults, judged: isWhole) }
        if outcome.status == .passed, outcome.allSteps.contains(where: { $0.status == .failed }) {
            outcome.status = .failed
        }
    }

    // MARK: The end

    private func record(_ stop: RunStop) {
        switch stop {
        case .interrupted: outcome.status = .interrupted
        case .unsupported(let reason):
            outcome.status = .skipped
            outcome.skipReason = reason
        case .trouble(let diagnostic):
            outcome.status = diagnostic.kind == .failure ? .failed : .error
            // A step's own trouble is told with the step.
            if !outcome.allSteps.contains(where: { $0.diagnostics.contains(diagnostic) }) {
                outcome.diagnostics.append(diagnostic)
            }
        }
    }

    private func cleanUp(_ cluster: any Cluster) {
        if options.keep {
            outcome.cleanup.kept = owned.topics + owned.groups
        } else if !owned.isEmpty {
            outcome.cleanup = Cleaner.delete(
                owned, properties: options.properties.merging(cluster.mandatory), log: log, watch: cluster.watch,
                interruption: interruption)
        }
    }
}
