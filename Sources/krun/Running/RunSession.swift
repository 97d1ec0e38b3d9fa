import KrunConnection
import KrunDiagnostics
import KrunKafka
import KrunOutcome
import KrunReports
import KrunRunner
import KrunScenario

/// One command line's scenarios: runs them, some side by side, and reports each in its place.
struct RunSession {
    let entries: [ScenarioLoader.Entry]
    /// What the command line's options name to be read.
    let inputs: [String]
    let choice: BrokerChoice
    let properties: ClientProperties
    let running: RunningOptions
    let limits: LimitOptions
    let output: OutputOptions
    private let unreachable = ConnectionMemory()

    init(
        entries: [ScenarioLoader.Entry], inputs: [String], choice: BrokerChoice, properties: ClientProperties,
        running: RunningOptions,
        limits: LimitOptions, output: OutputOptions
    ) {
        self.entries = entries
        self.inputs = inputs
        self.choice = choice
        self.properties = properties
        self.running = running
        self.limits = limits
        self.output = output
    }

    /// Returns the exit code.
    func run() async throws -> Int32 {
        let clock = ContinuousClock.now
        if running.accept { try AcceptedExpectations.check(entries) }
        let reportFiles = try ReportFiles(output.reports, keeping: entries.compactMap(\.input.filePath), inputs)
        let interruption = Interruption()
        let signals = InterruptionSignals(interruption)
        // With a report on stdout, what people read goes to stderr.
        let stream: Console.Stream = reportFiles.usesOutput ? .error : .output
        var report = TerminalReport(
            style: Console.style(of: stream, output.color.choice),
            options: .init(
                isCompact: output.compact, isVerbose: output.verbose, width: Console.width(of: stream)))
        let display = WaitDisplay(color: output.color.choice, isLineShown: !output.verbose)
        var reports = try RunReports(
            reportFiles, annotationsTo: stream, keepsTimelines: output.timeline, while: { !interruption.isRequested })
        var totals = RunTotals()
        // Without those of which everything that failed was accepted.
        var statuses: Set<Status> = []
        let events = reports.events
        await runAll(interruption, display, events) { entry, outcome in
            totals.add(outcome.status)
            Console.write(report.scenario(outcome), to: stream)
            reports.add(outcome, source: entry.source)
            // With -v it was shown as it came.
            if !output.verbose { outcome.clientLog.forEach(LogLines.write) }
            let isAccepted = running.accept && accept(outcome, of: entry, to: stream)
            statuses.insert(isAccepted ? .passed : outcome.status)
        }
        totals.duration = clock.duration(to: .now)
        Console.write(report.text(totals), to: stream)
        let unwritten = reports.end(duration: totals.duration)
        for problem in unwritten { Console.printError(problem, output.color.choice) }
        withExtendedLifetime(signals) {}
        // Somebody wanted it to end, and not all was shown.
        if Console.hasGivenUp { return ExitCodes.interrupted }
        // Whoever waits for a report must not take the run for one that was judged: that is trouble at run time.
        return ExitCodes.code(for: unwritten.isEmpty ? statuses : statuses.union([.error]))
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

    /// Hands each outcome out in the order of the entries, as soon as it can, and keeps none.
    private func runAll(
        _ interruption: Interruption, _ display: WaitDisplay, _ events: EventReports?,
        _ finished: (ScenarioLoader.Entry, ScenarioOutcome) -> Void
    ) async {
        await withTaskGroup(of: (Int, ScenarioOutcome).self) { group in
            // Those that ended before one that was named before them.
            var waiting: [Int: ScenarioOutcome] = [:]
            var next = 0
            var shown = 0
            func start() {
                guard next < entries.count else { return }
                let (index, entry) = (next, entries[next])
                next += 1
                group.addTask { (index, await runOne(entry, interruption, display, events)) }
            }
            for _ in 0..<running.jobs { start() }
            while let (index, outcome) = await group.next() {
                waiting[index] = outcome
                while let ready = waiting.removeValue(forKey: shown) {
                    finished(entries[shown], ready)
                    shown += 1
                }
                start()
            }
        }
    }

    private func runOne(
        _ entry: ScenarioLoader.Entry, _ interruption: Interruption, _ display: WaitDisplay, _ events: EventReports?
    ) async -> ScenarioOutcome {
        let feed = events?.begin(entry)
        var outcome = await runOne(entry, interruption, display, feed)
        feed?.end(&outcome)
        return outcome
    }

    private func runOne(
        _ entry: ScenarioLoader.Entry, _ interruption: Interruption, _ display: WaitDisplay, _ feed: EventFeed?
    ) async -> ScenarioOutcome {
        switch entry.scenario {
        case .failure(let diagnostics):
            var outcome = ScenarioOutcome(file: entry.file, name: "", status: .invalid)
            outcome.diagnostics = diagnostics.all
            return outcome
        case .success(let scenario):
            if interruption.isRequested {
                var outcome = ScenarioOutcome(file: entry.file, name: scenario.name, status: .interrupted)
                outcome.line = scenario.line
                outcome.caseValues = scenario.caseValues
                outcome.stepCount = scenario.steps.count
                return outcome.masked(by: scenario.secrets)
            }
            if let trouble = unreachable.trouble {
                var outcome = ScenarioOutcome(file: entry.file, name: scenario.name, status: .error)
                outcome.line = scenario.line
                outcome.caseValues = scenario.caseValues
                outcome.stepCount = scenario.steps.count
                outcome.diagnostics = [Diagnostic(.runtime, "not run: \(trouble)")]
                return outcome.masked(by: scenario.secrets)
            }
            var options = RunOptions(broker: choice, properties: properties)
            options.exactNames = running.exactNames
            options.keep = running.keep
            options.maximumBytes = Int64(limits.maxBytes.bytes)
            if output.verbose { options.onLogLine = LogLines.write }
            if let feed { options.onEvent = { feed.note($0) } }
            let waits = WaitBoard()
            options.waits = waits
            options.onNotice = { display.tell($0) }
            // Of the cases of one file several may run at a time.
            let label = scenario.caseValues.isEmpty ? entry.file : "\(entry.file)  \(scenario.name)"
            display.follow(waits, of: label)
            defer { display.unfollow(label) }
            let outcome = await ScenarioRunner.run(scenario, options: options, interruption: interruption)
            unreachable.note(outcome)
            return outcome
        }
    }
}
