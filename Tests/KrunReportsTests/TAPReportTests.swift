import KrunOutcome
import Testing

@testable import KrunReports

@Suite struct TAPReportTests {
    @Test func aLineAsSoonAsAScenarioHasEnded() {
        var report = TAPReport(version: "1.2.3")
        #expect(
            report.scenario(Fixtures.passed)
                == "TAP version 13\n# krun 1.2.3\nok 1 - scenarios/orders.json: Messages with the same key land on the same partition\n"
        )
        #expect(
            report.scenario(Fixtures.skipped)
                == "ok 2 - scenarios/compaction.json: Compaction keeps the last value # SKIP topic config needs a real Kafka\n"
        )
        #expect(
            report.scenario(Fixtures.invalid) == """
                not ok 3 - scenarios/typo.json
                  ---
                  message: "unknown field \\"topic\\""
                  severity: invalid
                  file: "scenarios/typo.json"
                  line: 3
                  column: 3
                  duration_ms: 0
                  text: |
                    error: unknown field "topic"
                     --> scenarios/typo.json:3:3
                      |
                    3 |   "topic": []
                      |   ^^^^^^^ did you mean topics?
                  ...

                """)
        #expect(
            report.scenario(Fixtures.interrupted) == """
                not ok 4 - scenarios/orders.json: Messages with the same key land on the same partition
                  ---
                  message: "interrupted after 2 min 5 s"
                  severity: interrupted
                  file: "scenarios/orders.json"
                  duration_ms: 125000
                  seed: "42"
                  broker: "localhost:9092, 1 broker"
                  steps:
                    - "✓ 1 produce orders: 5 messages to 2 of 3 partitions, murmur2_random (12 ms)"
                  ...

                """)
        #expect(report.end(RunOutcome(scenarios: [], duration: .milliseconds(5))) == "1..4\n# time 0.005 s\n")
    }

    @Test func attempts() {
        #expect(
            TAPReport(version: "1").whole(Fixtures.summary([Fixtures.flaky, Fixtures.failedTwice])) == """
                TAP version 13
                # krun 1
                ok 1 - scenarios/flaky.json: Now and then (run 3)
                  ---
                  message: "passed at the 3rd attempt"
                  severity: flaky
                  duration_ms: 412
                  seed: "42"
                  attempts:
                    - severity: failed
                      message: "key \\"alice\\" is elsewhere"
                      duration_ms: 5
                      seed: "17"
                    - severity: error
                      message: "error"
                      duration_ms: 6
                  ...
                not ok 2 - scenarios/never.json: Never
                  ---
                  message: "now elsewhere"
                  severity: failed
                  file: "scenarios/never.json"
                  duration_ms: 412
                  seed: "42"
                  broker: "localhost:9092, 1 broker"
                  attempts:
                    - severity: failed
                      message: "<elsewhere> far"
                      duration_ms: 5
                      seed: "17"
                  text: |
                    error: now elsewhere
                  ...
                1..2
                # time 1.500 s

                """)
    }

    /// The example of the documentation is what the code writes.
    @Test func theDocumentedExampleIsReal() throws {
        var basic = Fixtures.passed
        (basic.file, basic.name) = ("scenarios/basic.json", "Five messages arrive, each key on its partition")
        var run = Fixtures.example
        run.scenarios = [basic, Fixtures.skipped] + run.scenarios
        let example = try DocumentedExample.text("tap")
        let text = TAPReport(version: "0.1.0").whole(run)
        #expect(text == example)
    }

    @Test func aRunWithoutScenarios() {
        #expect(
            TAPReport(version: "1").whole(Fixtures.summary([])) == "TAP version 13\n# krun 1\n1..0\n# time 1.500 s\n")
    }

    /// Nothing in a name is a directive, and nothing in a text ends the block.
    @Test func whateverNamesAndTextsSay() {
        #expect(
            TAPReport(version: "1").whole(Fixtures.summary([Fixtures.hostile])) == ##"""
                TAP version 13
                # krun 1
                not ok 1 - a "b"/c.d.json: \# <x> & ]]> \\u001B[31m\\uFFFF | `*` \\ \\u202E ::error::
                  ---
                  message: "```` <b>\\u0007 ]]>"
                  severity: failed
                  file: "a \"b\"/c.d.json"
                  line: 1
                  duration_ms: 0
                  seed: "1"
                  steps:
                    - "✗ 1 produce <\\u0001> --- ...: ended before anything was done (0 ms)"
                  text: |
                    error: ```` <b>\u0007 ]]>
                      = ...
                      = one
                        two
                  ...
                1..1
                # time 1.500 s

                """##)
    }
}
