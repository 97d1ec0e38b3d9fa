import KrunJSON
import KrunPatterns

/// Reads a path by the grammar of RFC 9535: its segments and selectors.
struct JSONPathParser {
    /// How many scalars a path may have.
    static let maximumLength = 8_192
    /// How many segments it may have, those of its filters counted.
    static let maximumSegments = 100
    /// Beyond this, filters, parentheses and functions within each other are refused rather than followed.
    static let maximumDepth = 32
    /// How many parts the regular expressions that are written in it may have, together.
    static let maximumPatterns = 10_000
    /// Whole numbers beyond this cannot be told apart by everybody who reads JSON (I-JSON, RFC 7493).
    static let largestInteger = 9_007_199_254_740_991

    typealias Segment = JSONPath.Segment
    typealias Selector = JSONPath.Selector

    let scalars: [Unicode.Scalar]
    var position = 0
    var depth = 0
    var segmentCount = 0
    var patternSize = 0
    var neverMatching: [JSONPathFault] = []
    private(set) var selectorCount = 0

    init(_ text: String) {
        // What is beyond the limit is refused, so that it need not be looked at.
        scalars = Array(text.unicodeScalars.prefix(Self.maximumLength + 1))
    }

    var size: Int { segmentCount + selectorCount + patternSize }

    /// The whole of it.
    mutating func path() throws(JSONPathFault) -> [Segment] {
        guard scalars.count <= Self.maximumLength else {
            position = scalars.count
            throw fault(
                "the path is too long: it has more than \(Self.maximumLength) characters", from: scalars.count - 1)
        }
        guard take("$") else {
            var notes: [String] = []
            if next?.isFirstOfName ?? false { notes = ["write $. before a name"] }
            if next == "[" { notes = ["write $ before the bracket"] }
            if next == "@" { notes = ["@ stands in a filter, for what is asked about"] }
            throw fault("a path begins with $, which is the whole value", notes: notes)
        }
        let segments = try segments()
        if next != nil { throw fault("expected . or [ or the end of the path", notes: waysOut) }
        return segments
    }

    // MARK: Looking and taking

    var next: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

    mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard next == scalar else { return false }
        position += 1
        return true
    }

    /// Takes two or more signs, all or none.
    mutating func take(signs: String) -> Bool {
        let wanted = signs.unicodeScalars
        guard scalars[position...].starts(with: wanted) else { return false }
        position += wanted.count
        return true
    }

    mutating func skipBlanks() {
        while let scalar = next, scalar.isBlank { position += 1 }
    }

    /// Goes on to the next scalar that is not blank, if that is taken.
    mutating func afterBlanks(_ takes: (inout JSONPathParser) -> Bool) -> Bool {
        let start = position
        skipBlanks()
        if takes(&self) { return true }
        position = start
        return false
    }

    /// - Parameters:
    ///   - start: where it begins; what was read since belongs to it. Without one it is the next scalar.
    func fault(_ label: String, from start: Int? = nil, notes: [String] = []) -> JSONPathFault {
        let offset = start ?? position
        return JSONPathFault(offset..<max(position, offset + 1), label, notes: notes)
    }

    /// What was probably meant where a name or a segment has ended too early.
    var waysOut: [String] {
        guard let scalar = next else { return [] }
        let before = position > 0 ? scalars[position - 1] : nil
        if scalar == "-", before?.isOfName ?? false { return ["a name with - in it stands in brackets: ['a-b']"] }
        if before == "$" || before == "@", scalar.isFirstOfName { return ["write a . before a name"] }
        if scalar.isBlank { return ["white space stands between segments only, not at the end"] }
        return []
    }

    /// Goes one level down, for as long as `body` takes.
    mutating func nested<Result>(
        from start: Int, _ body: (inout JSONPathParser) throws(JSONPathFault) -> Result
    ) throws(JSONPathFault) -> Result {
        depth += 1
        defer { depth -= 1 }
        if depth > Self.maximumDepth {
            throw fault("this is nested too deeply: more than \(Self.maximumDepth) levels", from: start)
        }
        return try body(&self)
    }

    // MARK: Segments

    mutating func segments() throws(JSONPathFault) -> [Segment] {
        var segments: [Segment] = []
        while afterBlanks({ $0.next == "." || $0.next == "[" }) {
            segmentCount += 1
            if segmentCount > Self.maximumSegments {
                throw fault("the path is too long: it has more than \(Self.maximumSegments) segments")
            }
            segments.append(try segment())
        }
        return segments
    }

    private mutating func segment() throws(JSONPathFault) -> Segment {
        let start = position
        let isDescendant = take(signs: "..")
        if !isDescendant, take(".") {
            if next == "[" { throw fault("there is no . before a bracket", from: start) }
        } else if take("[") {
            return Segment(isDescendant: isDescendant, selectors: try brackets(from: position - 1))
        }
        selectorCount += 1
        if take("*") { return Segment(isDescendant: isDescendant, selectors: [.wildcard]) }
        guard let first = next, first.isFirstOfName else { throw noName(isDescendant: isDescendant) }
        var name: [UInt8] = []
        while let scalar = next, scalar.isOfName {
            name += UTF8.encode(scalar)!
            position += 1
        }
        return Segment(isDescendant: isDescendant, selectors: [.name(name)])
    }

    private func noName(isDescendant: Bool) -> JSONPathFault {
        let expected = isDescendant ? "expected a name, * or [ after .." : "expected a name or * after the ."
        switch next {
        case let digit? where digit.isDigit:
            return fault(
                expected,
                notes: ["an index stands in brackets: [0]", "so does a name that begins with a digit: ['1st']"])
        case "'", "\"": return fault(expected, notes: ["a name in quotes stands in brackets: ['a b']"])
        case "-": return fault(expected, notes: ["a name with - in it stands in brackets: ['a-b']"])
        case let scalar? where scalar.isBlank:
            return fault(expected, notes: ["there is no white space after a ."])
        default: return fault(expected)
        }
    }

    /// After the bracket that stands at `start`.
    private mutating func brackets(from start: Int) throws(JSONPathFault) -> [Selector] {
        var selectors: [Selector] = []
        while true {
            skipBlanks()
            selectorCount += 1
            selectors.append(try selector(from: start))
            skipBlanks()
            if take("]") { return selectors }
            guard next != nil else { throw unclosed(start, "]") }
            if take(",") { continue }
            if case .filter = selectors[selectors.count - 1] {
                throw fault("expected , or ]", notes: waysOutOfCondition)
            }
            throw fault("expected , or ]", notes: waysOut)
        }
    }

    func unclosed(_ start: Int, _ sign: Unicode.Scalar) -> JSONPathFault {
        JSONPathFault(start..<start + 1, "expected a \(sign) that closes this")
    }

    private mutating func selector(from bracket: Int) throws(JSONPathFault) -> Selector {
        switch next {
        case "'", "\"": return .name(try string().content)
        case "*":
            position += 1
            return .wildcard
        case "?":
            let start = position
            position += 1
            skipBlanks()
            return .filter(try nested(from: start) { parser throws(JSONPathFault) in try parser.condition() })
        case let sign? where sign.isDigit || sign == "-" || sign == ":": return try indexOrSlice()
        case nil: throw unclosed(bracket, "]")
        case let scalar?:
            let expected = "expected a name in quotes, an index, a slice, * or a filter"
            if scalar.isFirstOfName { throw fault(expected, notes: ["write quotes around a name: ['name']"]) }
            if scalar == "(" { throw fault(expected, notes: ["a filter begins with ?, as in [?@.count > 1]"]) }
            throw fault(expected)
        }
    }

    private mutating func indexOrSlice() throws(JSONPathFault) -> Selector {
        let start = try integer()
        guard afterBlanks({ $0.take(":") }) else {
            // Only a colon or a number has brought it here.
            return .index(start ?? 0)
        }
        skipBlanks()
        let end = try integer()
        guard afterBlanks({ $0.take(":") }) else { return .slice(start: start, end: end, step: 1) }
        skipBlanks()
        return .slice(start: start, end: end, step: try integer() ?? 1)
    }

    /// A whole number; nil where none begins.
    private mutating func integer() throws(JSONPathFault) -> Int? {
        let start = position
        let isNegative = take("-")
        let first = position
        var number = 0
        while let digit = next, digit.isDigit {
            number = min(number * 10 + Int(digit.value - 48), Self.largestInteger + 1)
            position += 1
        }
        if position == start { return nil }
        if position == first { throw fault("expected digits after the -") }
        if scalars[first] == "0", position > first + 1 || isNegative {
            throw fault(
                isNegative && position == first + 1 ? "0 has no sign here" : "a number has no 0 before it",
                from: start)
        }
        if number > Self.largestInteger {
            throw fault("expected a number from -\(Self.largestInteger) to \(Self.largestInteger)", from: start)
        }
        return isNegative ? -number : number
    }
}

extension Unicode.Scalar {
    var isBlank: Bool { self == " " || self == "\t" || self == "\n" || self == "\r" }

    var isDigit: Bool { self >= "0" && self <= "9" }

    /// What a name after a dot may begin with.
    var isFirstOfName: Bool {
        self >= "a" && self <= "z" || self >= "A" && self <= "Z" || self == "_" || value >= 0x80
    }

    var isOfName: Bool { isFirstOfName || isDigit }
}
