import Foundation
import KrunDiagnostics
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
        var passed = Fixtures.passed
        passed.name = "Keys"
        #expect(
            report.summary(Fixtures.summary([passed, Fixtures.error, Fixtures.skipped])) == """
                ### krun: 3 scenarios: 1 passed, 1 error, 1 skipped (1.5 s)

                | | Scenario | File | Time |
                |---|---|---|---:|
                | ✓ passed | Keys | scenarios/orders.json | 0.4 s |
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

    /// What passed at a later attempt, and what passed in one of several runs and not in another.
    @Test func flakyScenariosHaveATable() {
        var (first, second) = (Fixtures.passed, Fixtures.failed)
        (first.repetition, second.repetition, second.steps, second.seed) = (1, 2, [], 7)
        second.diagnostics = [.init(.failure, "a | b")]
        var flaky = Fixtures.flaky
        flaky.line = 2
        let text = report.summary(Fixtures.summary([flaky, first, second, Fixtures.failedTwice]))
        #expect(
            text.components(separatedBy: "<details")[0] == #"""
                ### krun: 4 scenarios: 2 passed, 2 failed; 2 flaky (1.5 s)

                | | Scenario | File | Time |
                |---|---|---|---:|
                | ✓ passed | Now and then \(run 3\): passed at the 3rd attempt | scenarios/flaky.json:2 | 0.4 s |
                | ✓ passed | Messages with the same key land on the same partition \(run 1\) | scenarios/orders.json | 0.4 s |
                | ✗ failed | Messages with the same key land on the same partition \(run 2\) | scenarios/orders.json | 0.4 s |
                | ✗ failed | Never: the last of 2 attempts | scenarios/never.json | 0.4 s |

                | Flaky | File | Did not pass | At first |
                |---|---|---:|---|
                | ~ Now and then | scenarios/flaky.json:2 | 2 of 3 runs | seed 17: key "alice" is elsewhere |
                | ~ Messages with the same key land on the same partition | scenarios/orders.json | 1 of 2 runs | seed 7: a \| b |


                """#)
        #expect(
            report.annotations(ScenarioSummary(flaky))
                == "::warning file=root/scenarios/flaky.json,line=2,endLine=2,col=1,endColumn=1,title=Now and then (run 3)::passed at the 3rd attempt%0Aattempt 1: failed (seed 17): key \"alice\" is elsewhere%0Aattempt 2: error\n"
        )
        #expect(!report.annotations(ScenarioSummary(Fixtures.failedTwice)).contains("attempt"))
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
