import KrunDiagnostics
import KrunOutcome

/// Who in a group owned what when reading began, and what each member read.
struct MemberTable {
    static let memberLimit = 24

    let step: StepOutcome
    let outcome: ConsumeOutcome

    /// Empty when the group has one member or there is none.
    func lines(_ style: TextStyle, indent: String) -> [String] {
        guard outcome.members.count > 1, let group = outcome.group else { return [] }
        var table = TextTable(columns: [
            TextTable.Column("member"), TextTable.Column("partitions", .left), TextTable.Column("messages"),
        ])
        table.rows = outcome.members.prefix(Self.memberLimit).map { member in
            let partitions = Amounts.list(member.partitions.map { TerminalText.safe($0) }, limit: 6)
            return [
                TerminalText.safe(member.name), partitions.isEmpty ? "(idle)" : partitions,
                Amounts.number(member.messages),
            ]
        }
        let title = "members of \(TerminalText.safe(group)) in step \(step.path)"
        let hidden = outcome.members.count - table.rows.count
        return [indent + style.bold(title)] + table.lines(style, indent: indent + "  ")
            + (hidden > 0 ? ["\(indent)  … and \(Amounts.number(hidden)) more"] : [])
    }
}
