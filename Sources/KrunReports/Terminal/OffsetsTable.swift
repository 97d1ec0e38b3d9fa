import KrunDiagnostics
import KrunOutcome

/// Where a group stands after an offsets step, partition by partition, and where it stood before a reset.
struct OffsetsTable {
    static let rowLimit = 24

    let step: StepOutcome
    let outcome: OffsetsOutcome

    /// Empty where the step was about no partition.
    func lines(_ style: TextStyle, indent: String, width: Int? = nil) -> [String] {
        let partitions = outcome.topics.sorted { $0.key < $1.key }.flatMap { topic, partitions in
            partitions.sorted { $0.key < $1.key }.map {
                (name: "\(TerminalText.safe(topic))/\($0.key)", offsets: $0.value)
            }
        }
        guard !partitions.isEmpty else { return [] }
        let isReset = partitions.contains { $0.offsets.wasReset }
        let hasNotes = partitions.contains { $0.offsets.note != nil }
        var columns = [TextTable.Column("partition", .left)]
        if isReset { columns.append(TextTable.Column("before")) }
        columns += ["committed", "first", "end", "lag"].map { TextTable.Column($0) }
        if hasNotes { columns.append(TextTable.Column("note", .left)) }
        var table = TextTable(columns: columns)
        table.rows = partitions.prefix(Self.rowLimit).map { name, offsets in
            [name] + (isReset ? [offsets.wasReset ? Self.number(offsets.before) : ""] : [])
                + [offsets.committed, offsets.first, offsets.end, offsets.lag].map { Self.number($0) }
                + (hasNotes ? [offsets.note?.text ?? ""] : [])
        }
        let hidden = partitions.count - table.rows.count
        let title = "offsets of \(TerminalText.safe(outcome.group)) in step \(step.path)"
        return TableTitle.lines(title, style, indent: indent, width: width)
            + table.lines(style, indent: indent + "  ", width: width)
            + (hidden > 0 ? ["\(indent)  … and \(Amounts.number(hidden)) more"] : [])
    }

    private static func number(_ number: Int64?) -> String { number.map { Amounts.number($0) } ?? "–" }
}
