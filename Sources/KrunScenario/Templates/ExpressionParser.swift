import KrunJSON

/// What stands between `{{` and `}}`, understood.
enum TemplateContent {
    /// A variable of any type, alone.
    case variable(Variable)
    case expression(IntegerExpression)
    /// `uuid`, `random 1 100` or `now + 5m`.
    case drawn(Draw)
}

/// Reads `index % 5`, `name` and the like: sums of products of numbers, names and parentheses.
struct ExpressionParser {
    /// The number of the round, where steps are repeated.
    static let roundName = "round"
    /// Names that are no variables: those of functions, `index` and `round`.
    static let reservedNames: Set<String> = ["index", roundName, "env", "uuid", "now", "random"]
    /// Beyond this, nesting is refused rather than followed.
    private static let deepest = 64

    private let tokens: [ExpressionToken]
    private let variables: [String: Variable]
    private let round: Variable?
    private let allowsIndex: Bool
    private let end: Int
    private var position = 0
    private var depth = 0
    private var instructions: [IntegerExpression.Instruction] = []

    /// - Parameters:
    ///   - text: what stands between the braces; its first scalar is number `offset` of the whole string.
    ///   - round: the number of the round; nil where no steps are repeated.
    ///   - allowsIndex: whether `index` means something here.
    ///   - environment: what of it the file may see; nil for a variable that is not set, and instead of all where no caller can let it see any.
    static func parse(
        _ text: String, at offset: Int, variables: [String: Variable], round: Variable?, allowsIndex: Bool,
        environment: [String: String?]? = [:]
    ) throws(TemplateError) -> TemplateContent {
        let tokens = try ExpressionToken.tokens(of: text, at: offset)
        let length = text.unicodeScalars.count
        guard let first = tokens.first else {
            throw TemplateError(
                title: "a template is empty", offset: max(offset - 2, 0), length: length + 4,
                label: "expected a name or an expression", notes: [TemplateError.literalNote])
        }
        if case .name(let name) = first.kind, name != "index", name != roundName {
            var function = TemplateFunction(tokens: tokens, variables: variables, environment: environment)
            if let content = try function.content() { return content }
        }
        if tokens.count == 1, case .name(let name) = first.kind, name != "index" {
            guard let variable = name == roundName ? round : variables[name] else { throw unknown(name, first) }
            return .variable(variable)
        }
        var parser = ExpressionParser(
            tokens: tokens, variables: variables, round: round, allowsIndex: allowsIndex, end: offset + length)
        try parser.sum()
        if parser.position < tokens.count {
            let token = tokens[parser.position]
            throw TemplateError(
                title: "a template holds more than one expression", offset: token.offset, length: token.length,
                label: "expected an operator or }}")
        }
        let expression = IntegerExpression(parser.instructions)
        if expression.isConstant, expression.value(index: 0) == nil {
            throw TemplateError(
                title: "the expression has no value", offset: offset, length: max(length, 1),
                label: "it divides by zero, or its result is beyond 64 bits")
        }
        return .expression(expression)
    }

    private init(
        tokens: [ExpressionToken], variables: [String: Variable], round: Variable?, allowsIndex: Bool, end: Int
    ) {
        self.tokens = tokens
        self.variables = variables
        self.round = round
        self.allowsIndex = allowsIndex
        self.end = end
    }

    private mutating func sum() throws(TemplateError) {
        try product()
        while let sign = takeSign("+-") {
            try product()
            instructions.append(sign == "+" ? .add : .subtract)
        }
    }

    private mutating func product() throws(TemplateError) {
        try factor()
        while let sign = takeSign("*/%") {
            try factor()
            instructions.append(sign == "*" ? .multiply : sign == "/" ? .divide : .remainder)
        }
    }

    private mutating func factor() throws(TemplateError) {
        guard position < tokens.count else {
            throw TemplateError(
                title: "an expression stops too early", offset: max(end - 1, 0), length: 1,
                label: "expected a number, a name or ( after this")
        }
        let token = tokens[position]
        position += 1
        depth += 1
        defer { depth -= 1 }
        if depth > Self.deepest {
            throw TemplateError(
                title: "an expression is nested too deeply", offset: token.offset, length: token.length,
                label: "more than \(Self.deepest) levels")
        }
        switch token.kind {
        case .number(let number): instructions.append(.number(number))
        case .name(let name): instructions.append(try operand(name, token))
        case .sign("-"):
            try factor()
            instructions.append(.negate)
        case .sign("("):
            try sum()
            guard takeSign(")") != nil else {
                throw TemplateError(
                    title: "a parenthesis is not closed", offset: token.offset, length: 1,
                    label: "expected a ) after it")
            }
        case .sign(let sign):
            throw TemplateError(
                title: "unexpected \"\(sign)\" in a template", offset: token.offset, length: 1,
                label: "expected a number, a name or (")
        }
    }

    private func operand(
        _ name: String, _ token: ExpressionToken
    ) throws(TemplateError) -> IntegerExpression.Instruction {
        if name != "index", name != Self.roundName { try Self.refuseFunction(name, token) }
        if name == "index" {
            if allowsIndex { return .index }
            throw Self.unknown(name, token)
        }
        guard let variable = name == Self.roundName ? round : variables[name] else { throw Self.unknown(name, token) }
        // What is not known yet is some number.
        if variable.isLate { return .late }
        guard let number = variable.value.integer else {
            throw TemplateError(
                title:
                    "variable \"\(name)\" is not a whole number\(variable.value.kind == .integer ? " of 64 bits" : "")",
                offset: token.offset, length: token.length, label: "it is \(variable.value.described)",
                notes: ["only whole numbers can be calculated with"])
        }
        return .number(number)
    }

    private mutating func takeSign(_ signs: String) -> Character? {
        guard position < tokens.count, case .sign(let sign) = tokens[position].kind, signs.contains(sign) else {
            return nil
        }
        position += 1
        return sign
    }

    private static func refuseFunction(_ name: String, _ token: ExpressionToken) throws(TemplateError) {
        let function = name.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)[0]
        guard reservedNames.contains(String(function)) else { return }
        throw TemplateError(
            title: "{{\(name)}} cannot be calculated with", offset: token.offset, length: token.length,
            label: "it stands alone")
    }

    static func unknown(_ name: String, _ token: ExpressionToken) -> TemplateError {
        if name == roundName {
            return TemplateError(
                title: "{{round}} means nothing here", offset: token.offset, length: token.length,
                label: "no steps are repeated here",
                notes: ["it is the number of the round, from 0, in the steps of a \"repeat\""])
        }
        if name == "index" {
            return TemplateError(
                title: "{{index}} means nothing here", offset: token.offset, length: token.length,
                label: "no messages are made from this",
                notes: ["it is the number of a message, from 0, in what produce sends"])
        }
        return TemplateError(
            title: "unknown variable \(name.quotedForMessage)", unknownVariable: name, offset: token.offset,
            length: token.length, label: "not one of the file's variables")
    }
}

/// A word of an expression.
struct ExpressionToken {
    enum Kind: Hashable {
        case name(String)
        case number(Int64)
        /// One of `+ - * / % ( )`.
        case sign(Character)
    }

    let kind: Kind
    /// Scalars of the whole string, 0-based.
    let offset: Int
    let length: Int

    /// How many words an expression may have: it is calculated for every message.
    static let maximumWords = 1_000

    /// The words of `text`, whose first scalar is number `start` of the whole string.
    static func tokens(of text: String, at start: Int) throws(TemplateError) -> [ExpressionToken] {
        let scalars = Array(text.unicodeScalars)
        var tokens: [ExpressionToken] = []
        var position = 0
        while position < scalars.count {
            let scalar = scalars[position]
            if tokens.count == maximumWords {
                throw TemplateError(
                    title: "an expression is too long", offset: start + position, length: 1,
                    label: "more than \(maximumWords) words")
            }
            if scalar == " " || scalar == "\t" {
                position += 1
            } else if "+-*/%()".unicodeScalars.contains(scalar) {
                tokens.append(ExpressionToken(kind: .sign(Character(scalar)), offset: start + position, length: 1))
                position += 1
            } else if isDigit(scalar) {
                let first = position
                while position < scalars.count, isDigit(scalars[position]) { position += 1 }
                var digits = String.UnicodeScalarView()
                digits.append(contentsOf: scalars[first..<position])
                guard let number = Int64(String(digits)) else {
                    throw TemplateError(
                        title: "a number in a template is too large", offset: start + first,
                        length: position - first, label: "expected at most \(Int64.max)")
                }
                tokens.append(
                    ExpressionToken(kind: .number(number), offset: start + first, length: position - first))
            } else if isLetter(scalar) {
                let first = position
                // A dot belongs to the names of the language to come, such as env.HOME.
                while position < scalars.count,
                    isLetter(scalars[position]) || isDigit(scalars[position]) || scalars[position] == "."
                {
                    position += 1
                }
                var name = String.UnicodeScalarView()
                name.append(contentsOf: scalars[first..<position])
                tokens.append(
                    ExpressionToken(kind: .name(String(name)), offset: start + first, length: position - first))
            } else {
                throw TemplateError(
                    title: "unexpected \"\(scalar)\" in a template", offset: start + position, length: 1,
                    label: "expected a name, a number or one of + - * / % ( )",
                    notes: [TemplateError.literalNote])
            }
        }
        return tokens
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || scalar == "_"
    }
}

extension TemplateError {
    static let literalNote = "write {{{{ where the text itself is to hold {{"
}

/// What is wrong inside a template, and which scalars of the string it is about.
struct TemplateError: Error {
    let title: String
    /// A variable that there is not: what may have been meant is said with the error.
    var unknownVariable: String?
    /// Scalars of the whole string, 0-based.
    let offset: Int
    let length: Int
    let label: String
    var notes: [String] = []
}
