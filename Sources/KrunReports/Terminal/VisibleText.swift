/// Text from files and brokers, made fit for a terminal.
///
/// A scenario and a key are foreign input: written raw, an escape sequence in them could move the cursor, rename the
/// window or hide what a report says.
enum VisibleText {
    /// The text with control, format and other invisible characters as escapes such as `\u{1b}`; the rest untouched.
    static func escaped(_ text: String) -> String {
        if text.unicodeScalars.allSatisfy({ !isInvisible($0) }) { return text }
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case _ where isInvisible(scalar): result += "\\u{\(String(scalar.value, radix: 16))}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// A key as a cell of a table: its text, in quotes where it would be mistaken for something else; `""` when it is
    /// empty; hexadecimal when it is not UTF-8. At most `limit` characters, the rest shown as `…`.
    static func key(_ key: [UInt8], limit: Int = 40) -> String {
        guard let text = String(validating: key, as: UTF8.self) else {
            return shortened("0x" + key.prefix(limit).map(hexadecimal).joined(), to: limit)
        }
        let visible = escaped(text)
        let isMistakable =
            visible != text || text.isEmpty || text.first == " " || text.last == " " || text.first == "\""
            || text == "(null)" || text.hasPrefix("0x")
        return isMistakable ? "\"\(shortened(visible, to: limit))\"" : shortened(visible, to: limit)
    }

    /// How many columns of a terminal the text takes: two for an East Asian wide character or an emoji, none for a
    /// combining mark.
    static func width(_ text: String) -> Int {
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.utf8.count }
        return text.reduce(0) { $0 + width($1) }
    }

    static func padded(_ text: String, to width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - self.width(text)))
    }

    static func leftPadded(_ text: String, to width: Int) -> String {
        String(repeating: " ", count: max(0, width - self.width(text))) + text
    }

    private static func shortened(_ text: String, to limit: Int) -> String {
        text.count <= limit ? text : text.prefix(limit - 1) + "…"
    }

    private static func hexadecimal(_ byte: UInt8) -> String {
        String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
    }

    /// Format characters are among them because those of bidirectional text can turn a line around; a joiner or a
    /// variation selector inside an emoji cannot.
    private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .surrogate, .lineSeparator, .paragraphSeparator, .unassigned, .privateUse: true
        case .format: scalar.value != 0x200C && scalar.value != 0x200D
        default: false
        }
    }

    private static func width(_ character: Character) -> Int {
        guard let first = character.unicodeScalars.first else { return 0 }
        if character.unicodeScalars.contains(where: { $0.value == 0xFE0F }) { return 2 }
        switch first.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: return 0
        default: break
        }
        if first.properties.isEmojiPresentation { return 2 }
        switch first.value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
            0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
            return 2
        default: return 1
        }
    }
}
