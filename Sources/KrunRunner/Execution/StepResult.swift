import KrunDiagnostics
import KrunOutcome

/// Runs the one thing that a step says; what it finds is judged by others.
protocol StepExecution: Sendable {
    /// - Throws: what kept it from beginning; afterwards it is in the result, with what was done until then.
    func execute() throws(RunStop) -> StepResult
}

/// What a step's execution hands back to be judged.
struct StepResult: Sendable {
    /// What came of it, and how it is judged.
    struct Conclusion {
        let result: StepOutcome.Result
        var invariants: [InvariantOutcome] = []
        /// What the execution itself found not to hold.
        var failures: [Diagnostic] = []
    }

    /// To be called once, when nothing is at work beside the step any more: what others were acknowledged meanwhile counts.
    let conclude: @Sendable () -> Conclusion
    /// What is worth knowing and no failure.
    var warnings: [Diagnostic] = []
    /// A run-time trouble that ended the step; no further step is run.
    var trouble: Diagnostic?
    /// Somebody asked for the end while it ran: what is here is as far as it got, and is not judged.
    var isInterrupted = false

    init(trouble: Diagnostic? = nil, conclude: @escaping @Sendable () -> Conclusion) {
        self.trouble = trouble
        self.conclude = conclude
    }
}
