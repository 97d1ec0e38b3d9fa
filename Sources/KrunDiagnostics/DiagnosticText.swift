/// The one printer of diagnostics: a title, the place with its line of the file and a caret, and the ways out.
public struct DiagnosticText: Sendable {
    /// Where the position of a context ends on the line, in cells.
    private static let contextWidth = 77
    /// In fewer columns nothing can be pointed at.
    private static let leastWidth = 30

    let style: TextStyle
    /// How many columns a line may take; nil for any number.
    private let columns: Int?

    /// - Parameter width: how many columns of a terminal a line may take: texts are folded, and of a line of the file the part is shown that the caret
    ///   points to; nil for any number.
    public init(style: TextStyle, width: Int? = nil) {
        self.style = style
        columns = width.map { max(Self.leastWidth, $0) }
    }

    /// The diagnostic as lines, without a line break at the end.
    ///
    /// Nothing in it can steer the terminal (`TerminalText.safe`). Without a place there are only the title and notes.
    public func text(_ diagnostic: Diagnostic) -> String {
        var lines = TextFold.lines(titleLine(diagnostic), width: columns, indent: "  ")
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
                let whole = line.isEmpty ? "" : spaces(width + 1) + start + " " + line
                lines += TextFold.lines(whole, width: columns, indent: spaces(width + 3))
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
        let room = columns.map { $0 - width - 3 }
        let excerpt = Excerpt(place, room: room)
        let number = style.blue(String(place.line)) + " " + bar
        lines.append(excerpt.text.isEmpty ? number : number + " " + excerpt.text)

        let mark = diagnostic.kind == .warning ? style.yellow : style.red
        let label = Self.lines(of: diagnostic.label)
        let carets = String(repeating: "^", count: excerpt.caretLength)
        let widest = label.map { TerminalText.cells($0) }.max() ?? 0
        if let room, widest > 0, excerpt.caret + excerpt.caretLength + 1 + widest > room {
            // Below the carets, where there is no place beside them.
            lines.append(margin + spaces(excerpt.caret + 1) + mark(carets))
            let indent = spaces(max(0, min(excerpt.caret, room - widest)))
            for line in label {
                lines += TextFold.lines(indent + line, width: room, indent: indent + "  ").map {
                    margin + " " + mark($0)
                }
            }
        } else {
            let first = label.first.map { $0.isEmpty ? carets : carets + " " + $0 } ?? carets
            lines.append(margin + spaces(excerpt.caret + 1) + mark(first))
            for line in label.dropFirst() {
                lines.append(margin + spaces(excerpt.caret + excerpt.caretLength + 2) + mark(line))
            }
        }
        if !diagnostic.notes.isEmpty { lines.append(margin) }
        return lines
    }

    /// - Parameter column: how many cells are before it.
    private func contextText(_ context: Diagnostic.Context, from column: Int) -> String {
        let activity = TerminalText.safe(context.activity)
        let position = TerminalText.safe(context.position)
        if position.isEmpty { return activity }
        let free =
            min(Self.contextWidth, columns ?? .max) - column - TerminalText.cells(activity)
            - TerminalText.cells(position)
        if let columns, free < 2, column + TerminalText.cells(activity) + 2 > columns - TerminalText.cells(position) {
            let room = max(8, columns - column - TerminalText.cells(position) - 3)
            return TerminalText.prefix(of: activity, cells: room) + "…  " + position
        }
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

    /// - Parameter room: how many cells there are for it; nil for any number.
    init(_ place: Place, room: Int?) {
        let scalars = place.excerpt.unicodeScalars
        let offset = place.carets?.lowerBound ?? max(0, place.column - place.excerptColumn)
        let length = place.carets?.count ?? place.length
        let window = Self.window(scalars, offset, length, room: room)
        let before = scalars.prefix(offset).dropFirst(window.lowerBound)
        let within = scalars.prefix(window.upperBound).dropFirst(offset).prefix(length)
        let opening = place.excerptColumn > 1 || window.lowerBound > 0 ? "…" : ""
        let isCut = place.isExcerptCut || window.upperBound < scalars.count

        let shown = String(scalars.prefix(window.upperBound).dropFirst(window.lowerBound))
        text = opening + TerminalText.safe(shown) + (isCut ? "…" : "")
        // Where something is missing at the end of the line, nothing is within, and the caret comes right behind it.
        caret = TerminalText.cells(opening) + Self.cells(before)
        caretLength = max(1, Self.cells(within))
    }

    /// Which of the characters are shown: the beginning of the line, unless the carets would be beyond the room.
    private static func window(
        _ scalars: String.UnicodeScalarView, _ offset: Int, _ length: Int, room: Int?
    ) -> Range<Int> {
        let count = scalars.count
        guard let room else { return 0..<count }
        let cells = scalars.map { TerminalText.cells(TerminalText.safe(String($0))) }
        // With an `…` at each end, and one of the file's own.
        let budget = max(8, room - 3)
        guard cells.reduce(0, +) > room - 2 else { return 0..<count }
        var start = min(offset, count)
        var end = start
        var used = 0
        // What the carets point to, and then as much before it as there is room for, but for a quarter of it behind.
        while end < min(count, offset + max(1, length)), used + cells[end] <= budget {
            used += cells[end]
            end += 1
        }
        let behind = min(budget / 4, cells[end...].reduce(0, +))
        while start > 0, used + cells[start - 1] <= budget - behind {
            start -= 1
            used += cells[start]
        }
        while end < count, used + cells[end] <= budget {
            used += cells[end]
            end += 1
        }
        return start..<end
    }

    private static func cells(_ scalars: Substring.UnicodeScalarView) -> Int {
        TerminalText.cells(TerminalText.safe(String(scalars)))
    }
}
