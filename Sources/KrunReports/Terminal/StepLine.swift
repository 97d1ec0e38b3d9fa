package import KrunDiagnostics
package import KrunOutcome

/// A step that stands alone, as one line for people.
package enum StepLine {
    /// Such as `✓ broker-down 2   1 time   (3 ms)`, without a line end.
    ///
    /// - Parameters:
    ///   - title: as the step calls itself.
    ///   - sentence: what came of it; may be empty.
    package static func text(
        title: String, sentence: String, status: Status, duration: Duration, style: TextStyle
    ) -> String {
        let mark = style.marked(ScenarioText.mark(status), as: status)
        let parts = [TerminalText.safe(title), TerminalText.safe(sentence), "(\(Amounts.duration(duration)))"]
        return "\(mark) \(parts.filter { !$0.isEmpty }.joined(separator: "   "))"
    }
}
