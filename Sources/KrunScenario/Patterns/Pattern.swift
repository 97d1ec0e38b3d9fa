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
