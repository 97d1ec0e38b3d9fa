import KrunDiagnostics

/// What is wrong between values: brackets, commas, colons, comments.
extension JSONScanner {
    /// The text ends although something is open.
    func endOfText() -> Diagnostic {
        guard let container = open.last else {
            return problem("the \(source.noun) ends where a value is expected", position..<position, path: "$")
        }
        let start = Int(index.entries[Int(container)].start)
        return problem(
            "the \(containerName) is not closed", start..<start + 1, path: containerPath,
            label: "its \(closingText) is missing",
            // Of a line that is known.
            notes: source.isLine ? [] : ["the file ends in line \(source.line(of: max(0, bytes.count - 1)))"])
    }

    func tooDeep() -> Diagnostic {
        problem(
            "a value is nested more than \(Jansson.depthLimit) levels deep", position..<position + 1,
            path: containerPath, label: "this is level \(Jansson.depthLimit + 1)")
    }

    func textAfterEnd() -> Diagnostic {
        if let comment = comment() { return comment }
        let end = index.entries[0].range.upperBound
        let byte = bytes[position]
        if byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]") {
            let bracket = Character(Unicode.Scalar(byte))
            return problem(
                "this \(bracket) closes nothing", position..<position + 1, path: "$", label: "remove it",
                notes: source.isLine ? [] : ["the value of the file ends in line \(source.line(of: end - 1))"])
        }
        return problem(
            "there is text after the end of the JSON value", position..<position + 1, path: "$",
            label: "the end of the \(source.noun) is expected here",
            notes: [
                source.isLine
                    ? "a line holds one value"
                    : "the value of the file ends in line \(source.line(of: end - 1)); a file holds one value"
            ])
    }

    func trailingComma(at comma: Int) -> Diagnostic {
        let part = isInObject ? "member" : "element"
        return problem(
            "there is a comma after the last \(part) of the \(containerName)", comma..<comma + 1,
            path: containerPath, label: "remove this comma")
    }

    /// Neither a comma nor the closing bracket follows a value.
    func unexpectedAfterValue() -> Diagnostic {
        if let comment = comment() { return comment }
        let byte = bytes[position]
        if let mismatch = wrongBracket() { return mismatch }
        let word = wordRange(from: position)
        if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") || !word.isEmpty {
            return missingComma()
        }
        return unexpectedCharacter(path: containerPath, expected: "a comma or \(closingText) is expected")
    }

    private func missingComma() -> Diagnostic {
        var end = position
        while end > 0, bytes[end - 1].isWhiteSpace { end -= 1 }
        let part = isInObject ? "members" : "elements"
        var notes: [String] = []
        if end == position, bytes[end - 1] == UInt8(ascii: "\"") {
            notes.append("a quotation mark inside a string is written \\\"")
        }
        return problem(
            "a comma is missing between two \(part) of the \(containerName)", end..<end + 1, path: containerPath,
            label: "put a comma here", notes: notes)
    }

    /// Something else stands where a name should.
    func noName() -> Diagnostic {
        if let comment = comment() { return comment }
        if let quotes = wrongQuotes(path: containerPath) { return quotes }
        if let mismatch = wrongBracket() { return mismatch }
        if next == UInt8(ascii: ",") { return missingBeforeComma("member") }
        let word = wordRange(from: position)
        if !word.isEmpty {
            return problem(
                "the name \(quoted(word)) is not in quotes", word, path: containerPath,
                label: "write \"\(quoted(word))\"")
        }
        return unexpectedCharacter(path: containerPath, expected: "a name in double quotes is expected")
    }

    func noColon() -> Diagnostic {
        if let comment = comment() { return comment }
        let end = name.upperBound
        return problem(
            "a colon is missing after the name \(quotedString(name))", end..<end + 1, path: valuePath,
            label: "put a colon here")
    }

    /// Something stands where a value should that is none.
    func noValue(_ word: Range<Int>) -> Diagnostic {
        if !word.isEmpty { return badWord(word) }
        if let comment = comment() { return comment }
        if let quotes = wrongQuotes(path: valuePath) { return quotes }
        if !name.isEmpty, let byte = next, ",}]".utf8.contains(byte) {
            return problem(
                "the member \(quotedString(name)) has no value", position..<position + 1, path: valuePath,
                label: "a value is expected here")
        }
        if next == UInt8(ascii: ","), !open.isEmpty { return missingBeforeComma("element") }
        if let mismatch = wrongBracket() { return mismatch }
        return unexpectedCharacter(path: valuePath, expected: "a value is expected")
    }

    private func missingBeforeComma(_ part: String) -> Diagnostic {
        problem(
            "there is no \(part) before this comma", position..<position + 1, path: containerPath,
            label: "remove this comma")
    }

    /// The bracket of the other kind.
    private func wrongBracket() -> Diagnostic? {
        guard let byte = next, byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]"), byte != closing,
            let container = open.last
        else { return nil }
        let start = Int(index.entries[Int(container)].start)
        return problem(
            "the \(containerName) is closed by \(Character(Unicode.Scalar(byte)))", position..<position + 1,
            path: containerPath, label: "\(closingText) is expected here",
            notes: ["the \(containerName) begins in line \(source.line(of: start)), column \(source.column(of: start))"]
        )
    }

    private func comment() -> Diagnostic? {
        commentRange(from: position).map { range in
            problem(
                "JSON has no comments", range, path: containerPath, label: "remove this comment",
                notes: ["a member \"note\": \"…\" can say it instead"])
        }
    }

    private func wrongQuotes(path: String) -> Diagnostic? {
        guard let opening = scalar(at: position), opening.value.quotedAs != nil else { return nil }
        let end = source.endOfLine(at: position)
        var offset = opening.range.upperBound
        while offset < end, let candidate = scalar(at: offset) {
            if candidate.value.quotedAs == opening.value.quotedAs {
                let content = opening.range.upperBound..<offset
                let whole = position..<candidate.range.upperBound
                return problem(
                    "\(quoted(whole)) is not in double quotes", whole, path: path,
                    label: "write \"\(quoted(content))\"")
            }
            offset = candidate.range.upperBound
        }
        return problem(
            "\(opening.value.shown) begins no string", opening.range, path: path,
            label: "strings are written in double quotes")
    }

    private func unexpectedCharacter(path: String, expected: String) -> Diagnostic {
        guard let character = scalar(at: position) else { return endOfText() }
        var notes: [String] = []
        if character.value.looksLikeWhiteSpace {
            notes.append("it looks like white space, but between values JSON allows spaces, tabs and line breaks only")
        }
        return problem(
            "\(character.value.shown) is not expected here", character.range, path: path, label: expected, notes: notes)
    }
}

// MARK: - Inside values

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
