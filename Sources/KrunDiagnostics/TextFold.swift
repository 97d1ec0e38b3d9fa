/// Text made to fit the width of a terminal.
package enum TextFold {
    /// Below this many cells nothing is gained by a further line.
    private static let least = 12

    /// The line, broken at spaces so that no piece takes more cells than `width` where words allow it; the first piece keeps its indent,
    /// and the others have `indent`.
    ///
    /// - Parameters:
    ///   - line: safe text, which may carry colours: a colour goes on in the next piece.
    ///   - cutsWords: whether a word that is too long for a line of its own, such as a topic's name, is cut.
    package static func lines(_ line: String, width: Int?, indent: String, cutsWords: Bool = false) -> [String] {
        guard let width, cells(line) > width, width - indent.count >= least else { return [line] }
        var pieces: [String] = []
        var piece = String(line.prefix { $0 == " " })
        var isBegun = false
        // Two spaces between parts of a line stay where no line ends.
        var gap = ""
        for word in line.dropFirst(piece.count).split(separator: " ", omittingEmptySubsequences: false) {
            if word.isEmpty {
                gap += " "
                continue
            }
            let room = width - (isBegun ? indent.count : piece.count)
            let word = cutsWords ? cut(String(word), to: room) : String(word)
            if isBegun, cells(piece) + cells(gap) + 1 + cells(word) > width {
                pieces.append(piece)
                piece = indent + word
            } else {
                piece += (isBegun ? gap + " " : "") + word
            }
            (isBegun, gap) = (true, "")
        }
        return pieces + [piece]
    }

    /// A list in pieces, broken behind commas only.
    package static func list(_ text: String, width: Int) -> [String] {
        var pieces: [String] = []
        let entries = text.split(separator: ", ")
        for (index, entry) in entries.enumerated() {
            let comma = index < entries.count - 1 ? "," : ""
            if let last = pieces.last, TerminalText.cells("\(last) \(entry)\(comma)") <= width {
                pieces[pieces.count - 1] = "\(last) \(entry)\(comma)"
            } else {
                pieces.append(entry + comma)
            }
        }
        return pieces.isEmpty ? [text] : pieces
    }

    /// The text in so many cells: its beginning and `…` where it takes more. The colours around it stay.
    private static func cut(_ text: String, to room: Int) -> String {
        guard cells(text) > room else { return text }
        let start = text.prefixMatch(of: /(\u{1b}\[[0-9;]*m)+/)?.0 ?? ""
        let end = text.hasSuffix(TextStyle.end) ? TextStyle.end : ""
        let inner = text.dropFirst(start.count).dropLast(end.count)
        return start + TerminalText.prefix(of: String(inner), cells: max(1, room - 1)) + "…" + end
    }

    /// The cells of safe text, colours aside.
    package static func cells(_ text: String) -> Int {
        TerminalText.cells(text.replacing(/\u{1b}\[[0-9;]*m/, with: ""))
    }
}
