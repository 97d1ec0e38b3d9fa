import KrunBroker
import KrunConnection
import KrunDiagnostics
import KrunOutcome
import KrunScenario

/// Runs one `fault` step: tells the cluster what to suffer; how often it did is known later.
struct FaultExecution: StepExecution {
    let step: Step
    let fault: FaultStep
    let run: ScenarioRun

    func execute() throws(RunStop) -> StepResult {
        guard let faults = run.cluster.faults else {
            throw .unsupported("faults need the embedded broker: leave --brokers out")
        }
        let clock = Deadline(after: .zero)
        do {
            var outcome = try faults.perform(
                fault, at: step.path, topic: { run.actualName($0) }, group: { run.actualGroup($0) })
            outcome.duration = clock.elapsed
            run.events?.tell(.fault(fault.event), of: step.path)
            return StepResult { [outcome] in .init(result: .fault(outcome)) }
        } catch {
            throw .trouble(
                run.diagnostic(
                    .runtime, "the cluster cannot suffer that", step: step, label: error.description,
                    notes: error.hint.map { [$0] } ?? []))
        }
    }
}
