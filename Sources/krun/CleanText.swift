import KrunDiagnostics
import KrunOutcome
import KrunReports
import KrunRunner

/// What `krun clean` says; the names are whatever stands on the cluster.
struct CleanText {
    private let leftovers: Leftovers
    private let age: String

    init(_ leftovers: Leftovers, age: String) {
        self.leftovers = leftovers
        self.age = age
    }

    func list(_ style: TextStyle) -> String {
        guard !leftovers.isEmpty else { return "no topics or groups that krun made at least \(age) ago\n" }
        let entries = leftovers.groups.map { ("group", $0) } + leftovers.topics.map { ("topic", $0) }
        let table = TextTable(
            columns: [TextTable.Column("kind", .left), TextTable.Column("name", .left), TextTable.Column("age")],
            rows: entries.map { kind, entry in [kind, TerminalText.safe(entry.name), CleanText.age(entry.age)] })
        return table.lines(style, indent: "").map { $0 + "\n" }.joined()
    }

    static func deleted(_ outcome: CleanupOutcome) -> String {
        let topics = Amounts.count(outcome.deletedTopics.count, "topic")
        let groups = Amounts.count(outcome.deletedGroups.count, "group")
        return "deleted \(groups) and \(topics)\n"
            + outcome.left.map { TerminalText.safe("could not delete \($0.kind) \($0.name): \($0.reason)") + "\n" }
            .joined()
    }

    private static func age(_ duration: Duration) -> String {
        let minutes = duration.components.seconds / 60
        if minutes < 60 { return "\(minutes) min" }
        if minutes < 48 * 60 { return "\(minutes / 60) h" }
        return "\(minutes / (24 * 60)) days"
    }
}
