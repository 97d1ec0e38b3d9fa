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

    /// Broken when there is a case, otherwise held.
    func verdict(allowed: Bool) -> InvariantOutcome.Verdict {
        count > 0 ? .broken(count: count, cases: cases, allowed: allowed) : .held
    }
}
