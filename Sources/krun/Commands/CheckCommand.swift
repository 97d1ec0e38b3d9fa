import ArgumentParser
import KrunConnection
import KrunDiagnostics
import KrunReports
import KrunScenario

struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Reads scenario files and reports everything that is wrong with them, without a broker.")

    @OptionGroup var selection: SelectionOptions
    @OptionGroup var variables: VariableOptions
    @OptionGroup var limits: LimitOptions
    @Option(
        help: ArgumentHelp(
            "How problems are told: text, or github for annotations in a workflow of GitHub Actions.",
            valueName: "format"))
    var format: Format = .text
    @Option(
        name: .customLong("report"), parsing: .singleValue,
        help: ArgumentHelp(
            "Also write the problems for editors: json=FILE (- for stdout); may be repeated.", valueName: "format=file")
    )
    var reports: [ReportOption] = []
    @OptionGroup var color: ColorOptions

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, github
    }

    func validate() throws {
        try ReportOption.check(reports, formats: [.json])
    }

    func run() throws {
        let entries = try ScenarioLoader(selection: selection, variables: variables, limits: limits).load()
        let reportFiles = try ReportFiles(
            reports, keeping: [], entries.compactMap(\.input.filePath) + [variables.variablesFile].compactMap { $0 })
        let report = CheckReport(entries)
        // With a report on stdout, what people read goes to stderr.
        let stream: Console.Stream = reportFiles.usesOutput ? .error : .output
        switch format {
        case .text:
            Console.writeError(
                report.problems(style: Console.style(of: .error, color.choice), width: Console.width(of: .error)))
        case .github: Console.write(report.annotations, to: stream)
        }
        Console.write(report.totals, to: stream)
        let unwritten = reportFiles.write({ _ in report.json }, while: { true })
        for problem in unwritten { Console.printError(problem, color.choice) }
        if report.invalidCount > 0 { throw ExitCode(ExitCodes.invalidScenario) }
        if !unwritten.isEmpty { throw ExitCode(ExitCodes.runtime) }
    }
}

/// What `krun check` has found, in the order of the command line.
struct CheckReport {
    /// Errors, or warnings about a file that is sound.
    private let files: [(name: String, diagnostics: Diagnostics?)]
    let totals: String
    let invalidCount: Int

    init(_ entries: [ScenarioLoader.Entry]) {
        var files: [(name: String, diagnostics: Diagnostics?)] = []
        var (errors, warnings, invalid) = (0, 0, 0)
        let now = WallClock.millisecondsSince1970()
        // What holds of several cases of a file is told once.
        var told: Set<Diagnostic> = []
        for entry in entries {
            if entry.isFirstOfFile { told = [] }
            switch entry.scenario {
            case .failure(let diagnostics):
                invalid += 1
                errors += diagnostics.count
                files.append((entry.file, diagnostics))
            case .success(let scenario):
                let found = scenario.warnings(now: now).filter { told.insert($0).inserted }
                warnings += found.count
                let all = (entry.isFirstOfFile ? [] : files.popLast()?.diagnostics?.all ?? []) + found
                files.append((entry.file, all.isEmpty ? nil : Diagnostics(all)))
            }
        }
        self.files = files
        invalidCount = invalid
        let remarks = warnings == 0 ? "" : ", \(warnings) \(warnings == 1 ? "warning" : "warnings")"
        let count = entries.count(where: \.isFirstOfFile)
        let cases = entries.count == count ? "" : " with \(entries.count) scenarios"
        let many = (count == 1 ? "1 file" : "\(count) files") + cases
        totals =
            invalid == 0
            ? "\(many) checked: nothing is wrong\(remarks)\n"
            : "\(many) checked: \(errors) \(errors == 1 ? "error" : "errors") in \(invalid)\(remarks)\n"
    }

    private var all: [Diagnostic] { files.flatMap { $0.diagnostics?.all ?? [] } }

    /// For people: each with its line of the file.
    func problems(style: TextStyle, width: Int?) -> String {
        let text = DiagnosticText(style: style, width: width)
        return all.map { text.text($0) + "\n\n" }.joined()
    }

    /// For GitHub.
    var annotations: String {
        let annotations = GitHubAnnotations(heading: "krun check", path: RepositoryPath.path)
        return files.map { annotations.text($0.diagnostics?.all ?? [], of: $0.name) }.joined()
    }

    /// For programs.
    var json: String { DiagnosticsJSON.text(files, version: Version.krun) }
}
