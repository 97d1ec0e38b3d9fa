public import KrunOutcome

extension ScenarioLedger {
    /// One of each invariant over a whole scenario: broken if any step broke it, not judged if it could not be judged in some
    /// step, held if any step judged it.
    ///
    /// What some steps were allowed to break and others broke without leave is broken without leave.
    public static func mergedInvariants(of steps: [StepOutcome]) -> [InvariantOutcome] {
        Invariant.allCases.map { invariant in
            let verdicts = steps.flatMap(\.invariants).filter { $0.invariant == invariant }.map(\.verdict)
            return InvariantOutcome(invariant, merged(verdicts, of: invariant))
        }
    }

    private static func merged(
        _ verdicts: [InvariantOutcome.Verdict], of invariant: Invariant
    ) -> InvariantOutcome.Verdict {
        var total = 0
        var worst: [String] = []
        var tolerated: [String] = []
        var allAllowed = true
        var held = false
        var reason: String?
        var emptiness: String?
        for verdict in verdicts {
            switch verdict {
            case .held: held = true
            case .notJudged(let why): reason = reason ?? why
            case .nothingToJudge(let why): emptiness = emptiness ?? why
            case .broken(let count, let cases, let allowed):
                total += count
                if allowed { tolerated += cases } else { worst += cases }
                allAllowed = allAllowed && allowed
            }
        }
        if total > 0 {
            let cases = (worst + tolerated).prefix(CaseList.limit)
            return .broken(count: total, cases: Array(cases), allowed: allAllowed)
        }
        if let reason { return .notJudged(reason) }
        if held { return .held }
        if emptiness == nil, invariant.isOfTransactions { return .nothingToJudge("no step writes in a transaction") }
        return .nothingToJudge(
            emptiness ?? (isAboutKeys(invariant) ? "nothing was produced or read" : "nothing was read"))
    }

    private static func isAboutKeys(_ invariant: Invariant) -> Bool {
        invariant == .keyAffinity || invariant == .perKeyOrder
    }
}
