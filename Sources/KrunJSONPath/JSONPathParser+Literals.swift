import KrunJSON

/// Readers of strings and numbers.
extension JSONPathParser {
    /// A string that was written in quotes.
    struct StringLiteral {
        /// In UTF-8, escapes decoded.
        var content: [UInt8] = []
        /// Where each scalar of the content stands, and the closing quote behind them.
        var offsets: [Int] = []

        fileprivate mutating func append(_ scalar: Unicode.Scalar, from offset: Int) {
            content += UTF8.encode(scalar)!
            offsets.append(offset)
        }
    }

    /// At an opening quote.
    mutating func string() throws(JSONPathFault) -> StringLiteral {
        let start = position
        let quote = scalars[position]
        position += 1
        var literal = StringLiteral()
        while let scalar = next {
            let offset = position
            position += 1
            switch scalar {
            case quote:
                literal.offsets.append(offset)
                return literal
            case "\\": literal.append(try escape(from: offset, in: quote), from: offset)
            case "\0"..."\u{1F}":
                throw fault(
                    "a control character stands in a string as an escape only", from: offset,
                    notes: ["there are \\b \\f \\n \\r \\t and \\uHHHH"])
            default: literal.append(scalar, from: offset)
            }
        }
        throw unclosed(start, quote)
    }

    /// After a backslash that stands at `start`.
    private mutating func escape(from start: Int, in quote: Unicode.Scalar) throws(JSONPathFault) -> Unicode.Scalar {
        guard let letter = next else { throw fault("expected a sign after the backslash", from: start) }
        position += 1
        switch letter {
        case quote, "/", "\\": return letter
        case "b": return "\u{08}"
        case "f": return "\u{0C}"
        case "n": return "\n"
        case "r": return "\r"
        case "t": return "\t"
        case "u": return try unicodeEscape(from: start)
        default:
            let notes =
                letter == "'" || letter == "\""
                ? ["within \(quote) it needs no backslash"]
                : ["there are \\b \\f \\n \\r \\t \\/ \\\\ \\\(quote) and \\uHHHH"]
            throw fault("there is no such escape", from: start, notes: notes)
        }
    }

    private mutating func unicodeEscape(from start: Int) throws(JSONPathFault) -> Unicode.Scalar {
        let unit = try codeUnit(from: start)
        if let scalar = Unicode.Scalar(unit) { return scalar }
        let half = "half of a character that has two escapes"
        guard unit < 0xDC00, take("\\"), take("u") else { throw fault(half, from: start) }
        let low = try codeUnit(from: start)
        guard low & 0xFC00 == 0xDC00, let scalar = Unicode.Scalar(0x10000 + (unit & 0x3FF) << 10 + low & 0x3FF) else {
            throw fault(half, from: start)
        }
        return scalar
    }

    private mutating func codeUnit(from start: Int) throws(JSONPathFault) -> UInt32 {
        var unit: UInt32 = 0
        for _ in 0..<4 {
            guard let scalar = next, scalar.isASCII, let digit = Character(scalar).hexDigitValue else {
                throw fault("expected four hexadecimal digits after \\u", from: start)
            }
            unit = unit << 4 | UInt32(digit)
            position += 1
        }
        return unit
    }

    /// At a digit or a minus.
    mutating func number() throws(JSONPathFault) -> JSONNumber {
        let start = position
        while let scalar = next {
            let isSign = scalar == "-" || scalar == "+"
            let follows = position == start || scalars[position - 1] == "e" || scalars[position - 1] == "E"
            guard scalar.isDigit || scalar == "." || scalar == "e" || scalar == "E" || isSign && follows else { break }
            position += 1
        }
        guard let number = JSONNumber(scalars[start..<position].map { UInt8(ascii: $0) }[...]) else {
            throw fault("expected a number as in JSON, such as 10, -0.5 or 1e3", from: start)
        }
        return number
    }
}
