/// The one printer of diagnostics: a title, the place with its line of the file and a caret, and the ways out.
public struct DiagnosticText: Sendable {
    /// Where the position of a context ends on the line, in cells.
    private static let contextWidth = 77

    let style: TextStyle

    public init(style: TextStyle) {
        self.style = style
    }

    /// The diagnostic as lines, without a line break at the end.
    ///
    /// Nothing in it can steer the terminal (`TerminalText.safe`). Without a place there are only the title and notes.
    public func text(_ diagnostic: Diagnostic) -> String {
        var lines = [titleLine(diagnostic)]
        var width = 1
        if let place = diagnostic.place {
            width = String(place.line).utf8.count
            let location = TerminalText.safe(place.file) + ":\(place.line):\(place.column)"
            lines.append(spaces(width) + style.blue("-->") + " " + style.cyan(location))
            lines += source(diagnostic, place, width)
        }
        for note in diagnostic.notes {
            for (position, line) in Self.lines(of: note).enumerated() {
                let start = position == 0 ? style.blue("=") : " "
                lines.append(line.isEmpty ? "" : spaces(width + 1) + start + " " + line)
            }
        }
        return lines.joined(separator: "\n")
    }

    private func titleLine(_ diagnostic: Diagnostic) -> String {
        let title = style.bold(TerminalText.safe(diagnostic.title))
        return diagnostic.kind == .warning
            ? style.bold(style.yellow("warning:")) + " " + title : style.bold(style.red("error:")) + " " + title
    }

    /// The context, the line of the file and the caret; nothing where they would say nothing, as for an empty file.
    private func source(_ diagnostic: Diagnostic, _ place: Place, _ width: Int) -> [String] {
        if place.excerpt.isEmpty, diagnostic.label.isEmpty, diagnostic.context == nil { return [] }
        let bar = style.blue("|")
        let margin = spaces(width + 1) + bar
        var lines = [margin]
        if let context = diagnostic.context { lines.append(margin + " " + contextText(context, from: width + 3)) }
        let excerpt = Excerpt(place)
        let number = style.blue(String(place.line)) + " " + bar
        lines.append(excerpt.text.isEmpty ? number : number + " " + excerpt.text)

        let mark = diagnostic.kind == .warning ? style.yellow : style.red
        let label = Self.lines(of: diagnostic.label)
        let carets = String(repeating: "^", count: excerpt.caretLength)
        let first = label.first.map { $0.isEmpty ? carets : carets + " " + $0 } ?? carets
        lines.append(margin + spaces(excerpt.caret + 1) + mark(first))
        for line in label.dropFirst() {
            lines.append(margin + spaces(excerpt.caret + excerpt.caretLength + 2) + mark(line))
        }
        if !diagnostic.notes.isEmpty { lines.append(margin) }
        return lines
    }

    /// - Parameter column: how many cells are before it.
    private func contextText(_ context: Diagnostic.Context, from column: Int) -> String {
        let activity = TerminalText.safe(context.activity)
        let position = TerminalText.safe(context.position)
        if position.isEmpty { return activity }
        let free = Self.contextWidth - column - TerminalText.cells(activity) - TerminalText.cells(position)
        return activity + spaces(max(2, free)) + position
    }

    private func spaces(_ count: Int) -> String {
        String(repeating: " ", count: count)
    }

    /// The lines of a text, each safe; at least one.
    private static func lines(of text: String) -> [String] {
        text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            TerminalText.safe(String(line.last == "\r" ? line.dropLast() : line))
        }
    }
}

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
