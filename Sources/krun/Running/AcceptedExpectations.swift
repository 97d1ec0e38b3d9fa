import KrunChecks
import KrunDiagnostics
import KrunOutcome
import KrunReports
import KrunScenario

/// What `--accept` makes of one scenario: its file with what was seen in the place of what failed, and what is said of it.
struct AcceptedExpectations {
    private let entry: ScenarioLoader.Entry
    private let status: Status
    private let acceptance: Acceptance
    /// Why nothing is accepted, whatever was seen.
    private let refusal: String?

    /// Refuses what cannot be written, before anything is run.
    ///
    /// - Throws: usage diagnostics.
    static func check(_ entries: [ScenarioLoader.Entry]) throws(Diagnostics) {
        let foreign = entries.map(\.input).filter(\.isStream)
        guard foreign.isEmpty else {
            throw Diagnostics(
                foreign.map { input in
                    Diagnostic(
                        .usage, "--accept cannot write \(input.name)",
                        notes: ["only a file can be given other expectations: save the scenario to one first"])
                })
        }
    }

    init(_ outcome: ScenarioOutcome, of entry: ScenarioLoader.Entry) {
        self.entry = entry
        status = outcome.status
        refusal =
            entry.siblings > 1 && outcome.status == .failed ? "an expectation is one for all of its cases" : nil
        acceptance = Acceptance(of: outcome, entry.source ?? []) { text in
            do throws(Diagnostics) {
                _ = try Scenario.decode(
                    text, file: entry.file, overrides: entry.overrides, files: entry.input.folderFiles)
                return nil
            } catch {
                return error
            }
        }
    }

    /// Whether a run of the file as it is now would have held.
    var isWhole: Bool { refusal == nil && status == .failed && acceptance.text != nil && acceptance.left.isEmpty }

    /// Writes the file, where there is something to write.
    func write() throws(Diagnostic) {
        guard refusal == nil, let text = acceptance.text, let source = entry.source else { return }
        try ScenarioReplacement(entry.input.path).replace(source, with: text)
    }

    /// What was written, as a diff, and what was left, and why; empty where nothing failed. To be said once it is written.
    func text(style: TextStyle) -> String {
        let file = TerminalText.safe(entry.file)
        if let refusal = refusal ?? acceptance.refusal {
            // That nothing was run is said already.
            return status == .invalid ? "" : "nothing is accepted in \(file): \(TerminalText.safe(refusal))\n"
        }
        var text = ""
        if let new = acceptance.text, let old = entry.source {
            let count = acceptance.accepted
            text += style.bold("accepted \(count) \(count == 1 ? "value" : "values") in \(file)") + "\n"
            text += UnifiedDiff(old, new).text(style: style)
        }
        for left in acceptance.left {
            let place = style.cyan("\(TerminalText.safe(left.place.file)):\(left.place.line):\(left.place.column)")
            text += "not accepted: \(place) \(TerminalText.safe(left.title))\n"
            text += "  \(style.blue("=")) \(TerminalText.safe(left.reason))\n"
        }
        return text
    }
}
