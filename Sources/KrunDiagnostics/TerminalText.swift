/// Text from outside, made fit for a terminal.
public enum TerminalText {
    /// `text` without anything that could steer the terminal or reorder what stands there: a tab becomes a space, other
    /// control characters, line breaks included, and invisible format characters become escapes such as `\u001B`.
    public static func safe(_ text: String) -> String {
        // The UTF-8 of ordinary text has neither of these, and then there is nothing to do.
        if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return text }
        return text.unicodeScalars.reduce(into: "") { $0 += shown($1) }
    }

    /// How many cells of a terminal `text` takes: 2 for wide East Asian characters and emoji, 0 for combining ones.
    ///
    /// - Parameter text: safe text.
    public static func cells(_ text: String) -> Int {
        text.unicodeScalars.reduce(0) { $0 + cells($1) }
    }

    /// The longest beginning of `text` that takes no more than so many cells.
    ///
    /// - Parameter text: safe text.
    public static func prefix(of text: String, cells limit: Int) -> String {
        var taken = 0
        let end = text.firstIndex { character in
            taken += cells(String(character))
            return taken > limit
        }
        return String(text[..<(end ?? text.endIndex)])
    }

    /// What stands on the terminal for a scalar.
    static func shown(_ scalar: Unicode.Scalar) -> String {
        if scalar == "\t" { return " " }
        return isSafe(scalar) ? String(scalar) : escape(scalar)
    }

    /// Whether a terminal shows the scalar as itself, and moves nothing for it: no control character or line break, and no
    /// invisible format character.
    public static func isSafe(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return scalar.value >= 0x20 && scalar.value < 0x7F }
        // Ideographs and Hangul need no look into the tables of Unicode.
        if (0x4E00...0xD7A3).contains(scalar.value) { return true }
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: return false
        // The joiners make emoji and the scripts that need them, and change no order.
        case .format: return scalar == "\u{200D}" || scalar == "\u{200C}"
        default: return true
        }
    }

    private static func escape(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        if digits.count > 4 { return "\\u{\(digits)}" }
        return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    }

    private static func cells(_ scalar: Unicode.Scalar) -> Int {
        if scalar.value < 0x300 { return 1 }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: return 0
        default: break
        }
        // The vowels and finals of Hangul join the consonant before them; two regional indicators make one flag.
        if (0x1160...0x11FF).contains(scalar.value) { return 0 }
        if (0x1F1E6...0x1F1FF).contains(scalar.value) { return 1 }
        if scalar.properties.isEmojiPresentation { return 2 }
        return wide.contains { $0.contains(scalar.value) } ? 2 : 1
    }

    /// East Asian Width "wide" and "fullwidth" of the Unicode standard, in blocks; emoji are found by their property.
    private static let wide: [ClosedRange<UInt32>] = [
        0x1100...0x115F, 0x2329...0x232A, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0xA4CF,
        0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F, 0xFF01...0xFF60,
        0xFFE0...0xFFE6, 0x16FE0...0x18DFF, 0x1AFF0...0x1B2FF, 0x1F200...0x1F2FF, 0x20000...0x2FFFD, 0x30000...0x3FFFD,
    ]
}

/// Whether text for a terminal carries colours.
public struct TextStyle: Hashable, Sendable {
    public static let plain = TextStyle(usesColour: false)
    /// With ANSI escape sequences.
    public static let colour = TextStyle(usesColour: true)

    public let usesColour: Bool

    /// What ends a style.
    static let end = "\u{1B}[0m"

    /// These return `text` in that style, and an empty one as it is.
    public func bold(_ text: String) -> String { styled(text, 1) }
    public func dim(_ text: String) -> String { styled(text, 2) }
    public func red(_ text: String) -> String { styled(text, 31) }
    public func green(_ text: String) -> String { styled(text, 32) }
    public func yellow(_ text: String) -> String { styled(text, 33) }
    public func blue(_ text: String) -> String { styled(text, 34) }
    public func cyan(_ text: String) -> String { styled(text, 36) }

    private func styled(_ text: String, _ code: Int) -> String {
        usesColour && !text.isEmpty ? "\u{1B}[\(code)m\(text)\(Self.end)" : text
    }
}

/// Bytes of a record as a scenario file can say them.
public enum ByteText {
    /// The text that the bytes are, where a string of a file can be it: UTF-8 without a NUL; nil otherwise.
    public static func writable(_ bytes: some Collection<UInt8>) -> String? {
        bytes.contains(0) ? nil : String(validating: bytes, as: UTF8.self)
    }

    /// Such as `{"hex":"00ff"}`; of more than `limit` bytes the first so many, and `…`.
    public static func hex(_ bytes: some Collection<UInt8>, limit: Int = .max) -> String {
        "{\"hex\":\"\(digits(bytes.prefix(limit)))\(bytes.count > limit ? "…" : "")\"}"
    }

    /// Two digits for each byte.
    public static func digits(_ bytes: some Collection<UInt8>) -> String {
        let letters = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count * 2)
        for byte in bytes { text += [letters[Int(byte >> 4)], letters[Int(byte & 15)]] }
        return String(decoding: text, as: UTF8.self)
    }
}
