package import KrunDiagnostics
import KrunJSON
package import KrunOutcome

/// What came of a single step as one JSON text for programs; `docs/control.md` documents it field by field. What is in it is as in the JSON report.
package enum StepAnswer {
    /// Rises when a field changes its meaning or goes away, not when one is added.
    package static let format = 1

    /// Of a step that was begun.
    ///
    /// - Parameters:
    ///   - outcome: with this one step.
    ///   - version: of krun.
    /// - Returns: the whole text, indented, ended by a line end.
    package static func text(_ outcome: ScenarioOutcome, version: String) -> String {
        text(
            status: outcome.status.rawValue, outcome.diagnostics + outcome.allSteps.flatMap(\.diagnostics),
            step: outcome.steps.first, version: version)
    }

    /// Of one that was not, for something is wrong with it or with how it was asked for.
    ///
    /// - Parameter status: `invalid` where the step is, `refused` where the request is.
    package static func text(status: String, _ diagnostics: [Diagnostic], version: String) -> String {
        text(status: status, diagnostics, step: nil, version: version)
    }

    private static func text(
        status: String, _ diagnostics: [Diagnostic], step: StepOutcome?, version: String
    ) -> String {
        var object = JSONMembers()
        object.add("krun", version)
        object.add("format", format)
        object.add("status", status)
        object.add("step", step.map { JSONStep.object($0).value })
        object.add("diagnostics", diagnostics.map { JSONReport.diagnostic($0) })
        return object.value.text(pretty: true) + "\n"
    }
}
