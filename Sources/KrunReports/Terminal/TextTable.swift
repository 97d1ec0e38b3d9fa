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

    package var columns: [Column]
    /// As many cells each as there are columns.
    package var rows: [[String]]

    package init(columns: [Column], rows: [[String]] = []) {
        self.columns = columns
        self.rows = rows
    }

    /// Lines without line ends or trailing spaces.
    package func lines(_ style: TextStyle, indent: String) -> [String] {
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
        var widths = columns.indices.map { index in
            Padding.widest(of: [columns[index].title] + rows.map { $0[index] })
        }
        for (index, column) in columns.enumerated() {
            guard let group = column.group else { continue }
            let end = columns.indices.first { $0 > index && columns[$0].group != nil } ?? columns.endIndex
            let span = widths[index..<end].reduce(0, +) + 2 * (end - index - 1)
            widths[index] += max(0, TerminalText.cells(group) - span)
        }
        return widths
    }

    private func trimmed(_ line: String) -> String {
        guard let last = line.lastIndex(where: { $0 != " " }) else { return "" }
        return String(line[...last])
    }
}
