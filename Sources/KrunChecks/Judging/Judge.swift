public import KrunDiagnostics
public import KrunOutcome
public import KrunPatterns
public import KrunScenario

/// Compares what a step brought about with what its file expects.
public enum Judge {
    /// Everything that is not as expected, in the order of the file, and the invariants that were broken without being
    /// allowed; empty when all is well.
    ///
    /// - Parameters:
    ///   - stepCount: how many steps the scenario has.
    ///   - partitionCounts: topic name → how many partitions it has, to explain where a key went.
    ///   - partitioners: topic name → the partitioners used on it so far.
    ///   - retention: topic name → what makes its broker remove messages, and how to keep them; said where that happened.
    ///   - patterns: how long regular expressions may be looked for. Where that was not enough, a failure says so; where
    ///     somebody wanted the end (`PatternBudget.stop`), what is returned is not all.
    public static func judge(
        step: Step, stepCount: Int, outcome: StepOutcome.Result, invariants: [InvariantOutcome],
        partitionCounts: [String: Int], partitioners: [String: Set<Partitioner>],
        retention: [String: String] = [:], patterns: PatternBudget = PatternBudget()
    ) -> [Diagnostic] {
        var judgement = Judgement(
            context: Diagnostic.Context(activity: step.title, position: step.path.position(of: stepCount)),
            partitionCounts: partitionCounts, partitioners: partitioners, patterns: patterns)
        switch (step.action, outcome) {
        case (.produce(let produce), .produce(let outcome)): judgement.judge(outcome, produce.expect)
        case (.consume(let consume), .consume(let outcome)): judgement.judge(outcome, consume.expect)
        case (.group(let group), .group(let outcome)): judgement.judge(outcome, group.expect)
        case (.transaction(let transaction), .transaction(let outcome)):
            judgement.judge(outcome, transaction.expect)
        case (.offsets(let offsets), .offsets(let outcome)): judgement.judge(outcome, offsets.expect)
        case (.topic(let topic), .topic(let outcome)): judgement.judge(outcome, topic.expect)
        case (.fault(let fault), .fault(let outcome)): judgement.judge(outcome, fault)
        case (.pause, .pause): break
        default: preconditionFailure("a step has the outcome of its verb")
        }
        if case .consume(let outcome) = outcome { judgement.explainRemovals(outcome, retention) }
        judgement.sortByPlace()
        for invariant in invariants { judgement.judge(invariant, of: step) }
        return judgement.diagnostics
    }
}
