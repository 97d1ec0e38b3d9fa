import KrunOutcome

/// What is to be said of an invariant: the cases, and if there are none why that means nothing.
struct Finding {
    var cases = CaseList()
    /// Why something could not be judged; the first reason stays.
    private(set) var reason: String?
    /// Why there was nothing to judge.
    private(set) var emptiness: String?

    static func unjudged(_ reason: String) -> Finding { Finding(reason: reason) }
    static func nothing(_ reason: String) -> Finding { Finding(emptiness: reason) }

    mutating func isUnjudged(_ reason: @autoclosure () -> String) {
        if self.reason == nil { self.reason = reason() }
    }

    mutating func hasNothing(_ reason: @autoclosure () -> String) {
        if emptiness == nil { emptiness = reason() }
    }

    /// Broken when there is a case, and held only where all that there was could be judged.
    func verdict(allowed: Bool) -> InvariantOutcome.Verdict {
        let verdict = cases.verdict(allowed: allowed)
        guard case .held = verdict else { return verdict }
        return reason.map { .notJudged($0) } ?? emptiness.map { .nothingToJudge($0) } ?? .held
    }
}
