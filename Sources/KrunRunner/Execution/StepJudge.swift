import KrunChecks
import KrunConnection
import KrunDiagnostics
import KrunOutcome
import KrunPatterns
import KrunScenario

/// Makes outcomes of steps that are over: in the order of their paths, on the thread of the scenario.
final class StepJudge {
    private let run: ScenarioRun
    /// What is left of the time in which patterns may be looked for.
    private var patternTime = PatternBudget.usual

    init(_ run: ScenarioRun) {
        self.run = run
    }

    func outcome(of step: RunStep) -> (outcome: StepOutcome, stop: RunStop?) {
        switch step {
        case .judged(let outcome, let stop): return (outcome, stop)
        case .pending(let pending): return outcome(of: pending)
        case .lists(let step, let lists, let duration, let trouble):
            var stop: RunStop?
            let outcomes = lists.map { list in
                list.map { inner in
                    let (outcome, innerStop) = outcome(of: inner)
                    if let innerStop, stop?.isInterruption != true, stop == nil || innerStop.isInterruption {
                        stop = innerStop
                    }
                    return outcome
                }
            }
            if let trouble { stop = stop ?? .trouble(trouble) }
            let result: StepOutcome.Result =
                if case .repeat = step.action { .repeat(outcomes) } else { .together(outcomes) }
            let statuses = outcomes.joined().map(\.status) + (trouble == nil ? [] : [.error])
            let worst: [Status] = [.interrupted, .error, .failed]
            return (
                StepOutcome(
                    path: step.path, title: step.title, note: step.note,
                    status: worst.first { statuses.contains($0) } ?? .passed, duration: duration, result: result,
                    diagnostics: trouble.map { [$0] } ?? []),
                stop
            )
        }
    }

    private func outcome(of pending: PendingStep) -> (StepOutcome, RunStop?) {
        let step = pending.step
        guard let result = pending.result else {
            var diagnostics: [Diagnostic] = []
            // What was given up because somebody asked for the end is no trouble of its own.
            if case .trouble(let diagnostic) = pending.stop, !run.interruption.isRequested {
                diagnostics = [diagnostic]
            }
            return (
                StepOutcome(
                    path: step.path, title: step.title, note: step.note,
                    status: diagnostics.isEmpty ? .interrupted : .error, duration: pending.duration, result: nil,
                    diagnostics: diagnostics),
                pending.stop
            )
        }
        let conclusion = result.conclude()
        let patterns = PatternBudget(patternTime) { [interruption = run.interruption] in interruption.isRequested }
        let diagnostics = diagnostics(of: step, result, conclusion, patterns)
        patternTime = max(.zero, patternTime - patterns.used)
        let isInterrupted = result.isInterrupted || patterns.stop == .interrupted
        let status: Status =
            isInterrupted
            ? .interrupted
            : result.trouble != nil
                ? .error : diagnostics.allSatisfy { $0.kind == .warning } ? .passed : .failed
        return (
            StepOutcome(
                path: step.path, title: step.title, note: step.note, status: status, duration: pending.duration,
                result: conclusion.result, invariants: conclusion.invariants, diagnostics: diagnostics),
            isInterrupted ? .interrupted : pending.stop
        )
    }

    private func diagnostics(
        of step: Step, _ result: StepResult, _ conclusion: StepResult.Conclusion, _ patterns: PatternBudget
    ) -> [Diagnostic] {
        if result.isInterrupted { return [] }
        // After a trouble what is missing is its consequence.
        if let trouble = result.trouble { return result.warnings + [trouble] }
        return result.warnings + conclusion.failures
            + judged(step, conclusion.result, invariants: conclusion.invariants, patterns)
    }

    private func judged(
        _ step: Step, _ outcome: StepOutcome.Result, invariants: [InvariantOutcome], _ patterns: PatternBudget
    ) -> [Diagnostic] {
        Judge.judge(
            step: step, stepCount: run.scenario.numberedSteps, outcome: outcome, invariants: invariants,
            partitionCounts: run.ledger.partitionCounts, partitioners: run.ledger.partitioners,
            retention: run.retention, patterns: patterns)
    }

    // MARK: What is known at the end

    /// The outcome with how often the faults in it struck.
    ///
    /// - Parameter isJudged: whether that is compared with what is expected.
    func withFaultsOver(_ step: StepOutcome, _ faults: ClusterFaults, judged isJudged: Bool) -> StepOutcome {
        var step = step
        switch step.result {
        case .fault(var outcome):
            guard !outcome.isOver, let applied = faults.applied(by: step.path) else { break }
            outcome.applied = applied
            outcome.isOver = true
            step.result = .fault(outcome)
            guard isJudged, step.status == .passed, let own = stepsByPath[step.path] else { break }
            step.diagnostics += judged(own, .fault(outcome), invariants: [], PatternBudget())
            if !step.diagnostics.isEmpty { step.status = .failed }
        case .together(let lists):
            step.result = .together(lists.map { $0.map { withFaultsOver($0, faults, judged: isJudged) } })
        case .repeat(let lists):
            step.result = .repeat(lists.map { $0.map { withFaultsOver($0, faults, judged: isJudged) } })
        default: break
        }
        if step.status == .passed, step.lists.joined().contains(where: { $0.status == .failed }) {
            step.status = .failed
        }
        return step
    }

    private var stepsByPath: [StepPath: Step] {
        Dictionary(run.scenario.allSteps.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
    }
}
