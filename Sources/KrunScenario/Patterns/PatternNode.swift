/// A regular expression as a tree.
indirect enum PatternNode: Sendable {
    case empty
    /// One scalar of a set.
    case scalar(ScalarSet)
    case assertion(PatternAssertion)
    case sequence([PatternNode])
    case alternatives([PatternNode])
    /// `maximum` is nil where there is no limit.
    case repeated(PatternNode, minimum: Int, maximum: Int?)

    /// How many instructions it comes to, without its end; `Int.max` where that is beyond counting.
    var size: Int {
        switch self {
        case .empty: return 0
        case .scalar, .assertion: return 1
        case .sequence(let nodes): return nodes.reduce(0) { Self.sum($0, $1.size) }
        case .alternatives(let nodes): return nodes.reduce(-2) { Self.sum($0, Self.sum($1.size, 2)) }
        case .repeated(let node, let minimum, let maximum):
            let size = node.size
            guard let maximum else { return Self.sum(Self.product(size, max(minimum, 1)), 2) }
            return Self.sum(Self.product(size, maximum), maximum - minimum)
        }
    }

    private static func sum(_ a: Int, _ b: Int) -> Int {
        let (sum, overflow) = a.addingReportingOverflow(b)
        return overflow ? .max : sum
    }

    private static func product(_ a: Int, _ b: Int) -> Int {
        let (product, overflow) = a.multipliedReportingOverflow(by: b)
        return overflow ? .max : product
    }
}

/// What must be the case between two scalars.
enum PatternAssertion: Hashable, Sendable {
    case textStart
    case textEnd
    /// At the end, or before a line break that is the end.
    case textEndOrLastBreak
    case lineStart
    case lineEnd
    case wordBoundary
    case noWordBoundary
}
