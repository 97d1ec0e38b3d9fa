import KrunDiagnostics

/// Text made to fit where there is room for some cells of it only.
enum TextCut {
    /// So much of a topic's name stays before the number of its partition; where there is no room for that the number goes.
    private static let least = 3

    /// The text where there is room for it, otherwise its beginning and `…`; of a partition's name the number stays, with what is behind it:
    /// `orders-of-the-wh…/12`.
    ///
    /// - Parameter text: safe text.
    static func text(_ text: String, to room: Int) -> String {
        if TerminalText.cells(text) <= room { return text }
        var end = Substring()
        if let slash = text.lastIndex(of: "/"), text[slash...].dropFirst().first?.isNumber == true,
            TerminalText.cells(String(text[slash...])) + least < room
        {
            end = text[slash...]
        }
        return TerminalText.prefix(of: text, cells: max(1, room - 1 - TerminalText.cells(String(end)))) + "…" + end
    }
}
