import KrunDiagnostics

/// A key as the cell of a table.
package enum KeyText {
    /// How many characters of a key are shown.
    package static let limit = 40

    /// The key's text, in quotes where it would be mistaken for something else; `""` when it is empty; hexadecimal when
    /// it is not UTF-8. What goes beyond the limit is shown as `…`.
    package static func text(_ key: [UInt8]) -> String {
        guard let text = String(validating: key, as: UTF8.self) else {
            return shortened("0x" + key.prefix(limit).map(hexadecimal).joined())
        }
        // Escaped first, because a tab that is shown as a space would make two keys look the same.
        let visible = TerminalText.safe(text.replacing("\t", with: "\\t"))
        let isMistakable =
            visible != text || text.isEmpty || text.first == " " || text.last == " " || text.first == "\""
            || text == "(null)" || text.hasPrefix("0x")
        return isMistakable ? "\"\(shortened(visible))\"" : shortened(visible)
    }

    private static func shortened(_ text: String) -> String {
        text.count <= limit ? text : text.prefix(limit - 1) + "…"
    }

    private static func hexadecimal(_ byte: UInt8) -> String {
        String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
    }
}
