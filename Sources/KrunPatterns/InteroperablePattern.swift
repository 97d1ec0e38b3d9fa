/// A regular expression of the small language that every library understands alike: I-Regexp, RFC 9485.
///
/// `.` takes everything but a line feed and a carriage return; `^` and `$` are the beginning and the end of the text.
package struct InteroperablePattern: Sendable {
    private let program: PatternProgram

    /// - Parameter matchesWhole: whether a text must match from its beginning to its end, rather than have a match in it.
    /// - Throws: what is wrong with it, or that it is too large.
    package init(_ text: String, matchesWhole: Bool) throws(PatternFault) {
        let node = try InteroperablePatternParser.parse(text)
        program = try PatternProgram(
            matchesWhole ? .sequence([.assertion(.textStart), node, .assertion(.textEnd)]) : node)
    }

    /// How many steps a scalar of the text may take at most.
    package var size: Int { program.instructions.count }

    /// Whether a text matches, or has a match in it.
    ///
    /// - Throws: when the budget is used up, or somebody wants the end.
    package func isFound(in text: String, within budget: PatternBudget) throws(PatternBudget.Stop) -> Bool {
        // What is made ready for a search is work, too.
        try budget.spend(size)
        var search = PatternSearch(program)
        return try search.finds(text.unicodeScalars, budget)
    }
}

/// Reads an I-Regexp by the grammar of RFC 9485, which has no flags, no classes such as `\d`, and no kinds of groups.
private struct InteroperablePatternParser {
    /// Beyond this, groups in groups are refused rather than followed.
    private static let deepest = 100

    private let scalars: [Unicode.Scalar]
    private var position = 0
    private var depth = 0

    static func parse(_ text: String) throws(PatternFault) -> PatternNode {
        guard text.utf8.count <= 8 * PatternProgram.largest else { throw PatternProgram.tooLarge }
        var parser = InteroperablePatternParser(scalars: Array(text.unicodeScalars))
        let node = try parser.alternatives()
        if parser.next != nil {
            throw parser.fault("this ) closes nothing", notes: ["write \\) for the parenthesis itself"])
        }
        return node
    }

    private init(scalars: [Unicode.Scalar]) { self.scalars = scalars }

    private var next: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard next == scalar else { return false }
        position += 1
        return true
    }

    private func fault(_ label: String, from start: Int? = nil, notes: [String] = []) -> PatternFault {
        let offset = min(start ?? position, max(scalars.count - 1, 0))
        return PatternFault(
            offset: offset, length: max(1, min(position, scalars.count) - offset), label: label, notes: notes)
    }

    // MARK: The grammar

    private mutating func alternatives() throws(PatternFault) -> PatternNode {
        var nodes = [try sequence()]
        while take("|") { nodes.append(try sequence()) }
        return nodes.count == 1 ? nodes[0] : .alternatives(nodes)
    }

    private mutating func sequence() throws(PatternFault) -> PatternNode {
        var nodes: [PatternNode] = []
        while let scalar = next, scalar != "|", scalar != ")" {
            let atom = try atom()
            let node = try repeated(atom)
            if case .empty = node { continue }
            nodes.append(node)
        }
        return nodes.count == 1 ? nodes[0] : nodes.isEmpty ? .empty : .sequence(nodes)
    }

    private mutating func atom() throws(PatternFault) -> PatternNode {
        let start = position
        let scalar = scalars[position]
        position += 1
        switch scalar {
        case "(": return try group(from: start)
        case "[": return .scalar(try set(from: start))
        case "\\":
            switch try escape(from: start) {
            case .scalar(let scalar): return .scalar(ScalarSet(scalar))
            case .class(let kind): return .scalar(ScalarSet([kind]))
            }
        case ".":
            var set = ScalarSet(isNegated: true)
            set.ranges = [0x0A...0x0A, 0x0D...0x0D]
            return .scalar(set)
        case "^": return .assertion(.textStart)
        case "$": return .assertion(.textEnd)
        case "*", "+", "?", "{":
            throw fault(
                "there is nothing to repeat before this", from: start,
                notes: ["write \\\(scalar) for the sign itself"])
        case "]", "}":
            throw fault("this \(scalar) closes nothing", from: start, notes: ["write \\\(scalar) for the sign itself"])
        default: return .scalar(ScalarSet(scalar))
        }
    }

    private mutating func group(from start: Int) throws(PatternFault) -> PatternNode {
        if next == "?" {
            position += 1
            throw fault("I-Regexp has one kind of group only", from: start, notes: ["write ( for a group"])
        }
        depth += 1
        defer { depth -= 1 }
        if depth > Self.deepest {
            throw fault("groups are nested too deeply: more than \(Self.deepest) levels", from: start)
        }
        let node = try alternatives()
        guard take(")") else {
            position = start + 1
            throw fault("expected a ) that closes this", from: start)
        }
        return node
    }

    private mutating func repeated(_ atom: PatternNode) throws(PatternFault) -> PatternNode {
        guard let (minimum, maximum) = try quantifier() else { return atom }
        if let sign = next, sign == "?" || sign == "*" || sign == "+" || sign == "{" {
            throw fault("a repetition is repeated", notes: ["put what is repeated first into a group: (…)"])
        }
        if case .empty = atom { return .empty }
        return maximum == 0 ? .empty : .repeated(atom, minimum: minimum, maximum: maximum)
    }

    private mutating func quantifier() throws(PatternFault) -> (minimum: Int, maximum: Int?)? {
        if take("*") { return (0, nil) }
        if take("+") { return (1, nil) }
        if take("?") { return (0, 1) }
        let start = position
        guard take("{") else { return nil }
        guard let minimum = number() else {
            throw fault("expected {n}, {n,} or {n,m}", from: start, notes: ["write \\{ for the sign itself"])
        }
        let isOpen = take(",")
        let maximum = isOpen ? number() : minimum
        guard take("}") else {
            throw fault("expected {n}, {n,} or {n,m}", from: start, notes: ["write \\{ for the sign itself"])
        }
        if let maximum, maximum < minimum { throw fault("the first number is above the second", from: start) }
        return (minimum, maximum)
    }

    /// A whole number; nil without one. What is too large to be written out stays so.
    private mutating func number() -> Int? {
        var number: Int?
        while let digit = next, ("0"..."9").contains(digit) {
            number = min((number ?? 0) * 10 + Int(digit.value - 48), 1_000_000)
            position += 1
        }
        return number
    }

    // MARK: Escapes and sets

    private enum Escape {
        case scalar(Unicode.Scalar)
        case `class`(ScalarSet.Class)
    }

    /// After a backslash that stands at `start`.
    private mutating func escape(from start: Int) throws(PatternFault) -> Escape {
        guard let scalar = next else { throw fault("expected a sign after the backslash", from: start) }
        position += 1
        switch scalar {
        case "n": return .scalar("\n")
        case "r": return .scalar("\r")
        case "t": return .scalar("\t")
        case "(", ")", "*", "+", "-", ".", "?", "[", "\\", "]", "^", "{", "|", "}": return .scalar(scalar)
        // The sign itself is meant, though the grammar has no escape for it.
        case "$": return .scalar(scalar)
        case "p", "P":
            let expected = "expected a general category of Unicode in braces, such as {L}, {Lu} or {Nd}"
            guard take("{") else { throw fault(expected, from: start) }
            var name = ""
            while let letter = next, letter.isASCII, letter.properties.isAlphabetic, name.utf8.count < 3 {
                name.unicodeScalars.append(letter)
                position += 1
            }
            guard take("}"), name != "Cs", let kind = ScalarSet.Class.categories(name) else {
                throw fault(expected, from: start)
            }
            return .class(scalar == "P" ? .not(kind) : kind)
        default:
            throw fault("I-Regexp has no such escape", from: start, notes: Self.instead(of: scalar))
        }
    }

    private static func instead(of escape: Unicode.Scalar) -> [String] {
        switch escape {
        case "d": ["write [0-9], or \\p{Nd} for the digits of every script"]
        case "D": ["write [^0-9], or \\P{Nd} for what is no digit of any script"]
        case "w": ["write [A-Za-z0-9_]"]
        case "W": ["write [^A-Za-z0-9_]"]
        case "s": ["write [ \\t\\n\\r]"]
        case "S": ["write [^ \\t\\n\\r]"]
        default: ["there are \\n \\r \\t, \\p{…} \\P{…}, and a backslash before a sign that has a meaning"]
        }
    }

    /// After the bracket that stands at `start`.
    private mutating func set(from start: Int) throws(PatternFault) -> ScalarSet {
        var set = ScalarSet(isNegated: take("^"))
        var isEmpty = true
        if take("-") {
            set.ranges.append(0x2D...0x2D)
            isEmpty = false
        }
        while let scalar = next {
            if scalar == "]" {
                if isEmpty { break }
                position += 1
                return set
            }
            isEmpty = false
            let element = position
            // A hyphen stands for itself at the beginning and at the end.
            if scalar == "-" {
                position += 1
                guard next == "]" else {
                    throw fault("a - here says nothing", from: element, notes: ["write \\- for the sign itself"])
                }
                set.ranges.append(0x2D...0x2D)
                continue
            }
            guard let lower = try member(of: &set) else { continue }
            guard next == "-", position + 1 < scalars.count, scalars[position + 1] != "]" else {
                set.ranges.append(lower.value...lower.value)
                continue
            }
            position += 1
            guard next != "-", let upper = try member(of: &set), upper >= lower else {
                throw fault("expected a range from a lower to a higher character", from: element)
            }
            set.ranges.append(lower.value...upper.value)
        }
        position = min(start + 1, scalars.count)
        throw fault(
            isEmpty && next != nil ? "expected what the brackets hold" : "expected a ] that closes this", from: start,
            notes: ["write \\[ for the bracket itself"])
    }

    /// A single scalar; nil for a class, which is put into the set.
    private mutating func member(of set: inout ScalarSet) throws(PatternFault) -> Unicode.Scalar? {
        let start = position
        let scalar = scalars[position]
        position += 1
        if scalar == "[" {
            throw fault(
                "a set within a set is not understood", from: start, notes: ["write \\[ for the bracket itself"])
        }
        guard scalar == "\\" else { return scalar }
        switch try escape(from: start) {
        case .scalar(let scalar): return scalar
        case .class(let kind):
            set.classes.append(kind)
            return nil
        }
    }
}
