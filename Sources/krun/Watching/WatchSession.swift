import KrunConnection
import KrunDiagnostics
import KrunOutcome
import KrunReports
import KrunScenario

/// Runs a command line's scenarios whenever one of their files is saved.
struct WatchSession {
    let selection: SelectionOptions
    let variables: VariableOptions
    let broker: BrokerOptions
    let running: RunningOptions
    let limits: LimitOptions
    let companion: CompanionOptions
    let output: OutputOptions

    /// Until somebody wants it to end.
    ///
    /// - Returns: the exit code: 0, or that of an interruption where a run was cut short.
    func run() async throws -> Int32 {
        let interruption = Interruption()
        let signals = InterruptionSignals(interruption, saying: nil)
        defer { withExtendedLifetime(signals) {} }
        var files = WatchedFiles(
            paths: selection.paths,
            others: variables.files + [broker.client.config, ProjectFile.here].compactMap(\.self),
            excluding: output.reports.map(\.file))
        let watcher = FileWatcher()
        // One for all runs, so that what differs was not drawn.
        let seed = UInt64(UInt32.random(in: 0...(.max)))
        var changes = RunChanges()
        var seen = files.snapshot()
        var isFirst = true
        while !interruption.isRequested {
            let outcomes = try await runOnce(interruption, seed: seed, isFirst: isFirst) { read in
                files.read = read
                // As they are now; the others as they were before they were read.
                seen = Self.adding(files.snapshot(), to: seen)
            }
            if let outcomes {
                if outcomes.contains(where: { $0.status == .interrupted }) { return ExitCodes.interrupted }
                let text = changes.text(after: outcomes, style: Console.style(of: .output, output.color.choice))
                if !isFirst { Console.writeOutput(text) }
            }
            if isFirst { Console.writeError("watching \(files.sentence(seen)); Ctrl+C ends it\n") }
            isFirst = false
            let before = seen
            guard
                let now = await watcher.nextSnapshot(
                    of: files, after: before, while: { !interruption.isRequested && !Console.hasGivenUp })
            else { break }
            seen = now
            let names = TerminalText.safe(WatchedFiles.sentence(ofChangesFrom: before, to: now))
            Console.writeOutput("\n── \(names)\n\n")
        }
        return ExitCodes.held
    }

    /// Those of `later` that are not in `earlier` are new to it; what is not in `later` is of no interest any more.
    private static func adding(
        _ later: WatchedFiles.Snapshot, to earlier: WatchedFiles.Snapshot
    ) -> WatchedFiles.Snapshot {
        var all = later
        for (path, stamp) in earlier.files where later.files[path] != nil { all.files[path] = stamp }
        return all
    }

    /// - Parameter loaded: called with the files that the scenarios named, before they are run.
    /// - Returns: nil where nothing was run, which is told.
    /// - Throws: what is wrong with the command line; once it was right, what is wrong with it now is told.
    private func runOnce(
        _ interruption: Interruption, seed: UInt64, isFirst: Bool, loaded: (Set<String>) -> Void
    ) async throws -> [ScenarioOutcome]? {
        do {
            let preparation = try RunPreparation(
                selection: selection, variables: variables, broker: broker, running: running, limits: limits,
                companion: companion, output: output)
            guard var session = try preparation.session() else { return nil }
            session.usualSeed = seed
            loaded(Set(session.entries.compactMap(\.folderFiles).flatMap(\.paths)))
            var outcomes: [ScenarioOutcome] = []
            _ = try await session.run(interruption) { outcomes.append($0) }
            return outcomes
        } catch let error as Diagnostics where !isFirst {
            for diagnostic in error.all { Console.printError(diagnostic, output.color.choice) }
        } catch let error as Diagnostic where !isFirst {
            Console.printError(error, output.color.choice)
        }
        return nil
    }
}
