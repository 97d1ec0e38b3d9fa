import KrunDiagnostics
import KrunOutcome

/// What a step's execution hands back to be judged.
struct StepResult {
    let result: StepOutcome.Result
    let invariants: [InvariantOutcome]
    /// What the execution itself found not to hold.
    var failures: [Diagnostic] = []
    /// What is worth knowing and no failure.
    var warnings: [Diagnostic] = []
    /// A run-time trouble that ended the step; no further step is run.
    var trouble: Diagnostic?
    /// Somebody asked for the end while it ran: what is here is as far as it got, and is not judged.
    var isInterrupted = false

    init(
        _ result: StepOutcome.Result, _ invariants: [InvariantOutcome], failures: [Diagnostic] = [],
        trouble: Diagnostic? = nil
    ) {
        self.result = result
        self.invariants = invariants
        self.failures = failures
        self.trouble = trouble
    }
}
