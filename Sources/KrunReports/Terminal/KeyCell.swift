import KrunDiagnostics

/// A key as the cell of a table.
package enum KeyCell {
    /// How many characters of a key are shown.
    package static let limit = 40

    /// The key's text, or, where that would be mistaken for something else, a string of JSON; `{"hex":"00ff"}` when no text of a
    /// scenario can be it. What goes beyond the limit is shown as `…`.
    package static func text(_ key: [UInt8]) -> String {
        guard let text = ByteText.writable(key) else { return ByteText.hex(key, limit: limit / 2) }
        let isMistakable =
            text.isEmpty || text.first == " " || text.last == " " || text.first == "\"" || text == "(null)"
            || text.hasPrefix("{\"hex\":") || !text.unicodeScalars.allSatisfy(TerminalText.isSafe)
        guard isMistakable else { return shortened(text) }
        return "\"\(shortened(text.unicodeScalars.reduce(into: "") { $0 += escaped($1) }))\""
    }

    private static func shortened(_ text: String) -> String {
        text.count <= limit ? text : text.prefix(limit - 1) + "…"
    }

    /// As a string of JSON has it that a terminal shows as it stands.
    private static func escaped(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "\"", "\\": return "\\\(scalar)"
        case "\t": return "\\t"
        case "\n": return "\\n"
        case "\r": return "\\r"
        default: break
        }
        if TerminalText.isSafe(scalar) { return String(scalar) }
        return UTF16.encode(scalar)?.reduce(into: "") { text, unit in
            let digits = String(unit, radix: 16, uppercase: true)
            text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        } ?? ""
    }
}
