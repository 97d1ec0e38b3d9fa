import KrunOutcome

/// How often an invariant was broken, and the first few cases.
struct CaseList: Hashable, Sendable {
    static let limit = 5

    private(set) var count = 0
    private(set) var cases: [String] = []

    /// Adds a case; its text is only made when there is room for it.
    mutating func add(count more: Int = 1, _ text: @autoclosure () -> String) {
        count += more
        if cases.count < Self.limit { cases.append(text()) }
    }

    mutating func add(_ other: CaseList) {
        count += other.count
        cases += other.cases.prefix(Self.limit - cases.count)
    }

    /// Broken when there is a case; otherwise not judged if there is a reason for that, or held.
    func verdict(allowed: Bool, unless reason: String? = nil) -> InvariantOutcome.Verdict {
        if count > 0 { return .broken(count: count, cases: cases, allowed: allowed) }
        return reason.map { .notJudged($0) } ?? .held
    }
}
