import KrunConnection
import KrunDiagnostics
import KrunOutcome
import KrunScenario
import Synchronization

/// What steps take from records, and the steps that are read again once that is known.
final class LateSteps: Sendable {
    private struct State {
        var values: LateValues
        /// With the values of so many steps.
        var decoded: (captures: Int, steps: [StepPath: Step])?
    }

    private let scenario: Scenario
    private let state: Mutex<State>
    /// The first step with captures that is not run.
    private let passedOver: StepPath?

    init(_ scenario: Scenario, run: LateValues.Run, running range: StepRange) {
        self.scenario = scenario
        passedOver =
            scenario.steps.filter { !range.contains($0) }.flatMap(\.all).first { step in
                if case .consume(let consume) = step.action { !consume.captures.isEmpty } else { false }
            }?.path
        state = Mutex(State(values: LateValues(run: run)))
    }

    /// A step took these from records.
    func captured(_ values: [CapturedValue], by step: Step) {
        guard !values.isEmpty else { return }
        state.withLock {
            $0.values.captured[step.path] = values
            $0.decoded = nil
        }
    }

    /// The step with what is known by now.
    ///
    /// - Throws: what is wrong with it then, or that something in it was never captured.
    func known(_ step: Step) throws(RunStop) -> Step {
        guard step.isLate else { return step }
        let steps: [StepPath: Step]
        do {
            steps = try all()
        } catch {
            var first = error.all[0]
            first.context = scenario.context(of: step)
            if error.all.count > 1 { first.notes.append("and \(error.all.count - 1) more") }
            first.notes.append("this was read again with what earlier steps had captured")
            throw .trouble(first)
        }
        guard let known = steps[step.path] else { return step }
        guard !known.isLate else {
            throw .trouble(
                Diagnostic(
                    .runtime, "a value of this step was not captured", at: step.place(),
                    context: scenario.context(of: step),
                    notes: passedOver.map { ["step \($0), which captures values, was passed over"] } ?? [
                        "the step that was to capture it found none, or has not come to its end"
                    ]))
        }
        return known
    }

    private func all() throws(Diagnostics) -> [StepPath: Step] {
        let (values, decoded) = state.withLock { ($0.values, $0.decoded) }
        if let decoded { return decoded.steps }
        let steps = Dictionary(
            try scenario.decoded(with: values).allSteps.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
        state.withLock {
            if $0.values.captured.count == values.captured.count { $0.decoded = (values.captured.count, steps) }
        }
        return steps
    }
}
