/// A regular expression that was understood: looking for it takes time in proportion to the text, whatever the two are.
///
/// It is compared Unicode scalar by Unicode scalar. What no finite automaton can find, such as a back reference, is refused
/// when it is read (`PatternParser`).
public struct Pattern: Hashable, Sendable {
    /// As written.
    public let text: String
    let program: PatternProgram

    /// - Throws: what is wrong with it, or that it is too large.
    package init(_ text: String) throws(PatternFault) {
        self.text = text
        program = try PatternProgram(PatternParser.parse(text))
    }

    /// How many steps a scalar of the text may take at most.
    package var size: Int { program.instructions.count }

    /// Whether the pattern is found anywhere in a text.
    ///
    /// - Throws: when the budget is used up, or somebody wants the end.
    package func isFound(in text: String, within budget: PatternBudget) throws(PatternBudget.Stop) -> Bool {
        var search = PatternSearch(program)
        return try search.finds(text.unicodeScalars, budget)
    }

    public static func == (a: Pattern, b: Pattern) -> Bool { a.text.utf8.elementsEqual(b.text.utf8) }

    public func hash(into hasher: inout Hasher) { hasher.combine(Array(text.utf8)) }
}

/// What is wrong with a regular expression.
package struct PatternFault: Error, Hashable {
    /// 0-based, in Unicode scalars of the pattern.
    package let offset: Int
    package let length: Int
    /// What is expected there, or what it is.
    package let label: String
    /// Ways out.
    package var notes: [String] = []
}

/// How long patterns may be looked for and JSON paths be followed, all together, and whether somebody wants the end meanwhile.
///
/// A value belongs to one thread.
public final class PatternBudget {
    /// Why looking was given up.
    public enum Stop: Error, Hashable, Sendable {
        case outOfTime
        case interrupted
    }

    /// What a step gets unless it is said.
    public static let usual: Duration = .seconds(10)

    public let duration: Duration
    /// Why looking was given up; nil while it was not. It is not taken up again.
    public private(set) var stop: Stop?
    private let isInterrupted: () -> Bool
    /// From when something was looked for first.
    private var deadline: ContinuousClock.Instant?
    private var unchecked = 0
    /// So many steps take far less than what anybody would notice.
    private static let stride = 1 << 16

    /// How long it is since something was looked for first.
    public var used: Duration { deadline.map { duration - ContinuousClock.now.duration(to: $0) } ?? .zero }

    /// - Parameter isInterrupted: asked now and then whether somebody wants the end.
    public init(_ duration: Duration = PatternBudget.usual, isInterrupted: @escaping () -> Bool = { false }) {
        self.duration = duration
        self.isInterrupted = isInterrupted
    }

    /// Takes note of work that was done, or is about to be.
    package func spend(_ steps: Int) throws(Stop) {
        if let stop { throw stop }
        unchecked += steps
        if deadline != nil, unchecked < Self.stride { return }
        unchecked = 0
        let now = ContinuousClock.now
        let deadline = self.deadline ?? now.advanced(by: duration)
        self.deadline = deadline
        if isInterrupted() { stop = .interrupted } else if now >= deadline { stop = .outOfTime }
        if let stop { throw stop }
    }
}
