import ArgumentParser
import KrunDiagnostics
import KrunReports

struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Writes other reports of a run from its JSON report.",
        discussion: """
            The JSON report, which `krun run --report json=FILE` or `krun merge` wrote, has all that the other formats need; \
            nothing is run again.

              krun report run.json --to junit=junit.xml --to ctrf=ctrf.json
            """)

    @Argument(
        help: ArgumentHelp("A JSON report of krun's, or - for stdin.", valueName: "report.json"),
        completion: .file(extensions: ["json"]))
    var report: String

    @Option(
        name: .customLong("to"), parsing: .singleValue,
        help: ArgumentHelp(
            "What to write: \(ReportOption.Format.list(ReportOption.Format.ofEarlierRuns)) (- for stdout); may be repeated.",
            valueName: "format=file"),
        completion: .list(ReportOption.Format.ofEarlierRuns.map { $0.hasFile ? "\($0.rawValue)=" : $0.rawValue }))
    var targets: [ReportOption]

    @OptionGroup var color: ColorOptions

    func validate() throws {
        try ReportOption.check(targets, of: "--to", formats: ReportOption.Format.ofEarlierRuns)
    }

    func run() throws {
        let earlier = try EarlierReport(named: report)
        let files = try ReportFiles(targets, keeping: [], [NamedInput(report).filePath].compactMap(\.self))
        var reports = try RunReports(files, annotationsTo: files.usesOutput ? .error : .output, while: { true })
        for scenario in earlier.summary.scenarios { reports.add(scenario) }
        let unwritten = reports.end(earlier.summary) { earlier.text }
        for problem in unwritten { Console.printError(problem, color.choice) }
        if !unwritten.isEmpty { throw ExitCode(ExitCodes.runtime) }
    }
}

extension EarlierReport {
    /// - Throws: that it is not there, cannot be read, or is no report.
    init(named path: String) throws(Diagnostics) {
        let input = NamedInput(path)
        let bytes = try input.read(upTo: Self.sizeLimit, noun: "report")
        self = try LinkedFile.judge(input, as: "JSON report") { () throws(Diagnostics) in
            try EarlierReport(bytes, file: input.name)
        }
    }
}
