package import KrunDiagnostics
import KrunOutcome
package import KrunPlanning

/// What will happen in a scenario, as people read it: the steps, what each topic will hold, where keys go, and what nobody can know.
package struct PlanText {
    /// How many keys of a topic are shown.
    package static let keyLimit = 24
    private static let partitionLimit = 24
    private static let memberLimit = 6

    private let plan: ScenarioPlan
    /// Numbers of partitions for which it is asked where keys would go; none to tell only what will be.
    private let counts: [Int]
    private let style: TextStyle
    private let width: Int?

    package init(_ plan: ScenarioPlan, counts: [Int] = [], style: TextStyle, width: Int? = nil) {
        self.plan = plan
        self.counts = counts
        self.style = style
        self.width = width
    }

    /// Each line ended.
    package var text: String {
        let lines = headlines + stepLines + plan.topics.flatMap(topicLines) + doubtLines
        return lines.map { $0 + "\n" }.joined()
    }

    private var headlines: [String] {
        let file = TerminalText.safe(plan.file)
        let name = TerminalText.safe(plan.name)
        if TerminalText.cells("\(file)  \(name)") <= width ?? .max { return ["\(file)  \(style.bold(name))"] }
        return [file] + TextFold.lines("  \(style.bold(name))", width: width, indent: "  ")
    }

    // MARK: - Steps

    private var stepLines: [String] {
        let shown = plan.steps.filter { !$0.isOfMiddleRound }
        let numberWidth = Padding.widest(of: shown.map(\.path.description))
        let titleWidth = min(56, Padding.widest(of: shown.map { TerminalText.safe($0.title) }))
        var lines: [(start: String, sentence: String)] = []
        var isWithin = false
        for step in plan.steps {
            if step.isOfMiddleRound {
                if !isWithin {
                    lines.append((String(repeating: " ", count: numberWidth + 4) + "… the same round by round", ""))
                }
            } else {
                let number = Padding.right(step.path.description, to: numberWidth)
                lines.append(("  \(number)  \(TerminalText.safe(step.title))", sentence(step)))
            }
            isWithin = step.isOfMiddleRound
        }
        let isWide = lines.contains { line in
            4 + numberWidth + titleWidth + 3 + TerminalText.cells(line.sentence) > width ?? .max
        }
        return lines.flatMap { line in
            if line.sentence.isEmpty { return [line.start] }
            if !isWide { return [Padding.right(line.start, to: 4 + numberWidth + titleWidth) + "   " + line.sentence] }
            let indent = String(repeating: " ", count: numberWidth + 6)
            return [line.start]
                + TextFold.list(line.sentence, width: (width ?? .max) - indent.count).flatMap {
                    TextFold.lines(indent + $0, width: width, indent: indent + "  ")
                }
        }
    }

    private func sentence(_ step: StepPlan) -> String {
        switch step.forecast {
        case .produce(let produce):
            let places = Amounts.count(produce.partitions.count, "partition")
            let partitioner = produce.partitioner.map { ", \($0)" } ?? ""
            if produce.messages == produce.byChance {
                return "\(Amounts.count(produce.messages, "message")) to whichever partitions\(partitioner)"
            }
            let chance = produce.byChance == 0 ? "" : ", \(Amounts.number(produce.byChance)) to whichever"
            return "\(Amounts.count(produce.messages, "message")) to \(places)\(partitioner)\(chance)"
        case .consume(let consume):
            let messages = consume.messages.map { Amounts.count($0, "message") } ?? "nobody knows how many messages"
            return ([messages] + (consume.ownership.map { [sentence($0)] } ?? [])).joined(separator: ", ")
        case .group(let ownership): return sentence(ownership)
        case .partitionsAdded(_, let moved, let keys):
            return keys == 0 ? "no key was sent yet" : "\(Amounts.number(moved)) of \(Amounts.count(keys, "key")) move"
        case nil: return ""
        }
    }

    /// Such as `ann: orders/0 to 2; bob: orders/3 to 5`.
    private func sentence(_ ownership: OwnershipForecast) -> String {
        let members = Amounts.count(ownership.members.count, "member")
        guard let owned = ownership.owned else {
            guard let share = ownership.share else { return members }
            let range =
                share.count == 1
                ? Amounts.count(share.lowerBound, "partition") : "\(share.lowerBound) or \(share.upperBound) partitions"
            return "\(members) with \(range) each"
        }
        if owned.count == 1 { return "1 member with all partitions" }
        let parts = zip(ownership.members, owned).prefix(Self.memberLimit).map { name, partitions in
            "\(TerminalText.safe(name)): \(partitions.isEmpty ? "idle" : Self.ranges(partitions))"
        }
        let more = owned.count - parts.count
        return (parts + (more > 0 ? ["\(Amounts.number(more)) more"] : [])).joined(separator: "; ")
    }

    /// Such as `orders/0 to 2`, of partitions sorted by topic and number.
    static func ranges(_ partitions: [String]) -> String {
        var ranges: [(topic: Substring, first: Int, last: Int)] = []
        for partition in partitions {
            guard let slash = partition.lastIndex(of: "/"), let number = Int(partition[slash...].dropFirst()) else {
                continue
            }
            let topic = partition[..<slash]
            if let last = ranges.last, last.topic == topic, last.last + 1 == number {
                ranges[ranges.count - 1].last = number
            } else {
                ranges.append((topic, number, number))
            }
        }
        return Amounts.list(
            ranges.map { range in
                "\(TerminalText.safe(String(range.topic)))/\(range.first)"
                    + (range.last > range.first ? " to \(range.last)" : "")
            }, limit: 4)
    }

    // MARK: - Topics

    private func topicLines(_ topic: TopicPlan) -> [String] {
        guard !topic.messages.isEmpty || topic.messagesByChance > 0 || !topic.keys.all.isEmpty else { return [] }
        let partitions = topic.partitions.map { ", " + Amounts.count($0, "partition") } ?? ""
        var lines = ["", "  " + style.bold("topic \(TerminalText.safe(topic.name))\(partitions)")]
        if let count = topic.partitions, !topic.messages.isEmpty {
            let numbers = (0..<Int32(count)).filter { count <= Self.partitionLimit || topic.messages[$0] != nil }
            let rows = numbers.prefix(Self.partitionLimit).map {
                [String($0), Amounts.number(topic.messages[$0] ?? 0)]
            }
            let table = TextTable(columns: [.init("partition"), .init("messages")], rows: rows)
            lines += table.lines(style, indent: "    ", width: width)
            if numbers.count > rows.count {
                lines.append("    … and \(Amounts.number(numbers.count - rows.count)) more")
            }
        }
        if topic.messagesByChance > 0 {
            let joint = topic.messages.isEmpty ? "" : "and "
            lines.append("    \(joint)\(Amounts.count(topic.messagesByChance, "message")) in whichever partitions")
        }
        return lines + keyLines(topic)
    }

    private func keyLines(_ topic: TopicPlan) -> [String] {
        let keys = topic.keys.all
        if keys.isEmpty { return [] }
        let counts = topic.counts(asked: counts)
        var table = TextTable(columns: [.init("key", .left), .init("messages"), .init("partition")])
        for count in counts { table.columns.append(.init("of \(count)")) }
        // With another number of partitions asked for, those that move come first.
        let shown = (counts.isEmpty ? keys : keys.filter { isMoved($0, counts) } + keys.filter { !isMoved($0, counts) })
            .prefix(
                Self.keyLimit)
        table.rows = shown.map { key in
            [KeyCell.text(key.shown), Amounts.number(key.messages), place(key.partitions, of: key)]
                + counts.map { place(key.partitioners.isEmpty ? key.partitions : key.partitions(of: $0), of: key) }
        }
        var lines = [""] + table.lines(style, indent: "    ", width: width)
        let hidden = keys.count - shown.count
        if hidden > 0 || topic.keys.areMore {
            let least = topic.keys.areMore ? "at least " : ""
            lines.append("    … and \(least)\(Amounts.count(max(1, hidden), "more key"))")
        }
        for (before, after) in zip(counts, counts.dropFirst()) where topic.keys.placed > 0 {
            let moved = topic.keys.moved(from: before, to: after)
            let of =
                topic.keys.areMore
                ? "the first \(Amounts.count(topic.keys.placed, "key"))" : Amounts.count(topic.keys.placed, "key")
            lines.append("    from \(before) to \(after) partitions: \(Amounts.number(moved)) of \(of) move")
        }
        return lines
    }

    private func isMoved(_ key: PlannedKeys.Key, _ counts: [Int]) -> Bool {
        Set(counts.map { key.partitions(of: $0) }).count > 1
    }

    private func place(_ partitions: [Int32], of key: PlannedKeys.Key) -> String {
        if partitions.isEmpty { return "any" }
        return Amounts.list(partitions.map { String($0) }) + (key.byChance > 0 ? ", or any" : "")
    }

    // MARK: - Doubts

    private var doubtLines: [String] {
        var doubts: [(text: String, paths: [String])] = []
        for step in plan.steps {
            for doubt in step.doubts {
                if let index = doubts.firstIndex(where: { $0.text == doubt }) {
                    doubts[index].paths.append(step.path.description)
                } else {
                    doubts.append((doubt, [step.path.description]))
                }
            }
        }
        if doubts.isEmpty { return ["", "  everything is known, as long as no broker fails"] }
        return ["", "  " + style.bold("not known before it runs")]
            + doubts.flatMap { doubt in
                let steps = (doubt.paths.count == 1 ? "step " : "steps ") + Amounts.list(doubt.paths, limit: 4)
                return TextFold.lines(
                    "    \(steps): \(TerminalText.safe(doubt.text))", width: width, indent: "      ")
            }
    }
}
