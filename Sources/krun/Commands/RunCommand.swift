import ArgumentParser
import KrunConnection
import KrunDiagnostics
import KrunKafka
import KrunOutcome
import KrunReports
import KrunRunner
import KrunScenario
import Synchronization

struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Runs scenarios and reports what happened. The default when no command is named.")

    @OptionGroup(title: "Scenarios") var selection: SelectionOptions
    @OptionGroup(title: "Scenarios") var variables: VariableOptions
    @OptionGroup(title: "Broker") var broker: BrokerOptions
    @OptionGroup(title: "Run") var running: RunningOptions
    @OptionGroup(title: "Run") var limits: LimitOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    func run() async throws {
        let client = try broker.client.read()
        client.warnings.forEach { Console.printError($0, output.color.choice) }
        let entries = try ScenarioLoader(selection: selection, variables: variables, limits: limits).load(toRun: true)
        let choice = try broker.choice(bootstrapOfConfiguration: client.bootstrap)
        let session = RunSession(
            entries: entries, inputs: variables.files + [broker.client.config].compactMap { $0 }, choice: choice,
            properties: client.properties, running: running, limits: limits, output: output)
        let code = try await session.run()
        if code != ExitCodes.held { throw ExitCode(code) }
    }
}

struct RunningOptions: ParsableArguments {
    @Option(
        parsing: .unconditional, help: ArgumentHelp("How many scenarios run side by side.", valueName: "number"))
    var jobs: Int = 1

    @Flag(help: "Use the names of topics and groups as the files have them, without a suffix.")
    var exactNames = false

    @Flag(help: "Leave what the run creates on the broker.")
    var keep = false

    @Flag(
        help:
            "Write what was seen into the files, in the place of the expectations that failed, and show the difference."
    )
    var accept = false

    func validate() throws {
        if !(1...64).contains(jobs) { throw ValidationError("--jobs takes a number from 1 to 64, not \(jobs).") }
    }
}

struct OutputOptions: ParsableArguments {
    @Option(
        name: .customLong("report"), parsing: .singleValue,
        help: ArgumentHelp("Also write a report: json=FILE (- for stdout); may be repeated.", valueName: "format=file"))
    var reports: [ReportOption] = []

    @Flag(help: "One line a scenario and step, without tables.")
    var compact = false

    @Flag(name: .shortAndLong, help: "Show every invariant, and librdkafka's log on stderr.")
    var verbose = false

    @OptionGroup var color: ColorOptions
}

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
        var totals = RunTotals()
        // Kept only for a report that is written when all have ended.
        var kept: [ScenarioOutcome] = []
        // Without those of which everything that failed was accepted.
        var statuses: Set<Status> = []
        await runAll(interruption, display) { entry, outcome in
            totals.add(outcome.status)
            if !output.reports.isEmpty { kept.append(outcome) }
            Console.write(report.scenario(outcome), to: stream)
            // With -v it was shown as it came.
            if !output.verbose { outcome.clientLog.forEach(LogLines.write) }
            let isAccepted = running.accept && accept(outcome, of: entry, to: stream)
            statuses.insert(isAccepted ? .passed : outcome.status)
        }
        totals.duration = clock.duration(to: .now)
        Console.write(report.text(totals), to: stream)
        let run = RunOutcome(scenarios: kept, duration: totals.duration)
        let unwritten = reportFiles.write({ Self.report(run, as: $0) }, while: { !interruption.isRequested })
        for problem in unwritten { Console.printError(problem, output.color.choice) }
        withExtendedLifetime(signals) {}
        // Somebody wanted it to end, and not all was shown.
        if Console.hasGivenUp { return ExitCodes.interrupted }
        let code = ExitCodes.code(for: statuses)
        // What the run found counts for more than that a report of it is missing.
        return code == ExitCodes.held && !unwritten.isEmpty ? ExitCodes.commandLine : code
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

    private static func report(_ run: RunOutcome, as format: ReportOption.Format) -> String {
        var report: any Report =
            switch format {
            case .json: JSONReport(version: Version.krun)
            }
        return report.end(run)
    }

    /// Hands each outcome out in the order of the entries, as soon as it can, and keeps none.
    private func runAll(
        _ interruption: Interruption, _ display: WaitDisplay,
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
                group.addTask { (index, await runOne(entry, interruption, display)) }
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
        _ entry: ScenarioLoader.Entry, _ interruption: Interruption, _ display: WaitDisplay
    ) async -> ScenarioOutcome {
        switch entry.scenario {
        case .failure(let diagnostics):
            var outcome = ScenarioOutcome(file: entry.file, name: "", status: .invalid)
            outcome.diagnostics = diagnostics.all
            return outcome
        case .success(let scenario):
            if interruption.isRequested {
                var outcome = ScenarioOutcome(file: entry.file, name: scenario.name, status: .interrupted)
                outcome.caseValues = scenario.caseValues
                outcome.stepCount = scenario.steps.count
                return outcome
            }
            if let trouble = unreachable.trouble {
                var outcome = ScenarioOutcome(file: entry.file, name: scenario.name, status: .error)
                outcome.caseValues = scenario.caseValues
                outcome.stepCount = scenario.steps.count
                outcome.diagnostics = [Diagnostic(.runtime, "not run: \(trouble)")]
                return outcome
            }
            var options = RunOptions(broker: choice, properties: properties)
            options.exactNames = running.exactNames
            options.keep = running.keep
            options.maximumBytes = Int64(limits.maxBytes.bytes)
            if output.verbose { options.onLogLine = LogLines.write }
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

/// Remembers that the Kafka of this command line cannot be reached, so that not every scenario waits for it again.
final class ConnectionMemory: Sendable {
    private let title = Mutex<String?>(nil)

    /// What was wrong; nil as long as it was reached.
    var trouble: String? { title.withLock { $0 } }

    func note(_ outcome: ScenarioOutcome) {
        // Only a scenario that reached its broker names it.
        guard outcome.status == .error, outcome.broker == nil, outcome.steps.isEmpty,
            let diagnostic = outcome.diagnostics.last, diagnostic.kind == .runtime, diagnostic.place == nil
        else { return }
        title.withLock { $0 = $0 ?? diagnostic.title }
    }
}
