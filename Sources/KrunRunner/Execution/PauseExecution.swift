import Dispatch
import KrunConnection
import KrunOutcome

/// Runs one `pause` step: waits, and sees whether somebody wants the end.
struct PauseExecution: StepExecution {
    let duration: Duration
    let run: ScenarioRun

    func execute() throws(RunStop) -> StepResult {
        let deadline = Deadline(after: duration)
        let never = DispatchSemaphore(value: 0)
        while !deadline.hasPassed {
            if run.interruption.isRequested { throw .interrupted }
            let slice = min(deadline.remaining, .milliseconds(50))
            _ = never.wait(timeout: .now() + .nanoseconds(Int(slice / .nanoseconds(1))))
        }
        return StepResult { .init(result: .pause) }
    }
}
