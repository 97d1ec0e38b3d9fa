public import KrunDiagnostics
public import KrunOutcome
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
    public static func judge(
        step: Step, stepCount: Int, outcome: StepOutcome.Result, invariants: [InvariantOutcome],
        partitionCounts: [String: Int], partitioners: [String: Set<Partitioner>]
    ) -> [Diagnostic] { preconditionFailure() }
}
