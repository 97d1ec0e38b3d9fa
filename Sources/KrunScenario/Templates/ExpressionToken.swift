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
    static let most = 1_000

    /// The words of `text`, whose first scalar is number `start` of the whole string.
    static func tokens(of text: String, at start: Int) throws(TemplateError) -> [ExpressionToken] {
        let scalars = Array(text.unicodeScalars)
        var tokens: [ExpressionToken] = []
        var position = 0
        while position < scalars.count {
            let scalar = scalars[position]
            if tokens.count == most {
                throw TemplateError(
                    title: "an expression is too long", offset: start + position, length: 1,
                    label: "more than \(most) words")
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
