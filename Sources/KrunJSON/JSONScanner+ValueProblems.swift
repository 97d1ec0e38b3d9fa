import KrunDiagnostics

/// What is wrong inside values: words, numbers, strings.
extension JSONScanner {
    /// A word or number that is none of JSON's.
    func badWord(_ word: Range<Int>) -> Diagnostic {
        let shown = quoted(word)
        let bare = text(word.prefix(64))
        if let constant = Self.constants[bare.lowercased()] {
            return problem(
                "\(shown) is no JSON value", word, path: valuePath, label: "did you mean \(constant)?")
        }
        if Self.unwritable.contains(bare.lowercased().drop { $0 == "-" || $0 == "+" }) {
            return problem(
                "\(shown) is no JSON number", word, path: valuePath,
                notes: [
                    "JSON can write neither NaN nor infinity",
                    "as data of a message, put it in a string: \"\(shown)\"",
                ])
        }
        let unsigned = bare.drop { $0 == "-" || $0 == "+" || $0 == "." }
        guard let first = unsigned.utf8.first, first.isDigit else {
            return problem(
                "\(shown) is no JSON value", word, path: valuePath, label: "write \"\(shown)\" if it is a string",
                notes: ["without quotes there are only numbers, true, false and null"])
        }
        return problem("\(shown) is no JSON number", word, path: valuePath, label: numberHint(bare))
    }

    private static let constants = [
        "true": "true", "false": "false", "null": "null", "none": "null", "nil": "null", "undefined": "null",
        "yes": "true", "no": "false",
    ]

    private static let unwritable: Set<Substring> = ["nan", "inf", "infinity"]

    /// Which rule a number breaks.
    private func numberHint(_ number: String) -> String {
        let sign = number.hasPrefix("-") ? "-" : ""
        let digits = number.drop { $0 == "-" || $0 == "+" }
        let isPlain = digits.utf8.allSatisfy { $0.isDigit || $0 == UInt8(ascii: ".") }
        if digits.lowercased().hasPrefix("0x"), let value = Int64(digits.dropFirst(2), radix: 16) {
            return "write \(sign)\(value)"
        }
        if digits.contains("_") { return "write it without _" }
        guard isPlain, digits.count(where: { $0 == "." }) < 2 else {
            return "put it in double quotes if it is a string"
        }
        var corrected = digits.drop { $0 == "0" }
        if corrected.isEmpty || corrected.hasPrefix(".") { corrected = "0" + corrected }
        return "write \(sign)\(corrected.hasSuffix(".") ? corrected.dropLast() : corrected)"
    }

    func outOfRange(_ word: Range<Int>, _ kind: JSONKind) -> Diagnostic {
        let limit =
            kind == .integer
            ? "does not fit in a 64-bit integer" : "is beyond the range of a 64-bit floating-point number"
        let shown = quoted(word)
        return problem(
            "the number \(shown) \(limit)", word, path: valuePath, notes: ["put it in a string: \"\(shown)\""])
    }

    func unclosedString(from start: Int) -> Diagnostic {
        problem(
            "a string is not closed", start..<source.endOfLine(at: start), path: valuePath,
            label: "its closing \" is missing")
    }

    /// At the position, in a string that began at `start`.
    func controlCharacter(inStringFrom start: Int) -> Diagnostic {
        let byte = bytes[position]
        if position >= source.endOfLine(at: start) {
            var problem = unclosedString(from: start)
            problem.notes = ["a line break inside a string is written \\n"]
            return problem
        }
        let (shown, escape) =
            byte == UInt8(ascii: "\t")
            ? ("a tab", "\\t")
            : (
                "the control character \(Unicode.Scalar(byte).codePoint)",
                "\\u00" + (byte < 0x10 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            )
        return problem(
            "\(shown) must not stand in a string as it is", position..<position + 1, path: valuePath,
            label: "write \(escape)")
    }

    func badEscape() -> Diagnostic {
        let letter = scalar(at: position + 1)
        let end = letter.map { $0.range.upperBound } ?? bytes.count
        let shown = letter.map { $0.value.shown } ?? ""
        return problem(
            "\\\(shown) is no JSON escape", position..<end, path: valuePath,
            label: "write \\\\ for a backslash",
            notes: [#"the escapes are \" \\ \/ \b \f \n \r \t and \u with four hexadecimal digits"#])
    }

    func badUnicodeEscape() -> Diagnostic {
        var end = position + 2
        while end < position + 6, let byte = byte(at: end), byte.isDigit || byte.isLetter { end += 1 }
        return problem(
            "\(text(position..<end)) is no JSON escape", position..<end, path: valuePath,
            label: "\\u needs four hexadecimal digits")
    }

    func halfSurrogate() -> Diagnostic {
        problem(
            "\(text(position..<position + 6)) is half of a surrogate pair", position..<position + 6, path: valuePath,
            label: "its other half is missing",
            notes: [#"write the character itself, or both halves, such as \uD83D\uDE00"#])
    }

    func escapedNUL(isName: Bool) -> Diagnostic {
        problem(
            "\\u0000 is not allowed in a \(isName ? "name" : "string")", position..<position + 6, path: valuePath,
            notes: isName ? [] : ["{ \"base64\": … } and { \"hex\": … } carry any byte"])
    }
}
