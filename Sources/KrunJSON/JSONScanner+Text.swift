import KrunDiagnostics

/// What the sentences about a wrong text are made of.
extension JSONScanner {
    func problem(
        _ title: String, _ range: Range<Int>, path: String, label: String = "", notes: [String] = []
    ) -> Diagnostic {
        Diagnostic(.invalid, title, at: source.place(range, path: path), label: label, notes: notes)
    }

    /// The path of the innermost array or object that is open.
    var containerPath: String {
        open.last.map { index.path(of: $0, in: bytes) } ?? "$"
    }

    /// The path of the value that comes next.
    var valuePath: String {
        guard let container = open.last else { return "$" }
        if isInObject && name.isEmpty { return containerPath }
        let step = JSONIndex.pathStep(
            name: name.isEmpty ? nil : bytes[name], ordinal: Int(index.entries[Int(container)].count))
        return containerPath + step
    }

    func text(_ range: Range<Int>) -> String { source.text(range) }

    func quoted(_ range: Range<Int>) -> String { source.quoted(range) }

    func quotedString(_ range: Range<Int>) -> String { source.quotedString(range) }

    /// The scalar that begins at `offset`, and its bytes; nil at the end of the text.
    func scalar(at offset: Int) -> (value: Unicode.Scalar, range: Range<Int>)? {
        let part = bytes[min(offset, bytes.count)..<min(offset + 4, bytes.count)]
        guard let value = String(decoding: part, as: UTF8.self).unicodeScalars.first else { return nil }
        return (value, offset..<min(offset + UTF8.width(value), bytes.count))
    }

    /// The characters from `offset` on that may be one number or word, whether it is valid or not; may be empty.
    func wordRange(from offset: Int) -> Range<Int> {
        var end = offset
        while let byte = byte(at: end) {
            if byte >= 0x80 {
                guard let scalar = scalar(at: end), !scalar.value.looksLikeWhiteSpace, scalar.value.quotedAs == nil
                else { break }
                end = scalar.range.upperBound
            } else if byte.isLetter || byte.isDigit || "+-._$@%".utf8.contains(byte) {
                end += 1
            } else {
                break
            }
        }
        return offset..<end
    }

    /// Where a comment that begins at `offset` ends on its line, or nil when none begins there.
    func commentRange(from offset: Int) -> Range<Int>? {
        guard let first = byte(at: offset) else { return nil }
        let end = source.endOfLine(at: offset)
        if first == UInt8(ascii: "#") { return offset..<end }
        guard first == UInt8(ascii: "/"), let second = byte(at: offset + 1) else { return nil }
        if second == UInt8(ascii: "/") { return offset..<end }
        guard second == UInt8(ascii: "*") else { return nil }
        var close = offset + 2
        while close + 1 < end {
            if bytes[close] == UInt8(ascii: "*"), bytes[close + 1] == UInt8(ascii: "/") { return offset..<close + 2 }
            close += 1
        }
        return offset..<end
    }

    /// `the object` or `the array` that is innermost.
    var containerName: String { isInObject ? "object" : "array" }

    var closingText: String { isInObject ? "}" : "]" }
}

extension Unicode.Scalar {
    /// The straight quotation mark it was probably meant to be, for the other ones.
    var quotedAs: String? {
        switch value {
        case 0x27, 0x2018, 0x2019, 0x201A, 0x60, 0xB4: "'"
        case 0x201C, 0x201D, 0x201E, 0xAB, 0xBB: "\""
        default: nil
        }
    }

    /// Whether people take it for white space, which JSON does not: no-break spaces, invisible characters.
    var looksLikeWhiteSpace: Bool {
        value > 0x20 && (properties.isWhitespace || properties.generalCategory == .format)
            || value == 0x0B || value == 0x0C
    }

    /// Itself, or its number where it cannot be seen.
    var shown: String {
        let isVisible =
            switch properties.generalCategory {
            case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator,
                .spaceSeparator, .nonspacingMark, .enclosingMark:
                false
            default: true
            }
        return isVisible ? String(self) : codePoint
    }

    /// Such as `U+00A0`.
    var codePoint: String {
        let digits = String(value, radix: 16, uppercase: true)
        return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
