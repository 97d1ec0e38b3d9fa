/// A line of a file as it is shown, and where its carets go.
struct Excerpt {
    /// Safe, with `…` where the line goes on.
    let text: String
    /// How many cells are before the first caret.
    let caret: Int
    /// How many carets there are; at least one.
    let caretLength: Int

    init(_ place: Place) {
        let scalars = place.excerpt.unicodeScalars
        let offset = max(0, place.column - place.excerptColumn)
        let before = scalars.prefix(offset)
        let within = scalars.dropFirst(offset).prefix(place.length)
        let opening = place.excerptColumn > 1 ? "…" : ""

        text = opening + TerminalText.safe(place.excerpt) + (place.isExcerptCut ? "…" : "")
        // Where something is missing at the end of the line, nothing is within, and the caret comes right behind it.
        caret = TerminalText.cells(opening) + Self.cells(before)
        caretLength = max(1, Self.cells(within))
    }

    private static func cells(_ scalars: Substring.UnicodeScalarView) -> Int {
        TerminalText.cells(TerminalText.safe(String(scalars)))
    }
}
