/// What must hold of every scenario without being asked for; the names are those of the language.
public enum Invariant: String, Hashable, Sendable, CaseIterable {
    case noLoss = "no-loss"
    case noDuplicates = "no-duplicates"
    case keyAffinity = "key-affinity"
    case perKeyOrder = "per-key-order"
    case offsetOrder = "offset-order"
    case singleOwner = "single-owner"
    case assignedOnly = "assigned-only"
    case commitNotAhead = "commit-not-ahead"
    case abortedInvisible = "aborted-invisible"
    case fencedSilent = "fenced-silent"

    /// Whether it is about transactions: of a scenario without them nothing is to be said.
    public var isOfTransactions: Bool { self == .abortedInvisible || self == .fencedSilent }
}

/// Whether an invariant held.
public struct InvariantOutcome: Hashable, Sendable {
    public enum Verdict: Hashable, Sendable {
        case held
        /// `cases` are the worst few, a sentence each naming topic, partition, offset and key; `count` is how many
        /// there are in all. `allowed` says that the file lets it be broken.
        case broken(count: Int, cases: [String], allowed: Bool)
        /// The reason why nothing can be said although there was something to judge.
        case notJudged(String)
        /// The reason why there was nothing to judge; reports show it as not judged.
        case nothingToJudge(String)
    }

    public var invariant: Invariant
    public var verdict: Verdict

    public init(_ invariant: Invariant, _ verdict: Verdict) {
        self.invariant = invariant
        self.verdict = verdict
    }
}

extension InvariantOutcome.Verdict {
    /// Why it was not judged; nil where it was.
    public var reason: String? {
        switch self {
        case .notJudged(let reason), .nothingToJudge(let reason): reason
        case .held, .broken: nil
        }
    }
}
