import Foundation
import KrunJSON
import KrunOutcome
import KrunSchemaTestSupport
import Testing

@testable import KrunReports

/// The JSON Schema of the JSON report says all that stands in one.
@Suite struct ReportSchemaTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    @Test func theFileIsWhatTheCodeSays() throws {
        let file = Self.root.appending(path: "schema/report.schema.json")
        let text = JSONReportSchema.value.text(pretty: true) + "\n"
        if ProcessInfo.processInfo.environment["KRUN_RECORD"] == "1" {
            try Data(text.utf8).write(to: file)
            Issue.record("wrote schema/report.schema.json")
        }
        #expect(try String(contentsOf: file, encoding: .utf8) == text, "KRUN_RECORD=1 writes it")
    }

    private func validator(isClosed: Bool) throws -> SchemaValidator {
        let text = JSONReportSchema.value(isClosed: isClosed).text(pretty: false)
        return SchemaValidator(try JSONDocument.parse(Array(text.utf8), file: "schema").root)
    }

    /// Nothing stands in them that the schema does not know.
    @Test func reportsOfAllKindsAreAccepted() throws {
        var several = Fixtures.passed
        several.steps = [Fixtures.severalTopics]
        for run in [
            Fixtures.run, Fixtures.example, RunOutcome(scenarios: [several, Fixtures.hostile], duration: .zero),
        ] {
            let text = JSONReport.text(run, version: "1")
            for isClosed in [false, true] {
                #expect(
                    try validator(isClosed: isClosed).accepts(JSONDocument.parse(Array(text.utf8), file: "report").root)
                )
            }
        }
    }

    /// What a reader relies on is asked for.
    @Test(arguments: [
        ("\"format\": 1", "\"format\": 2"), ("\"status\": \"failed\"", "\"status\": \"broken\""),
        ("\"duration\": \"412ms\"", "\"duration\": 412"), ("\"stepCount\": 2", "\"stepCount\": -1"),
        ("\"seed\": \"42\"", "\"seed\": 42"), ("\"verdict\": \"held\"", "\"verdict\": \"fine\""),
        ("\"startedAt\": \"2024", "\"startedAt\": \"24"), ("\"totals\"", "\"total\""),
        ("\"number\": 1", "\"number\": 0"),
        ("\"rebalances\": 0", "\"rebalances\": \"none\""), ("\"text\"", "\"test\""), ("\"sentence\"", "\"words\""),
    ])
    func anythingElseIsNot(_ part: String, _ other: String) throws {
        let text = JSONReport.text(Fixtures.example, version: "1")
        try #require(text.contains(part))
        let changed = text.replacing(part, with: other, maxReplacements: 1)
        #expect(try !validator(isClosed: false).accepts(JSONDocument.parse(Array(changed.utf8), file: "report").root))
    }
}
