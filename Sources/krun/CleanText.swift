import KrunOutcome
import KrunRunner

/// What `krun clean` says.
struct CleanText {
    let list: String

    init(_ leftovers: Leftovers, age: String) {
        guard !leftovers.isEmpty else {
            list = "no topics or groups that krun made at least \(age) ago\n"
            return
        }
        let rows =
            leftovers.groups.map { ("group", $0) } + leftovers.topics.map { ("topic", $0) }
        let width = rows.map(\.1.name.count).max() ?? 0
        list = rows.map { kind, entry in
            let padding = String(repeating: " ", count: width - entry.name.count)
            return "\(kind)  \(entry.name)\(padding)  \(CleanText.age(entry.age)) old\n"
        }.joined()
    }

    static func deleted(_ outcome: CleanupOutcome) -> String {
        let topics = CleanText.count(outcome.deletedTopics.count, "topic")
        let groups = CleanText.count(outcome.deletedGroups.count, "group")
        return "deleted \(groups) and \(topics)\n"
            + outcome.left.map { "could not delete \($0.kind) \($0.name): \($0.reason)\n" }.joined()
    }

    private static func count(_ number: Int, _ noun: String) -> String {
        "\(number) \(noun)\(number == 1 ? "" : "s")"
    }

    private static func age(_ duration: Duration) -> String {
        let minutes = duration.components.seconds / 60
        if minutes < 60 { return "\(minutes) min" }
        if minutes < 48 * 60 { return "\(minutes / 60) h" }
        return "\(minutes / (24 * 60)) days"
    }
}
