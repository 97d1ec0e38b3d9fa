import KrunOutcome
import Testing

@testable import KrunReports

@Suite struct GitHubReportTests {
    private let report = GitHubReport { $0.hasPrefix("(") ? nil : "root/\($0)" }

    @Test func annotationsStandAtTheLine() {
        #expect(
            report.annotations(ScenarioSummary(Fixtures.invalid))
                == "::error file=root/scenarios/typo.json,line=3,endLine=3,col=3,endColumn=9,title=scenarios/typo.json::unknown field \"topic\"%0Adid you mean topics?\n"
        )
        #expect(
            report.annotations(ScenarioSummary(Fixtures.error))
                == "::error file=root/scenarios/orders.json,title=Messages with the same key land on the same partition::no broker answered within 10 s%0Atimeouts.connect is 10 s%0Ais localhost:9092 the address of a Kafka?\n"
        )
        #expect(report.annotations(ScenarioSummary(Fixtures.passed)) == "")
    }

    @Test func theSummaryIsATableAndWhatWasWrong() {
        #expect(
            report.summary(Fixtures.summary([Fixtures.passed, Fixtures.error, Fixtures.skipped])) == """
                ### krun: 3 scenarios: 1 passed, 1 error, 1 skipped (1.5 s)

                | | Scenario | File | Time |
                |---|---|---|---:|
                | ✓ passed | Messages with the same key land on the same partition | scenarios/orders.json | 0.4 s |
                | ! error | Messages with the same key land on the same partition | scenarios/orders.json | 10.0 s |
                | - skipped | Compaction keeps the last value: topic config needs a real Kafka | scenarios/compaction.json | 0 ms |

                <details open><summary>! Messages with the same key land on the same partition (scenarios/orders.json)</summary>

                ```text
                error: no broker answered within 10 s
                  = timeouts.connect is 10 s
                  = is localhost:9092 the address of a Kafka?
                ```

                seed 42, broker: localhost:9092, 1 broker

                </details>


                """)
        #expect(report.summary(Fixtures.summary([])) == "### krun: 0 scenarios (1.5 s)\n\n")
    }

    @Test func whateverNamesAndTextsSay() {
        let text = report.summary(Fixtures.summary([Fixtures.hostile]))
        #expect(
            text.contains(
                ##"| ✗ failed | \# &lt;x&gt; &amp; \]\]&gt; \\u001B\[31m\\uFFFF \| \`\*\` \\ \\u202E ::error:: | a "b"/c.d.json:1 | 0 ms |"##
            ))
        #expect(text.contains("\n`````text\nerror: ```` <b>\\u0007 ]]>\n"))
        #expect(text.contains("<summary>✗ # &lt;x&gt; &amp; ]]&gt; \\u001B[31m"))
    }

    /// GitHub shows nothing of a summary that is too long.
    @Test func whatHasNoRoomIsCounted() {
        let run = Fixtures.summary(Array(repeating: Fixtures.error, count: 100))
        let text = report.summary(run, size: 20_000)
        #expect(text.utf8.count <= 20_000)
        let shown = text.split(separator: "<details").count - 1
        #expect(text.hasSuffix("What was wrong with \(100 - shown) more scenarios has no room here.\n\n"))
        #expect(shown > 5)
        let rows = report.summary(Fixtures.summary(Array(repeating: Fixtures.skipped, count: 1_002)))
        #expect(rows.hasSuffix("\n… 2 scenarios more\n\n"))
    }
}
