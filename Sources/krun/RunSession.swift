import KrunDiagnostics
import KrunKafka
import KrunOutcome
import KrunReports
import KrunRunner
import KrunScenario

/// One command line's scenarios: runs them, some side by side, and reports each in its place.
struct RunSession {
    let entries: [ScenarioLoader.Entry]
    let choice: BrokerChoice
    let properties: ClientProperties
    let running: RunningOptions
    let output: OutputOptions
    private let unreachable = ConnectionMemory()

    init(
        entries: [ScenarioLoader.Entry], choice: BrokerChoice, properties: ClientProperties, running: RunningOptions,
        output: OutputOptions
    ) {
        self.entries = entries
        self.choice = choice
        self.properties = properties
        self.running = running
        self.output = output
    }

    /// Returns the exit code.
    func run() async throws -> Int32 {
        let clock = ContinuousClock.now
        let reportFiles = try ReportFiles(output.reports)
        let interruption = Interruption()
        let signals = InterruptionSignals(interruption)
        // With a report on stdout, what people read goes to stderr.
        let stream: Console.Stream = reportFiles.usesOutput ? .error : .output
        var report = TerminalReport(
            style: Console.style(of: stream, output.color.choice),
            options: .init(isCompact: output.compact, isVerbose: output.verbose))
        let progress = ProgressLine(isShown: !output.verbose && Console.isTerminal(.error))
        let outcomes = await runAll(interruption, progress) { outcome in
            progress.clear()
            Console.write(report.scenario(outcome), to: stream)
            // With -v it was shown as it came.
            if !output.verbose { outcome.clientLog.forEach(LogLines.write) }
        }
        let run = RunOutcome(scenarios: outcomes, duration: clock.duration(to: .now))
        Console.write(report.totals(run), to: stream)
        let unwritten = reportFiles.write(run) { !interruption.isRequested }
        for problem in unwritten { Console.printError(problem, output.color.choice) }
        withExtendedLifetime(signals) {}
        // Somebody wanted it to end, and not all was shown.
        if Console.hasGivenUp { return ExitCodes.interrupted }
        let code = ExitCodes.code(for: outcomes.map(\.status))
        // What the run found counts for more than that a report of it is missing.
        return code == ExitCodes.held && !unwritten.isEmpty ? ExitCodes.commandLine : code
    }

    /// Returns the outcomes in the order of the entries, and hands each out in that order as soon as it can.
    private func runAll(
        _ interruption: Interruption, _ progress: ProgressLine, _ finished: (ScenarioOutcome) -> Void
    ) async -> [ScenarioOutcome] {
        await withTaskGroup(of: (Int, ScenarioOutcome).self) { group in
            var outcomes: [ScenarioOutcome?] = Array(repeating: nil, count: entries.count)
            var next = 0
            var shown = 0
            func start() {
                guard next < entries.count else { return }
                let (index, entry) = (next, entries[next])
                next += 1
                group.addTask { (index, await runOne(entry, interruption, progress)) }
            }
            for _ in 0..<running.jobs { start() }
            while let (index, outcome) = await group.next() {
                outcomes[index] = outcome
                while shown < entries.count, let ready = outcomes[shown] {
                    finished(ready)
                    shown += 1
                }
                start()
            }
            return outcomes.compactMap { $0 }
        }
    }

    private func runOne(
        _ entry: ScenarioLoader.Entry, _ interruption: Interruption, _ progress: ProgressLine
    ) async -> ScenarioOutcome {
        switch entry.scenario {
        case .failure(let diagnostics):
            var outcome = ScenarioOutcome(file: entry.file, name: "", status: .invalid)
            outcome.diagnostics = diagnostics.all
            return outcome
        case .success(let scenario):
            if interruption.isRequested {
                var outcome = ScenarioOutcome(file: entry.file, name: scenario.name, status: .interrupted)
                outcome.stepCount = scenario.steps.count
                return outcome
            }
            if let trouble = unreachable.trouble {
                var outcome = ScenarioOutcome(file: entry.file, name: scenario.name, status: .error)
                outcome.stepCount = scenario.steps.count
                outcome.diagnostics = [Diagnostic(.runtime, "not run: \(trouble)")]
                return outcome
            }
            var options = RunOptions(broker: choice, properties: properties)
            options.exactNames = running.exactNames
            options.keep = running.keep
            if output.verbose { options.onLogLine = LogLines.write }
            options.onProgress = { progress.begin(entry.file, $0) }
            defer { progress.end(entry.file) }
            let outcome = await ScenarioRunner.run(scenario, options: options, interruption: interruption)
            unreachable.note(outcome)
            return outcome
        }
    }
}
