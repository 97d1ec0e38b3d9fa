import KrunDiagnostics
import KrunOutcome

/// A scenario as a story for somebody who learns: each step in a sentence, each record as it is put and read, and how the partitions stand
/// after it. What is too much to be told is counted.
struct StoryText {
    /// So many partitions are drawn after a step.
    private static let laneLimit = 16
    /// In how many columns a story is told where nobody knows the terminal's.
    private static let usualWidth = 80

    private let scenario: ScenarioOutcome
    private let story: Story
    private let style: TextStyle
    private let width: Int

    init(_ scenario: ScenarioOutcome, _ story: Story, style: TextStyle, width: Int?) {
        self.scenario = scenario
        self.story = story
        self.style = style
        self.width = max(40, min(width ?? Self.usualWidth, 120))
    }

    var lines: [String] {
        var lines: [String] = []
        if let description = scenario.description {
            lines += [""] + folded(TerminalText.safe(description), indent: "  ")
        }
        if !story.beforehand.isEmpty { lines += [""] + told(story.beforehand) }
        for step in scenario.steps {
            let scene = story.scenes.first { $0.number == step.path.numbers[0] }
            lines += self.lines(of: step, scene)
        }
        let missing = scenario.stepCount - scenario.steps.count
        if missing > 0, !scenario.steps.isEmpty {
            lines += ["", "  \(Amounts.count(missing, "step")) of \(scenario.stepCount) not run"]
        }
        return lines + [""]
    }

    // MARK: Steps

    private func lines(of step: StepOutcome, _ scene: Story.Scene?) -> [String] {
        let mark = step.status == .passed ? "" : style.marked(ScenarioText.mark(step.status), as: step.status) + " "
        let number = "\(step.path.description). "
        let indent = String(repeating: " ", count: number.count)
        var lines = [""]
        let title = folded(TerminalText.safe(step.title), indent: indent)
        lines += title.enumerated().map { index, line in
            index == 0 ? mark + style.bold(number + line.dropFirst(indent.count)) : style.bold(line)
        }
        if let note = step.note { lines += folded(TerminalText.safe(note), indent: indent).map { style.dim($0) } }
        if let scene {
            lines += told(scene.events, isAfter: step)
            let left = [
                (scene.omittedSent, "message", " sent"), (scene.omittedRead, "record", " read"),
                (scene.omittedOthers, "event", ""),
            ].filter { $0.0 > 0 }.map { "\(Amounts.count($0.0, "more \($0.1)", plural: "more \($0.1)s"))\($0.2)" }
            if !left.isEmpty { lines.append("   … and \(left.joined(separator: ", "))") }
        }
        let sentence = StepSentence.text(step)
        if !sentence.isEmpty { lines += folded("So: \(sentence)", indent: "   ", hanging: "       ") }
        lines += moves(of: step)
        guard let scene else { return lines }
        if !scene.lanes.isEmpty { lines += [""] + self.lanes(scene.lanes) }
        return lines + afterwards(scene)
    }

    /// What happened when the step was over, apart from what it came to.
    private func afterwards(_ scene: Story.Scene) -> [String] {
        guard !scene.afterwards.isEmpty else { return [] }
        let isLast = scene.number == story.scenes.last?.number
        let more = scene.omittedAfterwards
        return ["", isLast ? "   The run ends:" : "   Afterwards:"] + told(scene.afterwards)
            + (more > 0 ? ["   … and \(Amounts.count(more, "more event", plural: "more events"))"] : [])
    }

    /// What a rebalance moved.
    private func moves(of step: StepOutcome) -> [String] {
        guard case .group(let outcome) = step.result, !outcome.moves.isEmpty else { return [] }
        let moves = outcome.moves.map { move in
            let (from, to) = (TerminalText.safe(move.from), TerminalText.safe(move.to))
            return
                "\(TerminalText.safe(move.partition)) from \(from.isEmpty ? "nobody" : from) to \(to.isEmpty ? "nobody" : to)"
        }
        return folded("The rebalance moved \(Amounts.list(moves)).", indent: "   ", hanging: "       ")
    }

    // MARK: Events

    /// - Parameter step: the one that they belong to; what belongs to one within it says which.
    private func told(_ turns: [Story.Turn], isAfter step: StepOutcome? = nil) -> [String] {
        let groups = Set(turns.compactMap { $0.event.kind.member?.group })
        return turns.flatMap { turn -> [String] in
            guard let text = text(turn, isOneGroup: groups.count < 2) else { return [] }
            let path = turn.event.step.flatMap { $0.numbers.count > 1 ? "[\($0)] " : nil } ?? ""
            return folded(path + text, indent: "   ", hanging: "       ")
        }
    }

    /// A sentence; nil for what the title of the step says.
    ///
    /// - Parameter isOneGroup: whether it goes without saying which group a member belongs to.
    private func text(_ turn: Story.Turn, isOneGroup: Bool) -> String? {
        func name(_ member: RunEvent.Member) -> String { self.name(member, isOneGroup: isOneGroup) }
        switch turn.event.kind {
        case .topic(let name, let partitions):
            return partitions == 0
                ? "topic \(TerminalText.safe(name)) is gone"
                : "topic \(TerminalText.safe(name)) has \(Amounts.count(partitions, "partition"))"
        case .stepStarted(let title, _): return style.bold(TerminalText.safe(title))
        case .stepEnded: return nil
        case .sent(let record, let producer):
            let by = producer.map { " by \(TerminalText.safe($0))" } ?? ""
            return "put    \(place(record))\(by): \(content(record))"
        case .notSent(let record, let error):
            return "\(style.yellow("not put")) to \(TerminalText.safe(record.topic)), \(error): \(content(record))"
        case .read(let record, let member):
            return "read   \(place(record)) by \(name(member)): \(content(record))"
        case .assigned(let member, let partitions):
            if member.group == nil { return "a reader without a group is assigned \(list(partitions))" }
            return "\(name(member)) \(ownership(partitions, besides: turn.kept))"
        case .revoked(let member, let partitions, let isLost):
            guard !partitions.isEmpty else { return nil }
            return "\(name(member)) \(isLost ? "has lost" : "gives up") \(list(partitions))"
        case .ended(let member, let hasCrashed, let isAway):
            if member.group == nil { return nil }
            if hasCrashed { return style.yellow("\(name(member)) crashes") }
            guard isAway else { return "\(name(member)) leaves the group" }
            let waiting =
                turn.kept.isEmpty ? "" : ": \(list(turn.kept)) \(turn.kept.count == 1 ? "waits" : "wait") for it"
            return "\(name(member)) stops, and keeps its place in the group\(waiting)"
        case .committed(let member, let offsets):
            let places = offsets.sorted { $0.key < $1.key }.map { "\(text($0.key)) at \($0.value)" }
            let who = member.name == nil ? TerminalText.safe(member.group ?? "") : name(member)
            return "\(who) commits \(Amounts.list(places))"
        case .transactionEnded(let producer, let isCommit):
            return RunEvent.sentence(ofTransactionBy: producer.map { TerminalText.safe($0) }, isCommit: isCommit)
        case .fault(let fault): return style.yellow("fault: \(TerminalText.safe(fault.sentence))")
        }
    }

    /// What a member has after an assignment, which with cooperative assignors names only what is new.
    private func ownership(_ new: [RunEvent.Partition], besides kept: [RunEvent.Partition]) -> String {
        switch (new.isEmpty, kept.isEmpty) {
        case (true, true): "owns nothing"
        case (true, false): "keeps \(list(kept))"
        case (false, true): "now owns \(list(new))"
        case (false, false): "now also owns \(list(new)), and keeps \(list(kept))"
        }
    }

    private func place(_ record: RecordOutcome) -> String {
        let offset = record.offset < 0 ? "" : " offset \(record.offset)"
        return "\(TerminalText.safe(record.topic))/\(record.partition)\(offset)"
    }

    /// Its key and the beginning of its value.
    private func content(_ record: RecordOutcome) -> String {
        let key = record.key.map { KeyCell.text($0) } ?? "no key"
        guard let bytes = record.value else { return "\(key), a tombstone" }
        let value = KeyCell.text(bytes)
        return value.isEmpty ? key : "\(key) = \(value)"
    }

    private func name(_ member: RunEvent.Member, isOneGroup: Bool) -> String {
        guard let group = member.group else { return "a reader without a group" }
        let name = "member \(TerminalText.safe(member.name ?? ""))"
        return isOneGroup ? name : "\(TerminalText.safe(group)) \(name)"
    }

    private func text(_ partition: RunEvent.Partition) -> String {
        "\(TerminalText.safe(partition.topic))/\(partition.number)"
    }

    private func list(_ partitions: [RunEvent.Partition]) -> String { Amounts.list(partitions.map { text($0) }) }

    // MARK: Partitions

    /// Each partition a line, with what stands at its offsets and where groups are below it.
    private func lanes(_ lanes: [Story.Lane]) -> [String] {
        // Those that nothing is in are the dull ones.
        var shown = Array(lanes.enumerated())
        if shown.count > Self.laneLimit {
            let interesting = shown.filter { $0.element.count > 0 || !$0.element.groups.isEmpty }
            shown = Array((interesting.isEmpty ? shown : interesting).prefix(Self.laneLimit))
        }
        let names = shown.map { text($0.element.partition) }
        let nameWidth = min(24, names.map { TerminalText.cells($0) }.max() ?? 0)
        var lines: [String] = []
        for (lane, name) in zip(shown.map(\.element), names) {
            let start = "   " + style.cyan(Padding.right(TextCut.text(name, to: nameWidth), to: nameWidth)) + " │"
            lines.append(start + records(lane, room: width - nameWidth - 6))
            let indent = String(repeating: " ", count: nameWidth + 6)
            for group in lane.groups {
                let owner = group.owner.map { "member \(TerminalText.safe($0)) owns it" }
                let committed = group.committed.map { "committed \($0)" }
                let parts = [owner, committed].compactMap { $0 }.joined(separator: ", ")
                lines += folded("▲ \(TerminalText.safe(group.name)): \(parts)", indent: indent, hanging: indent + "  ")
                    .map { style.dim($0) }
            }
        }
        let hidden = lanes.count - shown.count
        if hidden > 0 { lines.append("   … and \(Amounts.count(hidden, "more partition", plural: "more partitions"))") }
        return lines
    }

    /// `0 alice │ 1 bob │`, the last ones where there is no room for all.
    private func records(_ lane: Story.Lane, room: Int) -> String {
        guard lane.count > 0 else { return "" }
        let entries = lane.last.map { entry in
            let key = entry.key.map { TextCut.text(KeyCell.text($0), to: 14) } ?? "–"
            return entry.offset < 0 ? " \(key) │" : " \(entry.offset) \(key) │"
        }
        var taken: [String] = []
        var left = room - 8
        for entry in entries.reversed() where left >= 0 {
            left -= TerminalText.cells(entry)
            if left >= 0 { taken.insert(entry, at: 0) }
        }
        let isWhole = taken.count == lane.count
        return (isWhole ? "" : " … \(Amounts.number(lane.count - taken.count)) │") + taken.joined()
    }

    private func folded(_ text: String, indent: String, hanging: String? = nil) -> [String] {
        text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
            .flatMap { TextFold.lines(indent + String($0), width: width, indent: hanging ?? indent) }
    }
}
