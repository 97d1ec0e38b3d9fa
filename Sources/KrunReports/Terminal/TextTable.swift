package import KrunDiagnostics

/// A table of text: a line of titles, then rows, columns two spaces apart.
///
/// What stands in a cell is made safe for a terminal here, whoever chose it.
package struct TextTable {
    package enum Alignment {
        case left
        case right
    }

    package struct Column {
        package var title: String
        package var alignment: Alignment
        /// Stands in a line of its own over this column and those after it that have none; nil where nothing does.
        package var group: String?
        /// Whether a wider gap sets the column apart from the one before it.
        package var isApart: Bool

        package init(_ title: String, _ alignment: Alignment = .right, group: String? = nil) {
            self.title = title
            self.alignment = alignment
            self.group = group
            isApart = group != nil
        }
    }

    /// Of a text that is cut so much is left.
    private static let leastText = 8

    package var columns: [Column]
    /// As many cells each as there are columns.
    package var rows: [[String]]

    package init(columns: [Column], rows: [[String]] = []) {
        self.columns = columns
        self.rows = rows
    }

    /// Lines without line ends or trailing spaces.
    ///
    /// - Parameter width: how many cells a line may take. Of a wider table groups of columns stand below each other, each with the first
    ///   column; then lists in columns of text go on in further lines, and what is too long all the same is cut. nil for any number.
    package func lines(_ style: TextStyle, indent: String, width: Int? = nil) -> [String] {
        guard let width, indent.count + self.width > width else { return lines(style, indent: indent) }
        let room = width - indent.count
        let parts = parts(within: room).map {
            $0.withFoldedLists(within: room).withCutTexts(within: room).lines(style, indent: indent)
        }
        return Array(parts.joined(separator: [""]))
    }

    private func lines(_ style: TextStyle, indent: String) -> [String] {
        let rows = rows.map { $0.map(TerminalText.safe) }
        let widths = widths(of: rows)
        var lines: [String] = []
        if columns.contains(where: { $0.group != nil }) {
            lines.append(indent + style.dim(groupLine(widths)))
        }
        lines.append(indent + style.dim(line(columns.map(\.title), widths)))
        lines += rows.map { indent + line($0, widths) }
        return lines
    }

    /// Of the widest line.
    private var width: Int {
        let widths = widths(of: rows.map { $0.map(TerminalText.safe) })
        return columns.indices.reduce(0) { $0 + gap(before: $1).count + widths[$1] }
    }

    /// The table by its groups of columns, as many of them in each part as there is room for.
    private func parts(within width: Int) -> [TextTable] {
        let starts = columns.indices.filter { columns[$0].group != nil && $0 > 0 }
        guard let first = starts.first else { return [self] }
        let ends = starts.dropFirst() + [columns.endIndex]
        var parts = [Array(0..<first)]
        for (start, end) in zip(starts, ends) {
            let longer = parts[parts.count - 1] + Array(start..<end)
            if selecting(longer).width <= width {
                parts[parts.count - 1] = longer
            } else {
                parts.append([0] + Array(start..<end))
            }
        }
        return parts.filter { $0.count > 1 }.map { selecting($0) }
    }

    private func selecting(_ indices: [Int]) -> TextTable {
        TextTable(columns: indices.map { columns[$0] }, rows: rows.map { row in indices.map { row[$0] } })
    }

    /// With the lists in columns of text in as many rows as they need, the widest column first.
    private func withFoldedLists(within width: Int) -> TextTable {
        var table = self
        var texts = Set(columns.indices.dropFirst().filter { columns[$0].alignment == .left })
        while table.width > width {
            let widths = table.widths(of: table.rows.map { $0.map(TerminalText.safe) })
            guard let widest = texts.max(by: { (widths[$0], $1) < (widths[$1], $0) }) else { break }
            texts.remove(widest)
            table.fold(widest, to: max(16, widths[widest] - (table.width - width)))
        }
        return table
    }

    private mutating func fold(_ column: Int, to width: Int) {
        rows = rows.flatMap { row in
            TextFold.list(row[column], width: width).enumerated().map { index, piece in
                var cells = index == 0 ? row : Array(repeating: "", count: row.count)
                cells[column] = piece
                return cells
            }
        }
    }

    /// With titles of groups, names in the first column and texts cut until every line has room, the widest of them first.
    private func withCutTexts(within room: Int) -> TextTable {
        var table = self
        table.rows = rows.map { $0.map(TerminalText.safe) }
        let cells = table.cellWidths(of: table.rows)
        let excess = table.width - room
        for (index, column) in columns.enumerated() {
            guard excess > 0, let group = column.group else { continue }
            table.columns[index].group = TextCut.text(
                group, to: max(span(of: index, cells), TerminalText.cells(group) - excess))
        }
        var widths = cells
        var left = table.width - room
        let texts = columns.indices.filter { $0 == 0 || columns[$0].alignment == .left }
        while left > 0, let widest = texts.max(by: { (widths[$0], $1) < (widths[$1], $0) }),
            widths[widest] > max(Self.leastText, TerminalText.cells(columns[widest].title))
        {
            widths[widest] -= 1
            left -= 1
        }
        for index in texts where widths[index] < cells[index] {
            for row in table.rows.indices {
                table.rows[row][index] = TextCut.text(table.rows[row][index], to: widths[index])
            }
        }
        return table
    }

    private func line(_ cells: [String], _ widths: [Int]) -> String {
        var line = ""
        for (index, column) in columns.enumerated() {
            line += gap(before: index)
            switch column.alignment {
            case .left: line += Padding.right(cells[index], to: widths[index])
            case .right: line += Padding.left(cells[index], to: widths[index])
            }
        }
        return trimmed(line)
    }

    private func groupLine(_ widths: [Int]) -> String {
        var line = ""
        var position = 0
        for (index, column) in columns.enumerated() {
            position += gap(before: index).count
            if let group = column.group {
                line = Padding.right(line, to: position) + group
            }
            position += widths[index]
        }
        return trimmed(line)
    }

    private func gap(before index: Int) -> String {
        if index == 0 { return "" }
        return columns[index].isApart ? "    " : "  "
    }

    /// The widest cell of each column; the first column of a group grows until the group's title fits over the group.
    private func widths(of rows: [[String]]) -> [Int] {
        var widths = cellWidths(of: rows)
        for (index, column) in columns.enumerated() {
            guard let group = column.group else { continue }
            widths[index] += max(0, TerminalText.cells(group) - span(of: index, widths))
        }
        return widths
    }

    private func cellWidths(of rows: [[String]]) -> [Int] {
        columns.indices.map { index in Padding.widest(of: [columns[index].title] + rows.map { $0[index] }) }
    }

    /// How many cells the group takes that begins with a column.
    private func span(of index: Int, _ widths: [Int]) -> Int {
        let end = columns.indices.first { $0 > index && columns[$0].group != nil } ?? columns.endIndex
        return widths[index..<end].reduce(0, +) + 2 * (end - index - 1)
    }

    private func trimmed(_ line: String) -> String {
        guard let last = line.lastIndex(where: { $0 != " " }) else { return "" }
        return String(line[...last])
    }
}
