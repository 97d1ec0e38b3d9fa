import ArgumentParser
import KrunConnection
import KrunDiagnostics
import KrunScenario

struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Reads scenario files and reports everything that is wrong with them, without a broker.")

    @OptionGroup var selection: SelectionOptions
    @OptionGroup var variables: VariableOptions
    @OptionGroup var limits: LimitOptions
    @OptionGroup var color: ColorOptions

    func run() throws {
        let checked = try ScenarioLoader(selection: selection, variables: variables, limits: limits).load()
        let report = CheckReport(checked, color: color.choice)
        Console.writeError(report.problems)
        Console.writeOutput(report.totals)
        if report.invalidCount > 0 { throw ExitCode(ExitCodes.invalidScenario) }
    }
}

/// What `krun check` says.
struct CheckReport {
    /// Errors, and warnings about files that are sound.
    let problems: String
    let totals: String
    let invalidCount: Int

    init(_ entries: [ScenarioLoader.Entry], color: Console.ColorChoice) {
        let text = DiagnosticText(style: Console.style(of: .error, color))
        var problems = ""
        var (errors, warnings, invalid) = (0, 0, 0)
        let now = WallClock.millisecondsSince1970()
        // What holds of several cases of a file is told once.
        var told: Set<Diagnostic> = []
        for entry in entries {
            if entry.isFirstOfFile { told = [] }
            let found: [Diagnostic]
            switch entry.scenario {
            case .failure(let diagnostics):
                invalid += 1
                errors += diagnostics.count
                found = diagnostics.all
            case .success(let scenario):
                found = scenario.warnings(now: now).filter { told.insert($0).inserted }
                warnings += found.count
            }
            problems += found.map { text.text($0) + "\n\n" }.joined()
        }
        self.problems = problems
        invalidCount = invalid
        let remarks = warnings == 0 ? "" : ", \(warnings) \(warnings == 1 ? "warning" : "warnings")"
        let count = entries.count(where: \.isFirstOfFile)
        let cases = entries.count == count ? "" : " with \(entries.count) scenarios"
        let files = (count == 1 ? "1 file" : "\(count) files") + cases
        totals =
            invalid == 0
            ? "\(files) checked: nothing is wrong\(remarks)\n"
            : "\(files) checked: \(errors) \(errors == 1 ? "error" : "errors") in \(invalid)\(remarks)\n"
    }
}
