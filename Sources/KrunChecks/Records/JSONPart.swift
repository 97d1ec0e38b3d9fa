import KrunJSON
import KrunPatterns

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#endif

/// Whether a JSON value is a part of another one.
enum JSONPart {
    /// So deep at most; what is deeper within each other must be the same.
    private static let deepest = 100

    /// Whether everything in `part` is in `whole`: of an object each member, of a list each element, one for each, in whatever order,
    /// and of what is in them again a part; of anything else the same.
    ///
    /// - Throws: when the budget is used up, or somebody wants the end.
    static func isPart(
        _ part: JSONNode, of whole: JSONNode, depth: Int = 0, within budget: PatternBudget
    ) throws(PatternBudget.Stop) -> Bool {
        try budget.spend(1)
        guard depth < deepest else { return JSONNode.isEqual(part, whole) }
        switch (part.kind, whole.kind) {
        case (.object, .object):
            for member in part.members {
                guard let other = whole[member.name],
                    try isPart(member.value, of: other, depth: depth + 1, within: budget)
                else { return false }
            }
            return true
        case (.array, .array):
            let (wanted, there) = (part.elements, whole.elements)
            guard wanted.count <= there.count else { return false }
            // The first that fits may be needed by another.
            var matching = Matching(count: wanted.count)
            for index in wanted.indices {
                var fits: [Int] = []
                for candidate in there.indices
                where try isPart(wanted[index], of: there[candidate], depth: depth + 1, within: budget) {
                    fits.append(candidate)
                }
                guard matching.pair(index, with: fits) else { return false }
            }
            return true
        case (.object, _), (.array, _): return false
        default: return JSONNode.isEqual(part, whole)
        }
    }

    /// Whether two lists have the same elements, each as often.
    ///
    /// - Throws: when the budget is used up, or somebody wants the end.
    static func isSame(
        _ expected: [JSONNode], as actual: [JSONNode], within budget: PatternBudget
    ) throws(PatternBudget.Stop) -> Bool {
        guard expected.count == actual.count else { return false }
        // Equality goes both ways, so the first that fits is as good as any.
        var left = actual
        for element in expected {
            try budget.spend(left.count)
            guard let index = left.firstIndex(where: { JSONNode.isEqual(element, $0) }) else { return false }
            left.remove(at: index)
        }
        return true
    }

    /// Elements of a list, members of an object, Unicode scalars of a text; nil of anything else.
    static func size(of node: JSONNode) -> Int? {
        switch node.kind {
        case .array, .object: node.count
        case .string: node.string?.unicodeScalars.count
        case .null, .boolean, .integer, .real: nil
        }
    }
}

/// Pairs wants with candidates, each candidate once, so that as many wants as possible have one (Kuhn 1955).
struct Matching {
    /// The candidate of each want.
    private(set) var candidates: [Int?]
    /// The want of each candidate that is taken.
    private(set) var wants: [Int: Int] = [:]
    private var fits: [[Int]]

    init(count: Int) {
        candidates = Array(repeating: nil, count: count)
        fits = Array(repeating: [], count: count)
    }

    /// Pairs one more want with one of the candidates that fit it; false where that cannot be, however the others are paired.
    mutating func pair(_ want: Int, with candidates: [Int]) -> Bool {
        fits[want] = candidates
        return pair(want)
    }

    private mutating func pair(_ want: Int) -> Bool {
        var seen: Set<Int> = []
        // By a list of work rather than by recursion: each entry is a want and how many of its candidates were tried.
        var path: [(want: Int, next: Int)] = [(want, 0)]
        while let (want, next) = path.last {
            guard next < fits[want].count else {
                path.removeLast()
                continue
            }
            path[path.count - 1].next += 1
            let candidate = fits[want][next]
            guard seen.insert(candidate).inserted else { continue }
            if let owner = wants[candidate] {
                path.append((owner, 0))
                continue
            }
            // Each want on the way takes the candidate that it tried last.
            for (want, next) in path {
                candidates[want] = fits[want][next - 1]
                wants[fits[want][next - 1]] = want
            }
            return true
        }
        return false
    }
}

/// Looks for bytes within others.
enum ByteSearch {
    static func holds(_ whole: [UInt8], _ part: [UInt8]) -> Bool {
        whole.withUnsafeBytes { whole in part.withUnsafeBytes { holds(whole, $0) } }
    }

    static func holds(_ whole: UnsafeRawBufferPointer, _ part: UnsafeRawBufferPointer) -> Bool {
        if part.isEmpty { return true }
        guard whole.count >= part.count else { return false }
        let (text, first) = (whole, part[0])
        var start = 0
        while start <= text.count - part.count {
            guard let found = memchr(text.baseAddress! + start, Int32(first), text.count - part.count - start + 1)
            else {
                return false
            }
            let position = found - UnsafeMutableRawPointer(mutating: text.baseAddress!)
            if memcmp(found, part.baseAddress!, part.count) == 0 { return true }
            start = position + 1
        }
        return false
    }
}
