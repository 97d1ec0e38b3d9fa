import ArgumentParser
import KrunDiagnostics
import KrunReports

struct MergeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge",
        abstract: "Joins the JSON reports of the parts of a run to one.",
        discussion: """
            Totals are added up, the duration is the longest, and the scenarios stand as one run of all of them would have \
            them. `krun report` makes every other format of it.

              krun merge part-1.json part-2.json --output run.json
            """)

    @Argument(
        help: ArgumentHelp("JSON reports of krun's.", valueName: "report.json"),
        completion: .file(extensions: ["json"]))
    var reports: [String]

    @Option(
        name: .shortAndLong, help: ArgumentHelp("Where to write the report; - is stdout.", valueName: "file"),
        completion: .file(extensions: ["json"]))
    var output = "-"

    @OptionGroup var color: ColorOptions

    func run() throws {
        try NamedInput.checkEachIsReadOnce(reports)
        for (number, path) in reports.enumerated() {
            guard let same = reports[..<number].first(where: { ReportTarget($0).isSame(as: path) }) else { continue }
            let names = same == path ? "\(path) is named twice" : "\(same) and \(path) are the same file"
            throw Diagnostic(.usage, "a report can be merged only once", notes: [names])
        }
        let inputs = reports.compactMap { NamedInput($0).filePath }
        let option = ReportOption(.json, file: output)
        let files = try ReportFiles([option], keeping: [], inputs)
        var earlier: [EarlierReport] = []
        var problems: [Diagnostic] = []
        for path in reports {
            do throws(Diagnostics) {
                earlier.append(try EarlierReport(named: path))
            } catch {
                problems += error.all
            }
        }
        if !problems.isEmpty { throw Diagnostics(problems) }
        let merged = try MergedReport(earlier, version: Version.krun)
        let unwritten = files.write({ _ in merged.text }, while: { true })
        for problem in unwritten { Console.printError(problem, color.choice) }
        if !unwritten.isEmpty { throw ExitCode(ExitCodes.runtime) }
    }
}
