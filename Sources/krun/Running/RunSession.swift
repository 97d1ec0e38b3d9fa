import KrunConnection
import KrunDiagnostics
import KrunKafka
import KrunOutcome
import KrunReports
import KrunRunner
import KrunScenario
import Synchronization

/// One command line's scenarios: runs them, some side by side, and reports each in its place.
struct RunSession {
    let entries: [ScenarioLoader.Entry]
    /// What the command line's options name to be read.
    let inputs: [String]
    let choice: BrokerChoice
    let properties: ClientProperties
    let settings: RunSettings
    /// What another order is drawn with; nil for that of the command line.
    let shuffleSeed: UInt64?
    let rerun: RerunCommand
    /// nil where nothing can be kept.
    let failedFiles: FailedFiles?
    let limits: LimitOptions
    let output: OutputOptions
    /// The seed of scenarios that say none; nil to draw one for each.
    var usualSeed: UInt64?

    private let unreachable = ConnectionMemory()
    private let firstTrouble = FirstTrouble()

    init(
        entries: [ScenarioLoader.Entry], inputs: [String], choice: BrokerChoice, properties: ClientProperties,
        settings: RunSettings, shuffleSeed: UInt64?, rerun: RerunCommand, failedFiles: FailedFiles?,
        limits: LimitOptions, output: OutputOptions
    ) {
        self.entries = entries
        self.inputs = inputs
        self.choice = choice
        self.properties = properties
        self.settings = settings
        self.shuffleSeed = shuffleSeed
        self.rerun = rerun
        self.failedFiles = failedFiles
        self.limits = limits
        self.output = output
    }

    /// Returns the exit code.
    func run() async throws -> Int32 {
        let interruption = Interruption()
        let signals = InterruptionSignals(interruption)
        defer { withExtendedLifetime(signals) {} }
        return try await run(interruption) { _ in }
    }

    /// - Parameter ended: called with each outcome, in their order.
    func run(_ interruption: Interruption, ended: (ScenarioOutcome) -> Void) async throws -> Int32 {
        let clock = ContinuousClock.now
        if settings.accept { try AcceptedExpectations.check(entries) }
        let reportFiles = try ReportFiles(output.reports, keeping: entries.compactMap(\.input.filePath), inputs)
        let budget = RunBudget(settings.budget, ending: interruption)
        // With a report on stdout, what people read goes to stderr.
        let stream: Console.Stream = reportFiles.usesOutput ? .error : .output
        let isMany = settings.repetitions > 1 || entries.count(where: \.isFirstOfFile) > 1
        var report = TerminalReport(
            style: Console.style(of: stream, output.color.choice),
            options: .init(
                isCompact: output.compact, isVerbose: output.verbose, isQuiet: output.quiet,
                width: Console.width(of: stream) ?? (output.narrate ? 80 : nil), isMany: isMany))
        let display = WaitDisplay(
            color: output.color.choice, isLineShown: !output.verbose && !output.quiet, isArea: true)
        var reports = try RunReports(
            reportFiles, annotationsTo: stream, keepsTimelines: output.timeline, keepsStories: output.narrate,
            while: { !interruption.isRequested })
        let events = reports.events
        if let shuffleSeed {
            Console.writeError(drawnText(shuffleSeed))
        }
        var recap = RunRecap()
        var files = FileResults()
        // Without those of which everything that failed was accepted.
        var statuses: Set<Status> = []
        let turns = RunTurns.all(entries, repetitions: settings.repetitions, shuffledWith: shuffleSeed)
        await runAll(turns, interruption, display, budget, events) { entry, outcome in
            ended(outcome)
            recap.add(outcome) { rerunText(entry, seed: $0) }
            Console.write(report.scenario(outcome), to: stream)
            reports.add(outcome, source: entry.source)
            // With -v it was shown as it came.
            if !output.verbose { outcome.clientLog.forEach(LogLines.write) }
            let isAccepted = settings.accept && accept(outcome, of: entry, to: stream)
            let status = isAccepted ? .passed : outcome.status
            statuses.insert(status)
            files.add(status, of: entry, wasRun: !outcome.isUnbegun)
        }
        budget?.stop()
        let duration = clock.duration(to: .now)
        Console.write(report.text(recap, duration: duration), to: stream)
        let unwritten = reports.end(duration: duration)
        for problem in unwritten { Console.printError(problem, output.color.choice) }
        keep(files)
        // Somebody wanted it to end, and not all was shown.
        if Console.hasGivenUp { return ExitCodes.interrupted }
        if budget?.isOver == true, statuses.contains(.interrupted) { return ExitCodes.runtime }
        // Whoever waits for a report must not take the run for one that was judged: that is trouble at run time.
        return ExitCodes.code(for: unwritten.isEmpty ? statuses : statuses.union([.error]))
    }

    /// What is drawn, and what has it again.
    private func drawnText(_ seed: UInt64) -> String {
        let count = settings.repetitions
        return count == 1
            ? "the order is drawn with seed \(seed) (--shuffle --seed \(seed) has it again)\n"
            : "the order and the seeds are drawn with seed \(seed) (--repeat \(count) --shuffle --seed \(seed) has them again)\n"
    }

    private func rerunText(_ entry: ScenarioLoader.Entry, seed: UInt64?) -> String {
        let name = entry.siblings > 1 ? (try? entry.scenario.get())?.name : nil
        return rerun.text(file: entry.file, name: name, seed: seed)
    }

    /// Keeps what did not pass for `--last-failed`.
    private func keep(_ files: FileResults) {
        guard let failedFiles else {
            if !files.failed.isEmpty {
                Console.writeError("what did not pass is not kept for --last-failed: HOME is not set\n")
            }
            return
        }
        do throws(Diagnostic) {
            try failedFiles.update(passed: files.passed, failed: files.failed)
        } catch {
            Console.printError(error, output.color.choice)
        }
    }

    /// Whether all that failed is expected from now on.
    private func accept(
        _ outcome: ScenarioOutcome, of entry: ScenarioLoader.Entry, to stream: Console.Stream
    ) -> Bool {
        let accepted = AcceptedExpectations(outcome, of: entry)
        do throws(Diagnostic) {
            try accepted.write()
        } catch {
            Console.printError(error, output.color.choice)
            return false
        }
        Console.write(accepted.text(style: Console.style(of: stream, output.color.choice)), to: stream)
        return accepted.isWhole
    }

    // MARK: Running

    /// Hands each outcome out in the order of the turns, as soon as it can, and keeps none.
    private func runAll(
        _ turns: [RunTurn], _ interruption: Interruption, _ display: WaitDisplay, _ budget: RunBudget?,
        _ events: EventReports?,
        _ finished: (ScenarioLoader.Entry, ScenarioOutcome) -> Void
    ) async {
        // With --shuffle the order is what was asked for, and with --fail-fast what comes first is what counts.
        let isInOrder = settings.jobs == 1 || settings.failsFast || shuffleSeed != nil
        let order = isInOrder ? Array(turns.indices) : RunOrder.of(turns)
        await withTaskGroup(of: (Int, ScenarioOutcome).self) { group in
            // Those that ended before one that was named before them.
            var waiting: [Int: ScenarioOutcome] = [:]
            var next = 0
            var shown = 0
            func start() {
                guard next < turns.count else { return }
                let index = order[next]
                let turn = turns[index]
                next += 1
                group.addTask {
                    var outcome = await run(turn, interruption, display, budget, events)
                    (outcome.ordinal, outcome.repetition) = (turn.entry.ordinal, turn.repetition)
                    if settings.failsFast { firstTrouble.note(outcome) }
                    return (index, outcome)
                }
            }
            for _ in 0..<settings.jobs { start() }
            while let (index, outcome) = await group.next() {
                waiting[index] = outcome
                while let ready = waiting.removeValue(forKey: shown) {
                    finished(turns[shown].entry, ready)
                    shown += 1
                }
                start()
            }
        }
    }

    /// Runs a scenario, and again as long as it does not pass and may.
    private func run(
        _ turn: RunTurn, _ interruption: Interruption, _ display: WaitDisplay, _ budget: RunBudget?,
        _ events: EventReports?
    ) async -> ScenarioOutcome {
        var attempts: [AttemptOutcome] = []
        while true {
            let feed = events?.begin(turn.entry)
            let seed = turn.seed(attempt: attempts.count + 1)
            var outcome = await runOnce(turn.entry, seed: seed, interruption, display, budget, feed)
            feed?.end(&outcome)
            attempts.append(AttemptOutcome(outcome))
            let isOver =
                ![.failed, .error].contains(outcome.status) || attempts.count > settings.retries
                || interruption.isRequested || unreachable.trouble != nil
            guard isOver else { continue }
            if attempts.count > 1 { outcome.attempts = attempts }
            return outcome
        }
    }

    private func runOnce(
        _ entry: ScenarioLoader.Entry, seed: UInt64?, _ interruption: Interruption, _ display: WaitDisplay,
        _ budget: RunBudget?, _ feed: EventFeed?
    ) async -> ScenarioOutcome {
        switch entry.scenario {
        case .failure(let diagnostics):
            var outcome = ScenarioOutcome(file: entry.file, name: "", status: .invalid)
            outcome.diagnostics = diagnostics.all
            return outcome
        case .success(let scenario):
            if interruption.isRequested { return notRun(scenario, .interrupted) }
            if let file = firstTrouble.file {
                var outcome = notRun(scenario, .skipped)
                outcome.skipReason = "\(file) did not pass (--fail-fast)"
                return outcome
            }
            if let trouble = unreachable.trouble {
                var outcome = notRun(scenario, .error)
                outcome.diagnostics = [Diagnostic(.runtime, "not run: \(trouble)")]
                return outcome.masked(by: scenario.secrets)
            }
            let waits = WaitBoard()
            var options = runOptions(waits: waits, display, feed)
            options.seed = seed
            // Of the cases of one file several may run at a time.
            let label = scenario.caseValues.isEmpty ? entry.file : "\(entry.file)  \(scenario.name)"
            display.follow(waits, of: label)
            defer { display.unfollow(waits) }
            var outcome = await ScenarioRunner.run(scenario, options: options, interruption: interruption)
            unreachable.note(outcome)
            if outcome.status == .interrupted, let budget, budget.isOver {
                outcome.diagnostics.append(budget.diagnostic)
            }
            return outcome
        }
    }

    private func notRun(_ scenario: Scenario, _ status: Status) -> ScenarioOutcome {
        var outcome = ScenarioOutcome(file: scenario.file, name: scenario.name, status: status)
        outcome.line = scenario.line
        outcome.caseValues = scenario.caseValues
        outcome.stepCount = scenario.steps.count
        return outcome.masked(by: scenario.secrets)
    }

    private func runOptions(waits: WaitBoard, _ display: WaitDisplay, _ feed: EventFeed?) -> RunOptions {
        var options = RunOptions(broker: choice, properties: properties)
        options.exactNames = settings.exactNames
        options.keep = settings.keep
        options.usualSeed = usualSeed
        options.steps = settings.steps
        options.maximumBytes = Int64(limits.maxBytes.bytes)
        if output.verbose { options.onLogLine = LogLines.write }
        if let feed { options.onEvent = { feed.note($0) } }
        options.waits = waits
        options.companion = settings.companion
        options.onNotice = { display.tell($0) }
        return options
    }
}

extension AttemptOutcome {
    init(_ outcome: ScenarioOutcome) {
        let diagnostics = outcome.allSteps.flatMap(\.diagnostics) + outcome.diagnostics
        self.init(
            status: outcome.status, seed: outcome.seed, duration: outcome.duration,
            reason: outcome.status == .passed ? nil : diagnostics.first { $0.kind != .warning }?.title)
    }
}

/// Remembers the first scenario that did not pass, after which no other is to be started.
private final class FirstTrouble: Sendable {
    private let first = Mutex<String?>(nil)

    /// Its file; nil as long as all passed.
    var file: String? { first.withLock { $0 } }

    func note(_ outcome: ScenarioOutcome) {
        guard [.failed, .error, .invalid].contains(outcome.status) else { return }
        first.withLock { $0 = $0 ?? outcome.file }
    }
}

/// Which files passed and which did not, by their paths without links.
struct FileResults {
    private(set) var failed: Set<String> = []
    private var run: Set<String> = []
    /// Those of which something was not run.
    private var unfinished: Set<String> = []

    var passed: Set<String> { run.subtracting(failed).subtracting(unfinished) }

    mutating func add(_ status: Status, of entry: ScenarioLoader.Entry, wasRun: Bool) {
        // What can be read only once cannot be run again.
        guard !entry.input.isStream, !entry.input.isDescriptor else { return }
        let path = ScenarioFiles.resolved(entry.input.path)
        switch status {
        case .passed: run.insert(path)
        case .failed, .error, .invalid: failed.insert(path)
        case .skipped where wasRun: run.insert(path)
        case .skipped, .interrupted: unfinished.insert(path)
        }
    }
}
