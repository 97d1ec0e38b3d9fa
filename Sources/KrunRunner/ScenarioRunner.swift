import Dispatch
public import KrunConnection
public import KrunOutcome
public import KrunScenario

/// Runs one scenario from its first connection to its last deletion.
public enum ScenarioRunner {
    /// Runs the scenario and returns what happened; it never throws, for a trouble is an outcome too.
    ///
    /// Blocks no thread of the cooperative pool. When the interruption is requested or the task is cancelled, the run
    /// stops at its next look, cleans up, and returns with the status `interrupted`.
    public static func run(
        _ scenario: Scenario, options: RunOptions, interruption: Interruption = Interruption()
    ) async -> ScenarioOutcome {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                DispatchQueue(label: "krun.scenario").async {
                    let execution = ScenarioExecution(scenario, options: options, interruption: interruption)
                    continuation.resume(returning: execution.run())
                }
            }
        } onCancel: {
            interruption.request()
        }
    }
}
