public import KrunDiagnostics
public import KrunOutcome

/// A run as people read it in a terminal or a CI log, scenario by scenario.
public struct TerminalReport: Report {
    /// How much is told.
    public struct Options: Hashable, Sendable {
        /// Leaves out the tables of partitions, keys and members.
        public var isCompact: Bool
        /// Adds descriptions, notes, names on the broker and every single invariant.
        public var isVerbose: Bool
        /// Tells only what did not pass.
        public var isQuiet: Bool
        /// How many columns of a terminal a line may take: text is folded at spaces, what came of a step stands on a line of its own, wide
        /// tables go on below, and names that are longer than a line or a column are cut; nil for any number.
        public var width: Int?
        /// Of many scenarios each that passed is told in a line, unless more or less is asked for, and the end names those that did not.
        public var isMany: Bool

        public init(
            isCompact: Bool = false, isVerbose: Bool = false, isQuiet: Bool = false, width: Int? = nil,
            isMany: Bool = false
        ) {
            self.isQuiet = isQuiet
            self.isCompact = isCompact
            self.isVerbose = isVerbose
            self.width = width
            self.isMany = isMany
        }
    }

    private let style: TextStyle
    private let options: Options
    /// The last broker line that was written.
    private var brokerLine: String?
    /// How many lines the last scenario took; nil before the first.
    private var lastLength: Int?

    public init(style: TextStyle, options: Options = Options()) {
        self.style = style
        self.options = options
    }

    /// The scenario's part of the report, each line ended; it begins with the broker when that is another than before.
    ///
    /// Of many, those that were not begun have none: the end counts them.
    public mutating func scenario(_ outcome: ScenarioOutcome) -> String {
        if options.isQuiet, [.passed, .skipped].contains(outcome.status), outcome.cleanup.left.isEmpty { return "" }
        if options.isMany, !options.isVerbose, outcome.isUnbegun { return "" }
        let lines = ScenarioText(outcome, style: style, options: options).lines
        var text = ""
        if let broker = outcome.broker {
            let line = Self.line(broker)
            if line.identity != brokerLine {
                if lastLength != nil { text += "\n" }
                text += TextFold.lines(style.dim(line.text), width: options.width, indent: "  ").map { $0 + "\n" }
                    .joined()
                brokerLine = line.identity
                lastLength = .max
            }
        }
        if let lastLength, max(lastLength, lines.count) > 1 { text += "\n" }
        lastLength = lines.count
        return text + lines.map { $0 + "\n" }.joined()
    }

    /// The end of a run: of many, what did not pass once more; what was flaky; and the totals.
    public func text(_ recap: RunRecap, duration: Duration) -> String {
        // Nothing was told, for there was nothing to tell.
        if options.isQuiet, lastLength == nil, recap.flakyLines(style).isEmpty { return "" }
        var lines = options.isMany ? recap.troubleLines(style) : []
        let flaky = recap.flakyLines(style)
        if !lines.isEmpty, !flaky.isEmpty { lines.append("") }
        lines += flaky
        let blocks = lines.flatMap { TextFold.lines($0, width: options.width, indent: "      ") }.map { $0 + "\n" }
            .joined()
        var totals = recap.totals
        totals.duration = duration
        return (lastLength == nil || lines.isEmpty ? "" : "\n") + blocks
            + text(
                totals, remarks: options.isMany ? recap.remarks(style) : [], isFirst: lastLength == nil && lines.isEmpty
            )
    }

    /// The last line: how many scenarios there were and how they ended, counts of zero left out.
    public func text(_ totals: RunTotals) -> String { text(totals, remarks: [], isFirst: lastLength == nil) }

    private func text(_ totals: RunTotals, remarks: [String], isFirst: Bool) -> String {
        let parts = totals.statuses.map { status in
            let count = totals.count(status)
            let word = status == .error && count > 1 ? "errors" : status.rawValue
            return style.marked("\(Amounts.number(count)) \(word)", as: status)
        }
        let total = Amounts.count(totals.scenarios, "scenario")
        let line = parts.isEmpty ? total : "\(total): \(parts.joined(separator: ", "))"
        let end = remarks.isEmpty ? "" : "; " + remarks.joined(separator: ", ")
        let lines = TextFold.lines(
            "\(line)\(end) (\(Amounts.duration(totals.duration)))", width: options.width, indent: "  ")
        return (isFirst ? "" : "\n") + lines.map { $0 + "\n" }.joined()
    }

    public mutating func end(_ run: RunOutcome) -> String {
        var recap = RunRecap()
        for scenario in run.scenarios { recap.add(scenario, rerun: nil) }
        return text(recap, duration: run.duration)
    }

    /// Which broker this is and what chose it. `identity` is what makes it another broker: an embedded one is made
    /// anew for each scenario, at another port, without that being worth a line.
    private static func line(_ broker: BrokerOutcome) -> (text: String, identity: String) {
        let brokers = broker.brokers.map { ", " + Amounts.count($0, "broker") } ?? ""
        let address = TerminalText.safe(broker.address)
        let chosenBy = TerminalText.safe(broker.chosenBy)
        switch broker.kind {
        case .embedded:
            let first = address.prefix { $0 != "," }
            let isDefault = broker.chosenBy == "default"
            let why = isDefault ? "default; --brokers host:port for a real Kafka" : "from \(chosenBy)"
            return ("embedded broker\(brokers) at \(first) (\(why))", "embedded\(brokers) \(chosenBy)")
        case .kafka:
            let text = "Kafka at \(address)\(brokers) (from \(chosenBy))"
            return (text, text)
        }
    }
}

extension TextStyle {
    /// The text in the colour of a status.
    func marked(_ text: String, as status: Status) -> String {
        switch status {
        case .passed: green(text)
        case .failed, .error, .invalid: red(text)
        case .skipped, .interrupted: yellow(text)
        }
    }
}
