/// Readers of escapes and of sets in brackets.
extension PatternParser {
    /// What an escape stands for.
    private enum Escape {
        case scalar(Unicode.Scalar)
        case `class`(ScalarSet.Class)
        case assertion(PatternAssertion)
    }

    /// After a backslash that stands at `start`.
    mutating func escape(from start: Int) throws(PatternFault) -> PatternNode {
        switch try escaped(from: start, inSet: false) {
        case .scalar(let scalar): .scalar(ScalarSet(scalar, foldsCase: flags.foldsCase))
        case .class(let kind): .scalar(ScalarSet([kind]))
        case .assertion(let assertion): .assertion(assertion)
        }
    }

    private mutating func escaped(from start: Int, inSet: Bool) throws(PatternFault) -> Escape {
        guard let scalar = next else { throw fault("expected a sign after the backslash", from: start) }
        position += 1
        if let kind = ScalarSet.Class(escape: scalar) { return .class(kind) }
        if !inSet, let assertion = PatternAssertion(escape: scalar) { return .assertion(assertion) }
        switch scalar {
        case "t": return .scalar("\t")
        case "n": return .scalar("\n")
        case "r": return .scalar("\r")
        case "f": return .scalar("\u{0C}")
        case "e": return .scalar("\u{1B}")
        case "a": return .scalar("\u{07}")
        case "b" where inSet: return .scalar("\u{08}")
        case "0": return .scalar("\0")
        case "x": return .scalar(try hexadecimal(digits: 2, from: start))
        case "u": return .scalar(try hexadecimal(digits: 4, from: start))
        case "U": return .scalar(try hexadecimal(digits: 8, from: start))
        case "p", "P": return .class(try category(isNegated: scalar == "P", from: start))
        case "1"..."9", "k", "g":
            throw fault("a back reference is not understood", from: start, notes: Self.linear)
        case "a"..."z", "A"..."Z":
            throw fault(
                "this escape is not understood", from: start,
                notes: [
                    "there are \\d \\w \\s \\p{L} and their opposites \\D \\W \\S \\P{L}, \\b \\B \\A \\Z \\z, "
                        + "\\t \\n \\r \\f \\e \\a \\0, \\xHH, \\uHHHH and \\x{H…}"
                ])
        default: return .scalar(scalar)
        }
    }

    /// The scalar of so many hexadecimal digits, or of any number of them in braces.
    private mutating func hexadecimal(digits: Int, from start: Int) throws(PatternFault) -> Unicode.Scalar {
        let isBraced = take("{" as Unicode.Scalar)
        var value: UInt32 = 0
        var count = 0
        while let scalar = next, scalar.isASCII, let digit = Character(scalar).hexDigitValue,
            count < (isBraced ? 8 : digits)
        {
            value = value << 4 | UInt32(digit)
            count += 1
            position += 1
        }
        guard isBraced ? count > 0 && take("}" as Unicode.Scalar) : count == digits else {
            throw fault("expected \(digits) hexadecimal digits, or some in braces", from: start)
        }
        guard let scalar = Unicode.Scalar(value) else { throw fault("no character has this number", from: start) }
        return scalar
    }

    private mutating func category(isNegated: Bool, from start: Int) throws(PatternFault) -> ScalarSet.Class {
        let expected = "expected a general category of Unicode in braces, such as {L}, {Lu} or {Nd}"
        guard take("{" as Unicode.Scalar) else { throw fault(expected, from: start) }
        var isNegated = isNegated
        if take("^" as Unicode.Scalar) { isNegated.toggle() }
        var name = ""
        while let scalar = next, scalar.isASCII, scalar.isOfWord, name.utf8.count < 3 {
            name.unicodeScalars.append(scalar)
            position += 1
        }
        guard take("}" as Unicode.Scalar), let kind = ScalarSet.Class.categories(name) else {
            throw fault(expected, from: start)
        }
        return isNegated ? .not(kind) : kind
    }

    /// After the bracket that stands at `start`.
    mutating func set(from start: Int) throws(PatternFault) -> ScalarSet {
        var set = ScalarSet(isNegated: take("^" as Unicode.Scalar), foldsCase: flags.foldsCase)
        var isFirst = true
        while let scalar = next {
            if scalar == "]", !isFirst {
                position += 1
                return set
            }
            isFirst = false
            try element(into: &set)
        }
        position = start + 1
        throw fault("expected a ] that closes this", from: start, notes: ["write \\[ for the bracket itself"])
    }

    private mutating func element(into set: inout ScalarSet) throws(PatternFault) {
        let start = position
        if next == "[" {
            if let kind = try posixClass(from: start) { return set.classes.append(kind) }
            position += 1
            throw fault(
                "a set within a set is not understood", from: start, notes: ["write \\[ for the bracket itself"])
        }
        for sign in ["&&", "~~", "--"] where take(sign) {
            throw fault(
                "\(sign) between sets is not understood", from: start,
                notes: ["write \\\(sign.prefix(1)) for the sign itself"])
        }
        guard let lower = try member(of: &set) else { return }
        // A hyphen at the end of the set is one.
        guard next == "-", let following = scalar(at: position + 1), following != "]" else {
            return set.ranges.append(lower.value...lower.value)
        }
        position += 1
        guard let upper = try member(of: &set), upper >= lower else {
            throw fault("expected a range from a lower to a higher character", from: start)
        }
        set.ranges.append(lower.value...upper.value)
    }

    /// A single scalar; nil for a class, which is put into the set.
    private mutating func member(of set: inout ScalarSet) throws(PatternFault) -> Unicode.Scalar? {
        let start = position
        let scalar = scalars[position]
        position += 1
        guard scalar == "\\" else { return scalar }
        switch try escaped(from: start, inSet: true) {
        case .scalar(let scalar): return scalar
        case .class(let kind): set.classes.append(kind)
        case .assertion: break
        }
        return nil
    }

    /// `[:alpha:]` and its like, nil where none begins.
    private mutating func posixClass(from start: Int) throws(PatternFault) -> ScalarSet.Class? {
        guard take("[:") else { return nil }
        let isNegated = take("^" as Unicode.Scalar)
        for (name, kind) in ScalarSet.Class.posix where take(name + ":]") { return isNegated ? .not(kind) : kind }
        throw fault(
            "expected one of \(ScalarSet.Class.posix.map { "[:\($0.0):]" }.joined(separator: " "))", from: start,
            notes: ["write \\[ for the bracket itself"])
    }
}

extension ScalarSet.Class {
    fileprivate init?(escape: Unicode.Scalar) {
        switch escape {
        case "d": self = .digit
        case "D": self = .not(.digit)
        case "w": self = .word
        case "W": self = .not(.word)
        case "s": self = .whiteSpace
        case "S": self = .not(.whiteSpace)
        default: return nil
        }
    }
}

extension PatternAssertion {
    fileprivate init?(escape: Unicode.Scalar) {
        switch escape {
        case "b": self = .wordBoundary
        case "B": self = .noWordBoundary
        case "A": self = .textStart
        case "z": self = .textEnd
        case "Z": self = .textEndOrLastBreak
        default: return nil
        }
    }
}
