/// Reads a regular expression: the usual signs, of which no finite automaton could find a few, and those are refused.
struct PatternParser {
    /// Beyond this, groups in groups are refused rather than followed.
    private static let deepest = 100
    /// How often something may be repeated with `{n}`.
    private static let maximumRepetitions = 1_000

    /// What `(?i)` and its like switch on.
    struct Flags {
        var foldsCase = false
        var dotTakesLineBreaks = false
        var anchorsMatchLines = false
    }

    let scalars: [Unicode.Scalar]
    var position = 0
    var flags = Flags()
    private var depth = 0

    static func parse(_ text: String) throws(PatternFault) -> PatternNode {
        // Each is one instruction at least, or nearly.
        guard text.utf8.count <= 8 * PatternProgram.largest else { throw PatternProgram.tooLarge }
        var parser = PatternParser(scalars: Array(text.unicodeScalars))
        let node = try parser.alternatives()
        if parser.position < parser.scalars.count {
            throw parser.fault("this ) closes nothing", notes: ["write \\) for the parenthesis itself"])
        }
        return node
    }

    private init(scalars: [Unicode.Scalar]) { self.scalars = scalars }

    // MARK: Looking and taking

    var next: Unicode.Scalar? { scalar(at: position) }

    func scalar(at index: Int) -> Unicode.Scalar? { index < scalars.count ? scalars[index] : nil }

    mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard next == scalar else { return false }
        position += 1
        return true
    }

    /// Takes a text, all or nothing.
    mutating func take(_ text: String) -> Bool {
        let wanted = Array(text.unicodeScalars)
        guard position + wanted.count <= scalars.count,
            scalars[position..<position + wanted.count].elementsEqual(wanted)
        else { return false }
        position += wanted.count
        return true
    }

    /// - Parameter start: where it begins; what was read since belongs to it. Without one it is the next scalar.
    func fault(_ label: String, from start: Int? = nil, notes: [String] = []) -> PatternFault {
        let offset = min(start ?? position, max(scalars.count - 1, 0))
        return PatternFault(
            offset: offset, length: max(1, min(position, scalars.count) - offset), label: label, notes: notes)
    }

    static let linear = [
        "krun looks for patterns in time that grows with the text only, which back references and looking around do not allow"
    ]

    // MARK: The grammar

    private mutating func alternatives() throws(PatternFault) -> PatternNode {
        var nodes = [try sequence()]
        while take("|" as Unicode.Scalar) { nodes.append(try sequence()) }
        return nodes.count == 1 ? nodes[0] : .alternatives(nodes)
    }

    private mutating func sequence() throws(PatternFault) -> PatternNode {
        var nodes: [PatternNode] = []
        while let scalar = next, scalar != "|", scalar != ")" {
            let start = position
            guard let atom = try atom() else { continue }
            let node = try repeated(atom, from: start)
            if case .empty = node { continue }
            nodes.append(node)
        }
        return nodes.count == 1 ? nodes[0] : nodes.isEmpty ? .empty : .sequence(nodes)
    }

    /// What may be repeated; nil for what says something about the rest only.
    private mutating func atom() throws(PatternFault) -> PatternNode? {
        let start = position
        let scalar = scalars[position]
        position += 1
        switch scalar {
        case "(": return try group(from: start)
        case "[": return .scalar(try set(from: start))
        case "\\": return try escape(from: start)
        case ".":
            return .scalar(
                flags.dotTakesLineBreaks ? ScalarSet(isNegated: true) : ScalarSet([.lineBreak], isNegated: true))
        case "^": return .assertion(flags.anchorsMatchLines ? .lineStart : .textStart)
        case "$": return .assertion(flags.anchorsMatchLines ? .lineEnd : .textEnd)
        case "*", "+", "?":
            throw fault(
                "there is nothing to repeat before this", from: start,
                notes: ["write \\\(scalar) for the sign itself"])
        default: return .scalar(ScalarSet(scalar, foldsCase: flags.foldsCase))
        }
    }

    private mutating func repeated(_ atom: PatternNode, from start: Int) throws(PatternFault) -> PatternNode {
        let sign = position
        guard let (minimum, maximum) = try quantifier() else { return atom }
        // Which of several matches is found makes no difference to whether there is one.
        if !take("?" as Unicode.Scalar), next == "+" {
            position += 1
            throw fault("possessive repetition is not understood", from: sign, notes: Self.linear)
        }
        let second = position
        if try quantifier() != nil {
            throw fault(
                "a repetition is repeated", from: second,
                notes: ["put what is repeated first into a group: (?:…)"])
        }
        // What is empty stays so however often it is repeated: nothing is written out for it.
        if case .empty = atom { return .empty }
        return maximum == 0 ? .empty : .repeated(atom, minimum: minimum, maximum: maximum)
    }

    private mutating func quantifier() throws(PatternFault) -> (minimum: Int, maximum: Int?)? {
        if take("*" as Unicode.Scalar) { return (0, nil) }
        if take("+" as Unicode.Scalar) { return (1, nil) }
        if take("?" as Unicode.Scalar) { return (0, 1) }
        let start = position
        guard take("{" as Unicode.Scalar) else { return nil }
        let minimum = try number()
        var maximum = minimum
        if take("," as Unicode.Scalar) { maximum = try number() ?? .max }
        guard take("}" as Unicode.Scalar), minimum != nil || (maximum != nil && maximum != .max) else {
            // Otherwise it is the sign itself, as in {"id": 1}.
            position = start
            return nil
        }
        let least = minimum ?? 0
        guard let greatest = maximum == .max ? least : maximum, greatest <= Self.maximumRepetitions else {
            throw fault("at most \(Self.maximumRepetitions) repetitions can be counted", from: start)
        }
        if greatest < least { throw fault("the first number is above the second", from: start) }
        return (least, maximum == .max ? nil : greatest)
    }

    /// A whole number; nil without one. What is too large stays so.
    private mutating func number() throws(PatternFault) -> Int? {
        var number: Int?
        while let digit = next, ("0"..."9").contains(digit) {
            number = min((number ?? 0) * 10 + Int(digit.value - 48), 1_000_000)
            position += 1
        }
        return number
    }

    // MARK: Groups

    private mutating func group(from start: Int) throws(PatternFault) -> PatternNode? {
        let outer = flags
        if take("?" as Unicode.Scalar) {
            if take("#" as Unicode.Scalar) {
                while let scalar = next, scalar != ")" { _ = take(scalar) }
                guard take(")" as Unicode.Scalar) else { throw fault("expected a ) that closes this", from: start) }
                return nil
            }
            guard try groupKind(from: start) else { return nil }
        }
        depth += 1
        defer { depth -= 1 }
        if depth > Self.deepest {
            throw fault("groups are nested too deeply: more than \(Self.deepest) levels", from: start)
        }
        let node = try alternatives()
        guard take(")" as Unicode.Scalar) else {
            position = start + 1
            throw fault("expected a ) that closes this", from: start)
        }
        flags = outer
        // Within a sequence it is one thing to be repeated.
        return node
    }

    private static let refusedKinds = [
        ("=", "looking ahead"), ("!", "looking ahead"), ("<=", "looking behind"), ("<!", "looking behind"),
        (">", "an atomic group"), ("(", "a condition"), ("|", "a branch reset"), ("&", "a call of a group"),
    ]

    /// Reads what follows `(?`; whether a group begins, rather than flags having been set for what follows.
    private mutating func groupKind(from start: Int) throws(PatternFault) -> Bool {
        if take(":" as Unicode.Scalar) { return true }
        if let next, "=!<>(|&".unicodeScalars.contains(next) {
            for (sign, name) in Self.refusedKinds where take(sign) {
                throw fault("\(name) is not understood", from: start, notes: Self.linear)
            }
        }
        if take("P<") || take("<") { return try name(upTo: ">", from: start) }
        if take("'") { return try name(upTo: "'", from: start) }
        return try flagSigns(from: start)
    }

    private mutating func name(upTo end: Unicode.Scalar, from start: Int) throws(PatternFault) -> Bool {
        let first = position
        while let scalar = next, scalar.isOfWord { position += 1 }
        guard position > first, take(end) else { throw fault("expected a name and \(end)", from: start) }
        return true
    }

    /// `i`, `s` and `m`, for the group that `:` begins or, up to the `)`, for the rest of the one around.
    private mutating func flagSigns(from start: Int) throws(PatternFault) -> Bool {
        var isOn = true
        while let scalar = next {
            position += 1
            switch scalar {
            case "-" where isOn: isOn = false
            case "i": flags.foldsCase = isOn
            case "s": flags.dotTakesLineBreaks = isOn
            case "m": flags.anchorsMatchLines = isOn
            case ":": return true
            case ")": return false
            default:
                throw fault("expected one of i, m and s, or : for a group without a name", from: start)
            }
        }
        throw fault("expected a ) that closes this", from: start)
    }
}
