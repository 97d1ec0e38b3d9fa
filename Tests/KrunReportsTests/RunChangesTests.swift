import KrunDiagnostics
import KrunOutcome
import Testing

@testable import KrunReports

/// What is said of the difference between two runs.
@Suite struct RunChangesTests {
    @Test func howScenariosEndedAndTheNumbersOfTheirSteps() {
        var changes = RunChanges()
        #expect(changes.text(after: [Fixtures.passed], style: .plain) == "")
        #expect(changes.text(after: [Fixtures.passed], style: .plain) == "changed: nothing\n")
        // Durations differ in any two runs.
        var slow = Fixtures.passed
        slow.duration = .seconds(9)
        slow.steps[1].duration = .seconds(9)
        if case .consume(var outcome) = slow.steps[1].result {
            outcome.joinDuration = .seconds(8)
            outcome.lag = 3
            outcome.messages = 2
            slow.steps[1].result = .consume(outcome)
        }
        #expect(
            changes.text(after: [slow], style: .plain) == """
                changed:
                  scenarios/orders.json  Messages with the same key land on the same partition: step 2: messages 5 → 2, lag 0 → 3

                """)
        #expect(
            changes.text(after: [slow, Fixtures.skipped], style: .plain) == """
                changed:
                  scenarios/compaction.json  Compaction keeps the last value: new

                """)
    }

    /// A file that cannot be read says so itself; what came before is compared with what comes next.
    @Test func aBrokenFileForgetsNothing() {
        var changes = RunChanges()
        _ = changes.text(after: [Fixtures.passed], style: .plain)
        let broken = ScenarioOutcome(file: "scenarios/orders.json", name: "", status: .invalid)
        #expect(changes.text(after: [broken], style: .plain) == "")
        var failed = Fixtures.passed
        failed.status = .failed
        #expect(
            changes.text(after: [failed], style: .plain) == """
                changed:
                  scenarios/orders.json  Messages with the same key land on the same partition: passed → failed

                """)
    }

    /// Of many only so many lines.
    @Test func muchIsCut() {
        var changes = RunChanges()
        let before = (1...20).map { ScenarioOutcome(file: "\($0)\u{7}.json", name: "A", status: .passed) }
        _ = changes.text(after: before, style: .plain)
        let after = (1...20).map { ScenarioOutcome(file: "\($0)\u{7}.json", name: "A", status: .error) }
        let lines = changes.text(after: after, style: .plain).split(separator: "\n")
        #expect(lines.count == 14)
        #expect(lines[1] == "  1\\u0007.json  A: passed → error")
        #expect(lines[13] == "  … and 8 lines more")
    }
}
