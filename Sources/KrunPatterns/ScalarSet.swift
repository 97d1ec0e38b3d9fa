/// A set of Unicode scalars, such as `[a-z_]` or `\d`.
struct ScalarSet: Sendable {
    /// What a set may hold besides ranges.
    enum Class: Sendable {
        /// `\d`: decimal digits of every script.
        case digit
        /// `\w`: letters, marks, digits and what joins words, such as the underscore.
        case word
        /// `\s`
        case whiteSpace
        /// What `.` does not match.
        case lineBreak
        /// `\p{…}`: general categories.
        case categories(Set<Unicode.GeneralCategory>)
        indirect case not(Class)
    }

    var ranges: [ClosedRange<UInt32>] = []
    var classes: [Class] = []
    var isNegated = false
    /// Whether upper and lower case are one.
    var foldsCase = false

    init(_ scalar: Unicode.Scalar, foldsCase: Bool = false) {
        ranges = [scalar.value...scalar.value]
        self.foldsCase = foldsCase && Self.hasCase(scalar)
    }

    init(_ classes: [Class] = [], isNegated: Bool = false, foldsCase: Bool = false) {
        self.classes = classes
        self.isNegated = isNegated
        self.foldsCase = foldsCase
    }

    /// The only scalar of the set; nil where there are more, or none.
    var only: UInt32? {
        guard ranges.count == 1, classes.isEmpty, !isNegated, !foldsCase, ranges[0].count == 1 else { return nil }
        return ranges[0].lowerBound
    }

    func contains(_ scalar: Unicode.Scalar) -> Bool { holds(scalar) != isNegated }

    private func holds(_ scalar: Unicode.Scalar) -> Bool {
        if lists(scalar) { return true }
        guard foldsCase, Self.hasCase(scalar) else { return false }
        return Self.otherCases(of: scalar).contains { lists($0) }
    }

    private func lists(_ scalar: Unicode.Scalar) -> Bool {
        ranges.contains { $0.contains(scalar.value) } || classes.contains { $0.contains(scalar) }
    }

    private static func hasCase(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) }
        return scalar.properties.isCased
    }

    private static func otherCases(of scalar: Unicode.Scalar) -> [Unicode.Scalar] {
        if scalar.isASCII { return Unicode.Scalar(scalar.value ^ 0x20).map { [$0] } ?? [] }
        let mappings = [scalar.properties.lowercaseMapping, scalar.properties.uppercaseMapping]
        return mappings.compactMap { $0.unicodeScalars.count == 1 ? $0.unicodeScalars.first : nil }
    }
}

extension ScalarSet.Class {
    func contains(_ scalar: Unicode.Scalar) -> Bool {
        switch self {
        case .digit:
            if scalar.isASCII { return ("0"..."9").contains(scalar) }
            return scalar.properties.generalCategory == .decimalNumber
        case .word: return scalar.isOfWord
        case .whiteSpace: return scalar.properties.isWhitespace
        case .lineBreak: return scalar.isLineBreak
        case .categories(let categories): return categories.contains(scalar.properties.generalCategory)
        case .not(let other): return !other.contains(scalar)
        }
    }

    /// The categories of `\p{…}` by their short names; nil when it is none of them.
    static func categories(_ name: String) -> ScalarSet.Class? { categoriesByName[name] }

    /// Made once: a pattern may name thousands of them.
    private static let categoriesByName: [String: ScalarSet.Class] = {
        let groups = Set(names.map { String($0.0.prefix(1)) })
        let byGroup = groups.map { group in (group, ScalarSet.Class.categories(categories { $0.hasPrefix(group) })) }
        let single = names.map { name, category in (name, ScalarSet.Class.categories([category])) }
        return Dictionary(uniqueKeysWithValues: byGroup + single)
    }()

    private static func categories(where isMeant: (String) -> Bool) -> Set<Unicode.GeneralCategory> {
        Set(names.filter { isMeant($0.0) }.map(\.1))
    }

    /// The classes of POSIX by their names.
    static let posix: [(String, ScalarSet.Class)] = [
        ("alpha", .categories(categories { $0.hasPrefix("L") })), ("digit", .digit),
        ("upper", .categories(categories { $0 == "Lu" })), ("lower", .categories(categories { $0 == "Ll" })),
        ("space", .whiteSpace), ("punct", .categories(categories { $0.hasPrefix("P") })), ("word", .word),
    ]

    private static let names: [(String, Unicode.GeneralCategory)] = [
        ("Lu", .uppercaseLetter), ("Ll", .lowercaseLetter), ("Lt", .titlecaseLetter), ("Lm", .modifierLetter),
        ("Lo", .otherLetter), ("Mn", .nonspacingMark), ("Mc", .spacingMark), ("Me", .enclosingMark),
        ("Nd", .decimalNumber), ("Nl", .letterNumber), ("No", .otherNumber), ("Pc", .connectorPunctuation),
        ("Pd", .dashPunctuation), ("Ps", .openPunctuation), ("Pe", .closePunctuation), ("Pi", .initialPunctuation),
        ("Pf", .finalPunctuation), ("Po", .otherPunctuation), ("Sm", .mathSymbol), ("Sc", .currencySymbol),
        ("Sk", .modifierSymbol), ("So", .otherSymbol), ("Zs", .spaceSeparator), ("Zl", .lineSeparator),
        ("Zp", .paragraphSeparator), ("Cc", .control), ("Cf", .format), ("Cs", .surrogate), ("Co", .privateUse),
        ("Cn", .unassigned),
    ]
}

extension Unicode.Scalar {
    /// Whether it is of a word, as `\w` and `\b` mean it.
    var isOfWord: Bool {
        if isASCII {
            return ("a"..."z").contains(self) || ("A"..."Z").contains(self) || ("0"..."9").contains(self) || self == "_"
        }
        switch properties.generalCategory {
        case .decimalNumber, .connectorPunctuation, .nonspacingMark, .spacingMark, .enclosingMark: return true
        default: return properties.isAlphabetic
        }
    }

    var isLineBreak: Bool {
        ("\u{0A}"..."\u{0D}").contains(self) || self == "\u{85}" || self == "\u{2028}" || self == "\u{2029}"
    }
}
