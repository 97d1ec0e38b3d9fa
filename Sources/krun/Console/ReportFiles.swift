import KrunDiagnostics
import KrunOutcome
import KrunReports

/// The reports that were asked for besides the one on the terminal.
struct ReportFiles {
    private let options: [ReportOption]

    /// - Parameters:
    ///   - scenarios: the files that are run.
    ///   - inputs: others that are read; no report must replace one or the other.
    /// - Throws: a usage diagnostic where a file could not be written later on.
    init(_ options: [ReportOption], keeping scenarios: [String], _ inputs: [String]) throws(Diagnostic) {
        self.options = options
        for option in options where option.file != "-" {
            if LinkedFile.writesElsewhere(option.file) {
                throw Diagnostic(
                    .usage, "cannot write the report \(option.file)",
                    notes: [
                        "a link leads from there to a file elsewhere, which would be replaced",
                        "name the file that is meant, not the link",
                    ])
            }
            // Found out now, not after the run.
            do {
                try ReportTarget(option.file).prepare()
            } catch {
                throw Diagnostic(.usage, "cannot write the report \(option.file)", notes: [error.reason])
            }
            for (files, use) in [(scenarios, "run"), (inputs, "read")] {
                guard let input = files.first(where: { ReportTarget(option.file).isSame(as: $0) }) else { continue }
                let name = input == option.file ? "" : " \(input),"
                throw Diagnostic(
                    .usage, "cannot write the report \(option.file)",
                    notes: ["it is\(name) one of the files that are \(use)"])
            }
        }
    }

    /// Whether a report goes to stdout.
    var usesOutput: Bool { options.contains { $0.file == "-" } }

    /// Writes all that can be written.
    ///
    /// - Parameter isWanted: whether to go on waiting for the reader of a pipe.
    /// - Returns: what is wrong with the others.
    func write(_ run: RunOutcome, while isWanted: () -> Bool) -> [Diagnostic] {
        options.compactMap { option -> Diagnostic? in
            var report: any Report =
                switch option.format {
                case .json: JSONReport(version: Version.krun)
                }
            let text = report.end(run)
            if option.file == "-" {
                Console.writeOutput(text)
                return nil
            }
            do throws(ReportTarget.Problem) {
                try ReportTarget(option.file).write(text, while: isWanted)
                return nil
            } catch {
                return Diagnostic(.usage, "cannot write the report \(option.file)", notes: [error.reason])
            }
        }
    }
}
