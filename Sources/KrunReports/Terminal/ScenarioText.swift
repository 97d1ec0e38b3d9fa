import KrunDiagnostics
import KrunOutcome

/// What the terminal report says of one scenario.
struct ScenarioText {
    private let scenario: ScenarioOutcome
    private let style: TextStyle
    private let options: TerminalReport.Options

    init(_ scenario: ScenarioOutcome, style: TextStyle, options: TerminalReport.Options) {
        self.scenario = scenario
        self.style = style
        self.options = options
    }

    /// All lines, without line ends; parts of several lines are set apart by a blank one.
    var lines: [String] {
        let all =
            isInOneLine
            ? headlines + attemptLines + diagnosticLines
            : headlines + attemptLines + storyLines + descriptionLines + stepLines + tableLines + invariantLines
                + diagnosticLines + closingLines
        var lines: [String] = []
        for line in all where !(line.isEmpty && lines.last?.isEmpty == true) { lines.append(line) }
        if lines.last?.isEmpty == true { lines.removeLast() }
        return lines
    }

    /// Whether its first line says enough: of many what failed is told whole, and what is to be known of the others.
    private var isInOneLine: Bool {
        guard options.isMany, !options.isCompact, !options.isVerbose, scenario.story == nil else { return false }
        return [.passed, .skipped].contains(scenario.status) && scenario.cleanup.left.isEmpty
    }

    // MARK: The first line

    /// One line; where the terminal is narrower, the file's name has one of its own.
    private var headlines: [String] {
        let mark = style.marked(Self.mark(scenario.status), as: scenario.status)
        let file = TerminalText.safe(scenario.file)
        let name = TerminalText.safe(scenario.name)
        let start = "\(mark) \(file)"
        let duration = Amounts.duration(scenario.duration)
        let end =
            switch scenario.status {
            case .passed, .failed, .error: "(\(([duration] + runs).joined(separator: ", ")))"
            case .skipped: "skipped: \(TerminalText.safe(scenario.skipReason ?? "no reason given"))"
            case .invalid: "not a valid scenario, nothing was run"
            case .interrupted: "interrupted after \(duration)"
            }
        let title = name.isEmpty ? "" : "  \(style.bold(name))"
        let width = options.width ?? .max
        if TerminalText.cells("  \(file)  \(name)   \(end)") <= width || name.isEmpty {
            return ["\(start)\(title)   \(end)"]
        }
        return [start] + TextFold.lines("\(title)   \(end)", width: width, indent: "  ", cutsWords: true)
    }

    /// Which of several runs this was, and at which attempt it ended so.
    private var runs: [String] {
        var runs = scenario.repetition.map { ["run \(Amounts.number($0))"] } ?? []
        let attempts = scenario.attempts.count
        if attempts > 1 {
            let count = Amounts.count(attempts, "attempt")
            runs.append(
                scenario.isFlaky
                    ? style.yellow("passed at the \(Amounts.ordinal(attempts)) attempt") : "the last of \(count)")
        }
        return runs
    }

    /// What the attempts before the last one came to.
    private var attemptLines: [String] {
        scenario.attempts.dropLast().enumerated().flatMap { number, attempt in
            let seed = attempt.seed.map { " (seed \($0))" } ?? ""
            let reason = attempt.reason.map { ": \(TerminalText.safe($0))" } ?? ""
            let line = "  attempt \(number + 1): \(attempt.status.rawValue)\(seed)\(reason)"
            return TextFold.lines(line, width: options.width, indent: "    ")
        }
    }

    static func mark(_ status: Status) -> String {
        switch status {
        case .passed: "✓"
        case .failed, .invalid: "✗"
        case .skipped: "-"
        case .error, .interrupted: "!"
        }
    }

    private var descriptionLines: [String] {
        guard options.isVerbose, scenario.story == nil, let description = scenario.description else { return [] }
        return paragraph(description, indent: "  ")
    }

    /// Line breaks of the author are kept.
    private func paragraph(_ text: String, indent: String) -> [String] {
        text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
            .flatMap { TextFold.lines(indent + TerminalText.safe(String($0)), width: options.width, indent: indent) }
    }

    // MARK: Steps

    /// Instead of the tables, which say the same.
    private var storyLines: [String] {
        scenario.story.map { StoryText(scenario, $0, style: style, width: options.width).lines } ?? []
    }

    private var stepLines: [String] {
        if scenario.story != nil { return [] }
        let shown = StepSelection(scenario.steps, isWhole: options.isVerbose).lines
        let steps = shown.compactMap(\.step)
        let numberWidth = max(String(scenario.stepCount).count, Padding.widest(of: steps.map(\.path.description)))
        let titleWidth = Self.columnWidth(steps.map { TerminalText.safe($0.title) }, limit: 56)
        let sentenceWidth = Self.columnWidth(steps.map { StepSentence.text($0) }, limit: 60)
        let durationWidth = Self.columnWidth(steps.map { Amounts.duration($0.duration) }, limit: 12)
        // Within others numbers stand in the order of the file, not below each other by their last digit.
        let isFlat = steps.allSatisfy { $0.path.numbers.count == 1 }
        let width = numberWidth + titleWidth + sentenceWidth + durationWidth + 10
        let isWide = options.width.map { width > $0 } ?? false
        var lines: [String] = []
        for line in shown {
            guard case .step(let step) = line else {
                lines.append("  \(String(repeating: " ", count: numberWidth))  \(line.remark)")
                continue
            }
            let mark = step.status == .passed ? " " : style.marked(Self.mark(step.status), as: step.status)
            let path = step.path.description
            let number = isFlat ? Padding.left(path, to: numberWidth) : Padding.right(path, to: numberWidth)
            let title = Padding.right(TerminalText.safe(step.title), to: titleWidth)
            let sentence = Padding.right(StepSentence.text(step), to: sentenceWidth)
            let duration = Padding.left(Amounts.duration(step.duration), to: durationWidth)
            let whole = "\(mark) \(number)  \(title)   \(sentence)   \(duration)"
            if isWide || isTooWide(whole) {
                lines += narrowLines(
                    step, "\(mark) \(number)  ", "\(title)   \(duration)", indent: numberWidth + 4)
            } else {
                lines.append(whole)
            }
            if options.isVerbose, let note = step.note { lines += paragraph(note, indent: "     ") }
        }
        let missing = scenario.stepCount - scenario.steps.count
        if missing > 0, !scenario.steps.isEmpty {
            let first = scenario.steps.count + 1
            let joint = missing == 2 ? "and" : "to"
            let range = missing == 1 ? "step \(first) was" : "steps \(first) \(joint) \(scenario.stepCount) were"
            lines.append("  \(range) not run")
        }
        return lines
    }

    private func isTooWide(_ line: String) -> Bool {
        options.width.map { TextFold.cells(line) > $0 } ?? false
    }

    /// A step where there is no room for all of it in a line: what came of it stands below.
    ///
    /// - Parameter aligned: title and duration as they stand below those of other steps, where there is room for that.
    private func narrowLines(_ step: StepOutcome, _ start: String, _ aligned: String, indent: Int) -> [String] {
        let spaces = String(repeating: " ", count: indent)
        var lines = [start + aligned]
        if isTooWide(lines[0]) {
            lines = TextFold.lines(
                "\(start)\(TerminalText.safe(step.title))   \(Amounts.duration(step.duration))", width: options.width,
                indent: spaces, cutsWords: true)
        }
        let text = StepSentence.text(step)
        if text.isEmpty { return lines }
        let room = (options.width ?? .max) - indent - 2
        return lines
            + TextFold.list(text, width: room).flatMap {
                TextFold.lines(spaces + "  " + $0, width: options.width, indent: spaces + "    ", cutsWords: true)
            }
    }

    /// The widest, but no wider than `limit`, so that one long cell does not push all others away.
    private static func columnWidth(_ cells: [String], limit: Int) -> Int {
        min(limit, Padding.widest(of: cells))
    }

    // MARK: Tables

    private var tableLines: [String] {
        if options.isCompact || scenario.story != nil { return [] }
        var lines: [String] = []
        for summary in TopicSummary.all(of: scenario) {
            let tables = TopicTables(summary)
            lines += [""] + TableTitle.lines(title(of: summary), style, indent: "  ", width: options.width)
            lines += tables.partitionLines(style, indent: "    ", width: options.width)
            let keys = tables.keyLines(style, indent: "    ", width: options.width)
            if !keys.isEmpty { lines += [""] + keys }
        }
        for step in StepSelection(scenario.steps, isWhole: options.isVerbose).lines.compactMap(\.step) {
            let table: [String]
            switch step.result {
            case .consume(let outcome):
                table = MemberTable(step: step, outcome: outcome).lines(style, indent: "  ", width: options.width)
            case .group(let outcome):
                table = MemberTable(step: step, outcome: outcome).lines(style, indent: "  ", width: options.width)
            case .offsets(let outcome):
                table = OffsetsTable(step: step, outcome: outcome).lines(style, indent: "  ", width: options.width)
            default: continue
            }
            if !table.isEmpty { lines += [""] + table }
        }
        return lines + [""]
    }

    private func title(of summary: TopicSummary) -> String {
        var title = "topic \(TerminalText.safe(summary.name))"
        guard let topic = scenario.topics.first(where: { $0.name == summary.name }) else { return title }
        if options.isVerbose, topic.actualName != topic.name {
            title += " (\(TerminalText.safe(topic.actualName)))"
        }
        title += ", \(Amounts.count(topic.partitions, "partition"))"
        return topic.existing ? title + ", there already" : title
    }

    // MARK: The verdict

    private var invariantLines: [String] {
        InvariantLines(invariants: scenario.invariants, isVerbose: options.isVerbose).lines(
            style, indent: "  ", width: options.width)
    }

    /// Those of the steps, in their order, then the scenario's own.
    private var diagnosticLines: [String] {
        let diagnostics = scenario.allSteps.flatMap(\.diagnostics) + scenario.diagnostics
        let printer = DiagnosticText(style: style, width: options.width)
        return diagnostics.flatMap { ["", printer.text($0)] } + [""]
    }

    private var closingLines: [String] {
        (seedLines + programLines + cleanupLines).flatMap { TextFold.lines($0, width: options.width, indent: "    ") }
    }

    /// For whoever has to repeat what was drawn.
    private var seedLines: [String] {
        guard let seed = scenario.seed, scenario.usesSeed || options.isVerbose else { return [] }
        return ["  seed \(seed) (--seed \(seed) draws the same random values again)"]
    }

    /// What the program beside the steps said last, where something did not hold.
    private var programLines: [String] {
        guard let program = scenario.program, ![.passed, .skipped].contains(scenario.status) else { return [] }
        return ProgramText.lines(program).map { "  " + $0 }
    }

    /// Only for a real Kafka: what an embedded broker holds ends with it.
    private var cleanupLines: [String] {
        guard scenario.broker?.kind == .kafka else { return [] }
        let cleanup = scenario.cleanup
        var lines: [String] = []
        let deleted = [(cleanup.deletedTopics.count, "topic"), (cleanup.deletedGroups.count, "group")]
            .filter { $0.0 > 0 }.map { Amounts.count($0.0, $0.1) }
        if !deleted.isEmpty { lines.append("  deleted \(deleted.joined(separator: " and "))") }
        if !cleanup.kept.isEmpty {
            lines.append("  kept \(cleanup.kept.map { TerminalText.safe($0) }.joined(separator: ", "))")
        }
        for left in cleanup.left {
            let thing = "\(left.kind) \(TerminalText.safe(left.name))"
            lines.append("  \(style.yellow("could not delete")) \(thing): \(TerminalText.safe(left.reason))")
        }
        // Names without a suffix are not known for krun's own.
        if cleanup.left.contains(where: { $0.name.contains("-krun-") }), let address = scenario.broker?.address {
            let command = "krun clean --brokers \(TerminalText.safe(address)) --older-than 1s --yes"
            lines.append("  `\(command)` deletes what runs left, once the broker answers")
        }
        return lines
    }
}
