import KrunDiagnostics
import KrunJSON
import KrunOutcome

/// A run in the Test Anything Protocol, a line for each scenario as it ends; the plan stands behind them.
///
/// The text follows the rules of version 14. The version that it names is 13, which every reader of 14 takes, too: the `prove` of many systems refuses a
/// stream of a version that it does not know.
public struct TAPReport: SummaryReport {
    public let version: String
    private var count = 0
    private var hasBegun = false

    /// - Parameter version: of krun.
    public init(version: String) {
        self.version = version
    }

    /// What stands before all scenarios, once: who writes it at the beginning of a run does not get it again.
    public mutating func begin() -> String {
        if hasBegun { return "" }
        hasBegun = true
        return "TAP version 13\n# krun \(version)\n"
    }

    public mutating func scenario(_ summary: ScenarioSummary) -> String {
        count += 1
        let start = begin()
        let name = summary.name.isEmpty ? summary.title : "\(summary.file): \(summary.title)"
        let line = "\(count) - \(Self.escaped(name))"
        switch summary.status {
        case .passed:
            return "\(start)ok \(line)\n" + (summary.isFlaky ? Self.block(flakyLines(summary)) : "")
        case .skipped: return "\(start)ok \(line) # SKIP \(Self.escaped(summary.headline))\n"
        case .failed, .error, .invalid, .interrupted: return "\(start)not ok \(line)\n" + details(summary)
        }
    }

    public mutating func end(_ run: RunSummary) -> String {
        let start = begin()
        let seconds = ReportedTime.seconds(run.duration)
        return "\(start)1..\(count)\n# time \(seconds) s\n"
    }

    /// A block of YAML, whose text is as on a terminal.
    private func details(_ summary: ScenarioSummary) -> String {
        var lines = ["message: \(Self.quoted(summary.headline))", "severity: \(summary.status.rawValue)"]
        let place = summary.problems.lazy.compactMap(\.diagnostic.place).first
        lines.append("file: \(Self.quoted(place?.file ?? summary.file))")
        if let line = place?.line ?? summary.line { lines.append("line: \(line)") }
        if let place { lines.append("column: \(place.column)") }
        lines.append("duration_ms: \(ReportedTime.milliseconds(summary.duration))")
        if let seed = summary.seed { lines.append("seed: \(Self.quoted(seed))") }
        if let broker = summary.brokerText { lines.append("broker: \(Self.quoted(broker))") }
        lines += attemptLines(summary)
        if !summary.stepLines.isEmpty {
            lines.append("steps:")
            lines += summary.stepLines.map { "  - \(Self.quoted($0))" }
        }
        if !summary.problems.isEmpty {
            lines.append("text: |")
            // A line of the block without spaces would end it for some readers.
            lines += ReportedText.lines(summary.problemText).split(separator: "\n", omittingEmptySubsequences: false)
                .map { "  \($0)" }
        }
        return Self.block(lines)
    }

    /// Of what passed, but not at once.
    private func flakyLines(_ summary: ScenarioSummary) -> [String] {
        var lines = ["message: \(Self.quoted(summary.attemptsRemark ?? ""))", "severity: flaky"]
        lines.append("duration_ms: \(ReportedTime.milliseconds(summary.duration))")
        if let seed = summary.seed { lines.append("seed: \(Self.quoted(seed))") }
        return lines + attemptLines(summary)
    }

    /// Those before the one that counts.
    private func attemptLines(_ summary: ScenarioSummary) -> [String] {
        let attempts = summary.earlierAttempts
        guard !attempts.isEmpty else { return [] }
        return ["attempts:"]
            + attempts.flatMap { _, attempt in
                var lines = ["  - severity: \(attempt.status.rawValue)"]
                lines.append("    message: \(Self.quoted(attempt.headline))")
                lines.append("    duration_ms: \(ReportedTime.milliseconds(attempt.duration))")
                if let seed = attempt.seed { lines.append("    seed: \(Self.quoted(seed))") }
                return lines
            }
    }

    private static func block(_ lines: some Sequence<String>) -> String {
        (["---"] + lines + ["..."]).map { "  \($0)\n" }.joined()
    }

    /// One line in which nothing can be taken for a directive.
    private static func escaped(_ text: String) -> String {
        ReportedText.oneLine(text).replacing("\\", with: "\\\\").replacing("#", with: "\\#")
    }

    /// JSON's strings are YAML's, too.
    private static func quoted(_ text: String) -> String {
        JSONValue.string(ReportedText.oneLine(text)).text(pretty: false)
    }
}
