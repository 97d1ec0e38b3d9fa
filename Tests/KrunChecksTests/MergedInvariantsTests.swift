import KrunOutcome
import Testing

@testable import KrunChecks

/// One verdict of each invariant over all steps.
@Suite struct MergedInvariantsTests {
    private func merged(_ verdicts: InvariantOutcome.Verdict...) -> InvariantOutcome.Verdict? {
        let steps = verdicts.enumerated().map { index, verdict in
            StepOutcome(
                path: StepPath(index + 1), title: "step", status: .passed, duration: .zero, result: nil,
                invariants: [InvariantOutcome(.noLoss, verdict)])
        }
        let all = ScenarioLedger.mergedInvariants(of: steps)
        #expect(all.map(\.invariant) == Invariant.allCases)
        return all[.noLoss]
    }

    /// What could not be judged in one step is not held because another step could be.
    @Test func brokenWinsThenTheFirstReasonThenHeld() {
        let broken = InvariantOutcome.Verdict.broken(count: 1, cases: ["a"], allowed: false)
        #expect(merged(.held, .notJudged("x"), broken) == broken)
        #expect(merged(.held, .notJudged("x"), .held) == .notJudged("x"))
        #expect(merged(.nothingToJudge("x"), .held) == .held)
        #expect(merged(.nothingToJudge("x"), .notJudged("y")) == .notJudged("y"))
        #expect(merged(.nothingToJudge("x"), .nothingToJudge("y")) == .nothingToJudge("x"))
        #expect(merged(.notJudged("x"), .notJudged("y")) == .notJudged("x"))
        #expect(merged() == .nothingToJudge("nothing was read"))
        #expect(
            ScenarioLedger.mergedInvariants(of: [])[.keyAffinity] == .nothingToJudge("nothing was produced or read"))
        #expect(
            ScenarioLedger.mergedInvariants(of: [])[.fencedSilent] == .nothingToJudge("no step writes in a transaction")
        )
    }

    @Test func casesAreGatheredTheUnallowedFirst() {
        #expect(
            merged(
                .broken(count: 4, cases: ["a", "b", "c", "d"], allowed: true),
                .broken(count: 9, cases: ["e", "f"], allowed: false))
                == .broken(count: 13, cases: ["e", "f", "a", "b", "c"], allowed: false))
        #expect(
            merged(.broken(count: 4, cases: ["a"], allowed: true), .held)
                == .broken(count: 4, cases: ["a"], allowed: true))
    }
}
