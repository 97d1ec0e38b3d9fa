import KrunDiagnostics
import KrunOutcome

/// What a program beside the steps said last, for who looks for what went wrong.
enum ProgramText {
    private static let limit = 40

    /// A line that says what follows, and the lines, each made safe and with a bar before it.
    static func lines(_ program: ProgramOutcome) -> [String] {
        guard !program.lines.isEmpty else { return ["the command said nothing"] }
        let shown = program.lines.suffix(limit)
        let before = program.omitted + program.lines.count - shown.count
        let others = before == 0 ? "" : ", behind \(Amounts.count(before, "other"))"
        return ["the command's output, \(Amounts.count(shown.count, "line"))\(others):"]
            + shown.map { "| " + TerminalText.safe($0) }
    }
}
