import KrunDiagnostics
import KrunJSON
import KrunOutcome
import KrunSchemaTestSupport
import Testing

@testable import KrunReports

/// What a program beside the steps said, in the reports.
@Suite struct ProgramTests {
    private func outcome(_ status: Status, _ program: ProgramOutcome) -> ScenarioOutcome {
        var outcome = ScenarioOutcome(file: "a.json", name: "a", status: status)
        outcome.program = program
        return outcome
    }

    private func terminal(_ outcome: ScenarioOutcome) -> [String] {
        ScenarioText(outcome, style: .plain, options: .init()).lines
    }

    @Test func itsLastLinesAreShownWhereSomethingDidNotHold() {
        let said = ProgramOutcome(lines: ["red \u{1b}[31m", "blue"], omitted: 3)
        #expect(
            terminal(outcome(.failed, said)).suffix(3) == [
                "  the command's output, 2 lines, behind 3 others:", "  | red \\u001B[31m", "  | blue",
            ])
        #expect(!terminal(outcome(.passed, said)).contains { $0.contains("blue") })
        #expect(terminal(outcome(.error, ProgramOutcome(lines: []))).last == "  the command said nothing")
    }

    @Test func ofManyLinesTheLastFortyAreShown() {
        let said = ProgramOutcome(lines: (1...50).map { "line \($0)" }, omitted: 7)
        let lines = terminal(outcome(.failed, said)).suffix(41)
        #expect(lines.first == "  the command's output, 40 lines, behind 17 others:")
        #expect(lines.dropFirst().first == "  | line 11")
        #expect(lines.last == "  | line 50")
    }

    @Test func theJSONReportHasItAndGivesItBack() throws {
        let said = ProgramOutcome(lines: ["one", "two"], omitted: 4, ending: "exit code 3")
        var run = outcome(.failed, said)
        run.source = "{}\n"
        let text = JSONReport.text(RunOutcome(scenarios: [run], duration: .zero), version: "1")
        let root = try JSONDocument.parse(Array(text.utf8), file: "report").root
        let schema = JSONReportSchema.value(isClosed: true).text(pretty: false)
        let validator = SchemaValidator(try JSONDocument.parse(Array(schema.utf8), file: "schema").root)
        #expect(validator.accepts(root))
        let again = try EarlierReport(Array(text.utf8), file: "report").summary.scenarios[0]
        #expect(again.program == said)
        #expect(again.source == "{}\n")
        #expect(again.outputLines.suffix(3) == ["the command's output, 2 lines, behind 4 others:", "| one", "| two"])
    }
}
