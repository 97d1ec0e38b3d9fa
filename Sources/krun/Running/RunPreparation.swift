import KrunDiagnostics
import KrunKafka
import KrunRunner
import KrunScenario

/// What a command line, the project's file and the environment come to: which scenarios are run, where and how.
struct RunPreparation {
    let selection: SelectionOptions
    let variables: VariableOptions
    let broker: BrokerOptions
    let running: RunningOptions
    let limits: LimitOptions
    let companion: CompanionOptions
    let output: OutputOptions
    let project: ProjectFile?

    /// - Throws: what is wrong with the project's file.
    init(
        selection: SelectionOptions, variables: VariableOptions, broker: BrokerOptions, running: RunningOptions,
        limits: LimitOptions, companion: CompanionOptions, output: OutputOptions
    ) throws {
        self.selection = selection
        self.variables = variables
        self.broker = broker
        self.running = running
        self.limits = limits
        self.companion = companion
        self.output = output
        project = try ProjectFile.find()
        if output.verbose, let project {
            Console.writeError(TerminalText.safe("using \(project.path): \(project.summary)") + "\n")
        }
    }

    /// With what librdkafka is to tell, unless the command line says that itself.
    private func properties(_ given: ClientProperties) -> ClientProperties {
        output.isDebugging && given["debug"] == nil ? given.merging(["debug": "all"]) : given
    }

    /// Reads the scenarios.
    ///
    /// - Returns: nil where nothing is left to run, which is told.
    func session() throws -> RunSession? {
        let named = try broker.named.broker(in: project)
        let client = try broker.client.read(of: named)
        client.warnings.forEach { Console.printError($0, output.color.choice) }
        let failedFiles = try failedFiles()
        let loader = try ScenarioLoader(selection: selection, variables: variables, limits: limits)
        var entries = try loader.load(toRun: true, only: running.lastFailed ? failedFiles?.files : nil)
        guard !entries.isEmpty else {
            Console.writeError("nothing to run: of these files none failed when it was run last in this folder\n")
            return nil
        }
        if let shard = try running.shard?.shard(environment: Console.environment) {
            let whole = entries.count
            let durations =
                try running.durations.map { file throws(Diagnostics) in try Shard.durations(of: file) } ?? [:]
            entries = shard.entries(of: entries, durations: durations)
            let count = "\(entries.count) of \(whole) \(whole == 1 ? "scenario" : "scenarios")"
            Console.writeError("shard \(shard.part) of \(shard.parts): \(count)\n")
            if entries.isEmpty { return nil }
        }
        try checkSteps(of: entries)
        let choice = try broker.choice(bootstrapOfConfiguration: client.bootstrap, named: named)
        var settings = running.settings(project, meetUnderTheirNames: companion.command != nil && !choice.isEmbedded)
        settings.companion = companion.service(isTold: output.verbose)
        return RunSession(
            entries: entries, inputs: variables.files + [broker.client.config, running.durations].compactMap { $0 },
            choice: choice, properties: properties(client.properties), settings: settings,
            shuffleSeed: running.shuffle ? variables.seed ?? UInt64(UInt32.random(in: 0...(.max))) : nil,
            rerun: RerunCommand(broker: broker, variables: variables, running: running), failedFiles: failedFiles,
            limits: limits, output: output)
    }

    /// nil where nothing can be kept, and nobody asked for it.
    private func failedFiles() throws(Diagnostic) -> FailedFiles? {
        do throws(Diagnostic) {
            return try FailedFiles()
        } catch {
            if running.lastFailed { throw error }
            return nil
        }
    }

    private func checkSteps(of entries: [ScenarioLoader.Entry]) throws(Diagnostic) {
        let wanted = [("--from-step", running.fromStep), ("--to-step", running.toStep)]
        for case (let option, let number?) in wanted {
            for entry in entries {
                guard case .success(let scenario) = entry.scenario, number > scenario.steps.count else { continue }
                let count = scenario.steps.count
                throw Diagnostic(
                    .usage, "\(option) \(number): \(entry.file) has \(count) \(count == 1 ? "step" : "steps")",
                    notes: ["what is within a step goes with it, so steps are named by their first number"])
            }
        }
    }
}
