import KrunJSON
import KrunPatterns

/// Readers of what a filter asks, and of what has a value, with the rules of RFC 9535 about which goes with which.
extension JSONPathParser {
    typealias Condition = JSONPath.Condition
    typealias Operand = JSONPath.Operand
    typealias Query = JSONPath.Query

    /// What stands in a filter before it is known what it is good for.
    private enum Term {
        case literal(JSONPath.Value, content: StringLiteral?)
        case query(Query)
        /// A function whose result is a value.
        case value(Operand, name: String)
        /// A function that says yes or no.
        case condition(Condition, name: String)
    }

    // MARK: Conditions

    mutating func condition() throws(JSONPathFault) -> Condition {
        var parts = [try conjunction()]
        while afterBlanks({ $0.take(signs: "||") }) {
            skipBlanks()
            parts.append(try conjunction())
        }
        return parts.count == 1 ? parts[0] : .any(parts)
    }

    private mutating func conjunction() throws(JSONPathFault) -> Condition {
        var parts = [try basicCondition()]
        while afterBlanks({ $0.take(signs: "&&") }) {
            skipBlanks()
            parts.append(try basicCondition())
        }
        return parts.count == 1 ? parts[0] : .all(parts)
    }

    private mutating func basicCondition() throws(JSONPathFault) -> Condition {
        let start = position
        let isNegated = take("!")
        if isNegated { skipBlanks() }
        if next == "(" {
            let condition = try parentheses()
            if let sign = comparisonAhead() {
                throw fault("what is in parentheses cannot be compared", notes: ["\(sign) stands between values"])
            }
            return isNegated ? .not(condition) : condition
        }
        let operand = position
        let term = try term()
        let end = position
        if comparisonAhead() != nil {
            if isNegated {
                throw JSONPathFault(
                    start..<end, "a ! stands before parentheses, a path or a function, not before a comparison",
                    notes: ["write !(… == …)"])
            }
            let left = try comparable(term, at: operand..<end)
            let comparison = try comparison()
            skipBlanks()
            let right = position
            let other = try self.term()
            return .comparison(left, comparison, try comparable(other, at: right..<position))
        }
        let condition = try test(term, at: operand..<end)
        return isNegated ? .not(condition) : condition
    }

    private mutating func parentheses() throws(JSONPathFault) -> Condition {
        let start = position
        position += 1
        skipBlanks()
        let condition = try nested(from: start) { parser throws(JSONPathFault) in try parser.condition() }
        skipBlanks()
        if next == nil { throw unclosed(start, ")") }
        guard take(")") else { throw fault("expected &&, || or )", notes: waysOutOfCondition) }
        return condition
    }

    /// What was probably meant where a condition has ended too early.
    var waysOutOfCondition: [String] {
        switch next {
        case "&": ["write &&"]
        case "|": ["write ||"]
        case "=" where !scalars[position...].starts(with: "==".unicodeScalars): ["write == for the same value"]
        case "a" where scalars[position...].starts(with: "and".unicodeScalars): ["write &&"]
        case "o" where scalars[position...].starts(with: "or".unicodeScalars): ["write ||"]
        default: waysOut
        }
    }

    /// The sign of the comparison that comes next, after blanks, which are then passed over; nil without one.
    private mutating func comparisonAhead() -> String? {
        var sign: String?
        _ = afterBlanks { parser in
            sign =
                JSONPath.Comparison.allCases.first {
                    parser.scalars[parser.position...].starts(with: $0.rawValue.unicodeScalars)
                }?.rawValue
            return sign != nil
        }
        return sign
    }

    private mutating func comparison() throws(JSONPathFault) -> JSONPath.Comparison {
        for comparison in JSONPath.Comparison.allCases where take(signs: comparison.rawValue) { return comparison }
        throw fault("expected a comparison")
    }

    /// A term that stands alone.
    private func test(_ term: Term, at range: Range<Int>) throws(JSONPathFault) -> Condition {
        switch term {
        case .query(let query): return .exists(query)
        case .condition(let condition, _): return condition
        case .literal, .value:
            // A single = and the like are the likelier mistake.
            var ahead = self
            ahead.skipBlanks()
            let notes = ahead.next == "=" || ahead.next == "!" ? ["write == for the same value"] : ["compare it: == 1"]
            let label =
                if case .value(_, let name) = term { "the result of \(name)() is a value, and no condition" } else {
                    "a value alone is no condition"
                }
            throw JSONPathFault(range, label, notes: notes)
        }
    }

    /// A term that is compared, or an argument that is a value.
    private func comparable(_ term: Term, at range: Range<Int>) throws(JSONPathFault) -> Operand {
        switch term {
        case .literal(let value, _): return .literal(value)
        case .value(let operand, _): return operand
        case .query(let query) where query.isSingular: return .query(query)
        case .query:
            throw JSONPathFault(
                range, "expected a path to one value, with names and indices only",
                notes: ["value(…) is the value of a path that selects one", "count(…) is how many it selects"])
        case .condition(_, let name):
            throw JSONPathFault(range, "\(name)() says yes or no, and is no value")
        }
    }

    // MARK: Terms

    private mutating func term() throws(JSONPathFault) -> Term {
        let start = position
        switch next {
        case "'", "\"":
            let literal = try string()
            return .literal(.string(literal.content[...]), content: literal)
        case let sign? where sign.isDigit || sign == "-": return .literal(.number(try number()), content: nil)
        case "@", "$":
            position += 1
            let query = Query(isAbsolute: scalars[start] == "$", segments: try segments())
            if let scalar = next, scalar == "." || scalar.isOfName || scalar == "-" {
                throw fault("expected the end of the path", notes: waysOut)
            }
            return .query(query)
        case let letter? where letter.isFirstOfName && letter.isASCII: return try word(from: start)
        default:
            throw fault(
                "expected a path that begins with @ or $, a value or a function",
                notes: next == "[" || next == "{" ? ["arrays and objects are compared through a path only"] : [])
        }
    }

    private mutating func word(from start: Int) throws(JSONPathFault) -> Term {
        var name = ""
        while let letter = next, letter.isOfName, letter.isASCII {
            name.unicodeScalars.append(letter)
            position += 1
        }
        if next == "(" {
            return try nested(from: start) { parser throws(JSONPathFault) in try parser.function(name, from: start) }
        }
        switch name {
        case "true": return .literal(.boolean(true), content: nil)
        case "false": return .literal(.boolean(false), content: nil)
        case "null": return .literal(.null, content: nil)
        default:
            let lower = name.lowercased()
            let notes =
                Self.functions.contains(name)
                ? ["a ( follows a function at once: \(name)(…)"]
                : ["true", "false", "null"].contains(lower)
                    ? ["write \(lower)"]
                    : ["@.\(name) is a member of what is asked about", "'\(name)' is a text"]
            throw fault("expected a path that begins with @ or $, a value or a function", from: start, notes: notes)
        }
    }

    // MARK: Functions

    private static let functions = ["length", "count", "match", "search", "value"]

    /// At the parenthesis behind the name that stands at `start`.
    private mutating func function(_ name: String, from start: Int) throws(JSONPathFault) -> Term {
        guard Self.functions.contains(name) else {
            throw fault(
                "there is no function of this name", from: start,
                notes: ["there are length, count, match, search and value"])
        }
        let arguments = try arguments()
        let expected = name == "match" || name == "search" ? 2 : 1
        guard arguments.count == expected else {
            throw fault(
                "\(name)() takes \(expected == 1 ? "one argument" : "two arguments"), not \(arguments.count)",
                from: start)
        }
        let (first, range) = arguments[0]
        switch name {
        case "length": return .value(.length(try comparable(first, at: range)), name: name)
        case "count": return .value(.count(try query(first, of: name, at: range)), name: name)
        case "value": return .value(.value(try query(first, of: name, at: range)), name: name)
        default:
            let text = try comparable(first, at: range)
            let pattern = try pattern(arguments[1].term, at: arguments[1].range, matchesWhole: name == "match")
            return .condition(.pattern(text, pattern, matchesWhole: name == "match"), name: name)
        }
    }

    private func query(_ term: Term, of name: String, at range: Range<Int>) throws(JSONPathFault) -> Query {
        if case .query(let query) = term { return query }
        throw JSONPathFault(range, "\(name)() takes a path that begins with @ or $")
    }

    private mutating func arguments() throws(JSONPathFault) -> [(term: Term, range: Range<Int>)] {
        let start = position
        position += 1
        skipBlanks()
        var arguments: [(term: Term, range: Range<Int>)] = []
        if take(")") { return [] }
        while true {
            let offset = position
            if next == "!" || next == "(" { throw fault("a condition is no argument of a function") }
            let term = try term()
            arguments.append((term, offset..<position))
            if comparisonAhead() != nil { throw fault("a condition is no argument of a function") }
            skipBlanks()
            if take(")") { return arguments }
            if next == nil { throw unclosed(start, ")") }
            if next == "&" || next == "|" { throw fault("a condition is no argument of a function") }
            guard take(",") else { throw fault("expected , or )", notes: waysOut) }
            skipBlanks()
        }
    }

    /// A regular expression: one that is written in the path is understood now, once for all.
    private mutating func pattern(
        _ term: Term, at range: Range<Int>, matchesWhole: Bool
    ) throws(JSONPathFault) -> JSONPath.PatternOperand {
        guard case .literal(_, let literal?) = term else {
            return .operand(try comparable(term, at: range))
        }
        let pattern: InteroperablePattern
        do throws(PatternFault) {
            pattern = try InteroperablePattern(
                String(decoding: literal.content, as: UTF8.self), matchesWhole: matchesWhole)
        } catch {
            let last = literal.offsets.count - 1
            let offset = literal.offsets[min(error.offset, last)]
            let end = literal.offsets[min(error.offset + min(error.length, last), last)]
            neverMatching.append(JSONPathFault(offset..<max(end, offset + 1), error.label, notes: error.notes))
            return .literal(nil)
        }
        patternSize += pattern.size
        if patternSize > Self.maximumPatterns {
            throw JSONPathFault(
                range, "the regular expressions of this path are too large, together",
                notes: ["{n} stands for n copies: repeat less, or write * or +"])
        }
        return .literal(pattern)
    }
}
