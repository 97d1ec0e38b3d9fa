import KrunOutcome
import Testing

@testable import KrunChecks

/// On long random histories the ledgers find what a model that forgets nothing finds, and nothing else.
@Suite(.timeLimit(.minutes(1))) struct HistoryTests {
    /// What each anomaly may break; everything else must hold.
    private func consequences(_ anomaly: HistorySimulation.Anomaly) -> Set<Invariant> {
        switch anomaly {
        case .stray: [.keyAffinity]
        case .overtaking: [.perKeyOrder]
        case .doubleWrite: [.noDuplicates]
        case .loss: [.noLoss]
        case .reread: [.noDuplicates, .offsetOrder]
        case .swap: [.offsetOrder, .perKeyOrder]
        case .trespass: [.assignedOnly]
        case .doubleOwner, .orphan: [.singleOwner]
        }
    }

    private func check(seed: UInt64, _ anomalies: Set<HistorySimulation.Anomaly>) {
        var history = HistorySimulation(seed: seed, anomalies: anomalies)
        let produced = history.produce(20_000)
        let consumed = history.consume()
        #expect(produced.brokenCounts == history.model.produceCounts)
        #expect(consumed.brokenCounts == history.model.consumeCounts)
        let broken = Set(produced.brokenCounts.keys).union(consumed.brokenCounts.keys)
        let expected = anomalies.reduce(into: Set<Invariant>()) { $0.formUnion(consequences($1)) }
        #expect(broken.isSubset(of: expected))
        for anomaly in anomalies { #expect(!broken.isDisjoint(with: consequences(anomaly))) }
        for outcome in produced + consumed {
            // Some messages name their partitions, and a key may be on several for that.
            if case .notJudged(let reason) = outcome.verdict,
                outcome.invariant != .keyAffinity || !reason.contains("name their partitions themselves")
            {
                Issue.record("\(outcome.invariant.rawValue) was not judged: \(reason)")
            }
        }
    }

    @Test(arguments: 1...3)
    func aCleanHistoryHolds(seed: UInt64) {
        check(seed: seed, [])
    }

    @Test(arguments: HistorySimulation.Anomaly.allCases)
    func oneAnomalyIsFoundAndNothingElse(anomaly: HistorySimulation.Anomaly) {
        check(seed: 11, [anomaly])
    }

    @Test(arguments: 21...26)
    func severalAnomaliesAreCountedApart(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        check(seed: seed, Set(HistorySimulation.Anomaly.allCases.shuffled(using: &random).prefix(4)))
    }

    @Test func allAtOnce() {
        check(seed: 31, Set(HistorySimulation.Anomaly.allCases))
    }
}
