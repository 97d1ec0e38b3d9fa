public import KrunOutcome
public import KrunScenario

/// What one run of a scenario has written and read, kept in memory that does not grow with the number of messages.
/// May be called from any thread.
public final class ScenarioLedger: Sendable {
    /// - Parameter seed: decides which keys are looked at when there are too many of them.
    public init(seed: UInt64) { preconditionFailure() }

    /// Declares a topic before any step uses it and returns its index.
    ///
    /// - Parameters:
    ///   - name: as in the file.
    ///   - partitions: how many it has on the broker.
    ///   - createdHere: whether the scenario made it, so that nobody else is expected to write to it.
    public func addTopic(_ name: String, partitions: Int, createdHere: Bool) -> Int { preconditionFailure() }

    /// Per partition the last acknowledged offset + 1; 0 where nothing was acknowledged with an offset.
    /// A produce step counts once its ledger is finished.
    public func acknowledgedEnds(topic: Int) -> [Int64] { preconditionFailure() }

    /// Topic name → how many partitions it has.
    public var partitionCounts: [String: Int] { preconditionFailure() }

    /// Topic name → the partitioners of its produce steps so far.
    public var partitioners: [String: Set<Partitioner>] { preconditionFailure() }

    public func beginProduce(
        topic: Int, partitioner: Partitioner, acks: ProduceStep.Acks, keeping: KeptValues = .none
    ) -> ProduceLedger { preconditionFailure() }

    /// - Parameters:
    ///   - group: as in the file; nil without one.
    ///   - topics: the indexes of the step's topics; their order is that of all arrays and `topic` numbers of the
    ///     ledger that is returned.
    ///   - members: how many the step starts, numbered from 0; 1 without a group.
    ///   - judgesLoss: whether reading goes on until the end of every partition.
    ///   - keeping: per topic of the step; empty for none.
    public func beginConsume(
        group: String?, topics: [Int], members: Int, judgesLoss: Bool, keeping: [KeptValues] = []
    ) -> ConsumeLedger { preconditionFailure() }

    /// One of each invariant over a whole scenario: broken if any step broke it, held if any step judged it.
    public static func mergedInvariants(of steps: [StepOutcome]) -> [InvariantOutcome] { preconditionFailure() }
}
