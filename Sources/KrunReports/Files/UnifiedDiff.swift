public import KrunDiagnostics

/// What differs between two texts, line by line: what `diff -u` shows.
public struct UnifiedDiff: Sendable {
    /// Lines around what differs.
    private static let context = 3
    /// Of more lines it is not found out which are the same: what is looked at for it grows with their square.
    private static let lineLimit = 3_000
    /// In cells; what is longer is cut.
    private static let lineWidth = 300

    private struct Line {
        let sign: Character
        let bytes: ArraySlice<UInt8>
    }

    private struct Hunk {
        var lines: [Line] = []
        /// 1-based.
        var oldStart: Int
        var newStart: Int

        func count(without sign: Character) -> Int { lines.count { $0.sign != sign } }
    }

    private let hunks: [Hunk]

    public init(_ old: [UInt8], _ new: [UInt8]) {
        hunks = Self.hunks(Self.compared(Self.lines(of: old), Self.lines(of: new)))
    }

    /// Whether both are the same.
    public var isEmpty: Bool { hunks.isEmpty }

    /// The lines of the diff, each with a line end and safe for a terminal, without a head that names files.
    ///
    /// - Parameter limit: no more than the first hunk, and so many lines of it; then a line says how many lines more differ. nil: all.
    public func text(style: TextStyle, limit: Int? = nil) -> String {
        var text = ""
        var left = limit ?? Int.max
        var untold = 0
        for (number, hunk) in hunks.enumerated() {
            let isShown = number == 0 || limit == nil
            if isShown { text += style.blue(Self.head(of: hunk)) + "\n" }
            for line in hunk.lines {
                if isShown, left > 0 {
                    text += shown(line, style) + "\n"
                    if line.bytes.last != UInt8(ascii: "\n") { text += "\\ No newline at end of file\n" }
                    left -= 1
                } else if line.sign != " " {
                    untold += 1
                }
            }
        }
        if untold > 0 { text += "… and \(untold) more \(untold == 1 ? "line" : "lines")\n" }
        return text
    }

    private func shown(_ line: Line, _ style: TextStyle) -> String {
        let bytes = line.bytes.last == UInt8(ascii: "\n") ? line.bytes.dropLast() : line.bytes
        // A scalar has no more than four bytes, and takes a cell or none.
        let start = bytes.prefix(8 * Self.lineWidth)
        let whole = TerminalText.safe(String(decoding: start, as: UTF8.self))
        let cut = TerminalText.prefix(of: whole, cells: Self.lineWidth)
        let isCut = cut.utf8.count < whole.utf8.count || start.count < bytes.count
        let text = String(line.sign) + cut + (isCut ? "…" : "")
        switch line.sign {
        case "-": return style.red(text)
        case "+": return style.green(text)
        default: return text
        }
    }

    private static func head(of hunk: Hunk) -> String {
        func range(_ start: Int, _ count: Int) -> String {
            // Of nothing, the line behind which it stands.
            count == 1 ? "\(start)" : count == 0 ? "\(start - 1),0" : "\(start),\(count)"
        }
        return "@@ -\(range(hunk.oldStart, hunk.count(without: "+")))"
            + " +\(range(hunk.newStart, hunk.count(without: "-"))) @@"
    }

    /// With their line ends: to have one or none is a difference.
    private static func lines(of text: [UInt8]) -> [ArraySlice<UInt8>] {
        var lines: [ArraySlice<UInt8>] = []
        var start = 0
        while start < text.count {
            let end = text[start...].firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? text.count
            lines.append(text[start..<end])
            start = end
        }
        return lines
    }

    /// All lines of both.
    private static func compared(_ old: [ArraySlice<UInt8>], _ new: [ArraySlice<UInt8>]) -> [Line] {
        var start = 0
        while start < old.count, start < new.count, old[start] == new[start] { start += 1 }
        var end = 0
        while end < old.count - start, end < new.count - start, old[old.count - 1 - end] == new[new.count - 1 - end] {
            end += 1
        }
        let removed = old[start..<(old.count - end)]
        let added = new[start..<(new.count - end)]
        var lines = old[..<start].map { Line(sign: " ", bytes: $0) }
        if removed.count + added.count <= lineLimit {
            lines += merged(Array(removed), Array(added))
        } else if removed.count == added.count {
            lines += zip(removed, added).flatMap { old, new in
                old == new
                    ? [Line(sign: " ", bytes: old)] : [Line(sign: "-", bytes: old), Line(sign: "+", bytes: new)]
            }
        } else {
            lines += removed.map { Line(sign: "-", bytes: $0) } + added.map { Line(sign: "+", bytes: $0) }
        }
        return lines + old[(old.count - end)...].map { Line(sign: " ", bytes: $0) }
    }

    private static func merged(_ old: [ArraySlice<UInt8>], _ new: [ArraySlice<UInt8>]) -> [Line] {
        let difference = new.difference(from: old)
        var removed: Set<Int> = []
        var added: Set<Int> = []
        for change in difference {
            switch change {
            case .remove(let offset, _, _): removed.insert(offset)
            case .insert(let offset, _, _): added.insert(offset)
            }
        }
        var lines: [Line] = []
        var (oldIndex, newIndex) = (0, 0)
        while oldIndex < old.count || newIndex < new.count {
            if removed.contains(oldIndex) {
                lines.append(Line(sign: "-", bytes: old[oldIndex]))
                oldIndex += 1
            } else if added.contains(newIndex) {
                lines.append(Line(sign: "+", bytes: new[newIndex]))
                newIndex += 1
            } else {
                lines.append(Line(sign: " ", bytes: old[oldIndex]))
                oldIndex += 1
                newIndex += 1
            }
        }
        return lines
    }

    private static func hunks(_ lines: [Line]) -> [Hunk] {
        var hunks: [Hunk] = []
        var (oldLine, newLine) = (1, 1)
        /// The position behind the last line of the last hunk.
        var end = 0
        var position = 0
        while position < lines.count {
            guard lines[position].sign != " " else {
                oldLine += 1
                newLine += 1
                position += 1
                continue
            }
            let start = max(end, position - context)
            let before = position - start
            if start > end || hunks.isEmpty {
                hunks.append(Hunk(oldStart: oldLine - before, newStart: newLine - before))
            }
            var changed = position
            while changed < lines.count, lines[changed].sign != " " { changed += 1 }
            end = min(lines.count, changed + context)
            // What differs within the lines around belongs to the same hunk.
            while let next = lines[changed..<end].firstIndex(where: { $0.sign != " " }) {
                changed = next
                while changed < lines.count, lines[changed].sign != " " { changed += 1 }
                end = min(lines.count, changed + context)
            }
            hunks[hunks.count - 1].lines += lines[start..<end]
            for line in lines[position..<end] {
                if line.sign != "+" { oldLine += 1 }
                if line.sign != "-" { newLine += 1 }
            }
            position = end
        }
        return hunks
    }
}
