import KrunDiagnostics
import KrunOutcome

/// Who in a group owned what when reading began, and what each member read; after a group step who owns what.
struct MemberTable {
    static let memberLimit = 24

    let step: StepOutcome
    private let group: String?
    private let members: [MemberOutcome]
    /// Partitions that came to a member from another; nil where members have read.
    private let moves: [PartitionMove]?

    init(step: StepOutcome, outcome: ConsumeOutcome) {
        self.step = step
        (group, members, moves) = (outcome.group, outcome.members, nil)
    }

    init(step: StepOutcome, outcome: MembershipOutcome) {
        self.step = step
        (group, members, moves) = (outcome.group, outcome.members, outcome.moves)
    }

    /// Empty when the group has one member or there is none.
    func lines(_ style: TextStyle, indent: String, width: Int? = nil) -> [String] {
        guard members.count > 1, let group else { return [] }
        var columns = [TextTable.Column("member"), TextTable.Column("partitions", .left)]
        if moves == nil {
            columns.append(TextTable.Column("messages"))
        } else if moves?.isEmpty == false {
            columns.append(TextTable.Column("moved here", .left))
        }
        var table = TextTable(columns: columns)
        table.rows = members.prefix(Self.memberLimit).map { member in
            let partitions = Amounts.list(member.partitions.map { TerminalText.safe($0) }, limit: 6)
            let row = [TerminalText.safe(member.name), partitions.isEmpty ? "(idle)" : partitions]
            guard let moves else { return row + [Amounts.number(member.messages)] }
            return moves.isEmpty ? row : row + [arrivals(moves, at: member)]
        }
        let title = "members of \(TerminalText.safe(group)) in step \(step.path)"
        let hidden = members.count - table.rows.count
        return TableTitle.lines(title, style, indent: indent, width: width)
            + table.lines(style, indent: indent + "  ", width: width)
            + (hidden > 0 ? ["\(indent)  … and \(Amounts.number(hidden)) more"] : [])
    }

    /// Such as `orders/4 from bob`.
    private func arrivals(_ moves: [PartitionMove], at member: MemberOutcome) -> String {
        let own = moves.filter { $0.to == member.name }
        return Amounts.list(
            own.map { "\(TerminalText.safe($0.partition)) from \(TerminalText.safe($0.from))" }, limit: 3)
    }
}
