import KrunDiagnostics
import KrunOutcome

/// Who in a group owned what when reading began, and what each member read; after a group step who owns what.
struct MemberTable {
    static let memberLimit = 24

    let step: StepOutcome
    private let group: String?
    private let members: [MemberOutcome]
    private let areReading: Bool

    init(step: StepOutcome, outcome: ConsumeOutcome) {
        self.step = step
        (group, members, areReading) = (outcome.group, outcome.members, true)
    }

    init(step: StepOutcome, outcome: MembershipOutcome) {
        self.step = step
        (group, members, areReading) = (outcome.group, outcome.members, false)
    }

    /// Empty when the group has one member or there is none.
    func lines(_ style: TextStyle, indent: String) -> [String] {
        guard members.count > 1, let group else { return [] }
        var columns = [TextTable.Column("member"), TextTable.Column("partitions", .left)]
        if areReading { columns.append(TextTable.Column("messages")) }
        var table = TextTable(columns: columns)
        table.rows = members.prefix(Self.memberLimit).map { member in
            let partitions = Amounts.list(member.partitions.map { TerminalText.safe($0) }, limit: 6)
            return [
                TerminalText.safe(member.name), partitions.isEmpty ? "(idle)" : partitions,
            ] + (areReading ? [Amounts.number(member.messages)] : [])
        }
        let title = "members of \(TerminalText.safe(group)) in step \(step.path)"
        let hidden = members.count - table.rows.count
        return [indent + style.bold(title)] + table.lines(style, indent: indent + "  ")
            + (hidden > 0 ? ["\(indent)  … and \(Amounts.number(hidden)) more"] : [])
    }
}
