import KrunDiagnostics

/// The file that a command writes a scenario to; what is there is replaced only where that was asked for.
struct ScenarioTarget {
    /// As the command line has it.
    let path: String
    /// Whether a file that is there is replaced.
    let force: Bool
    private let target: ReportTarget

    init(_ path: String, force: Bool) {
        self.path = path
        self.force = force
        target = ReportTarget(path)
    }

    /// Finds out whether the file can be written, and makes its folder where it is missing.
    ///
    /// - Throws: a usage diagnostic with the reason.
    func check() throws(Diagnostic) {
        if path.isEmpty { throw trouble("it has no name") }
        if !force, target.isFile {
            throw Diagnostic(.usage, "\(path) is there already", notes: ["--force replaces it"])
        }
        if !force, target.isLinkToNowhere {
            throw Diagnostic(
                .usage, "\(path) is a link to a file that is not there",
                notes: ["--force makes the file that it leads to"])
        }
        if !force, LinkedFile.writesElsewhere(path) {
            throw Diagnostic(
                .usage, "\(path) is reached by a link that leads elsewhere",
                notes: ["--force writes there all the same"])
        }
        do throws(ReportTarget.Problem) {
            try target.prepare()
        } catch {
            throw trouble(error.reason)
        }
    }

    func write(_ text: String) throws(Diagnostic) {
        do throws(ReportTarget.Problem) {
            try target.write(text) { true }
        } catch {
            throw trouble(error.reason)
        }
    }

    /// A line for the terminal: what was written, and what runs it.
    var hint: String {
        // What begins with a dash would be an option.
        let argument = OldSpelling.quoted(path.hasPrefix("-") ? "./\(path)" : path)
        return TerminalText.safe("wrote \(path); `krun \(argument)` runs it") + "\n"
    }

    private func trouble(_ reason: String) -> Diagnostic {
        Diagnostic(.usage, "cannot write the scenario \(path.isEmpty ? "\"\"" : path)", notes: [reason])
    }
}
