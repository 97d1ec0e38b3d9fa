import Foundation
import KrunDiagnostics
import KrunOutcome
import Testing

@testable import KrunReports

@Suite struct JUnitReportTests {
    private func report(_ outcomes: [ScenarioOutcome]) -> String {
        JUnitReport(version: "1.2.3").whole(Fixtures.summary(outcomes))
    }

    @Test func aSuiteForEachFileAndACaseForEachScenario() {
        let text = JUnitReport(version: "1.2.3").whole(Fixtures.run)
        let lines = text.split(separator: "\n").filter {
            $0.contains("<test") || $0.contains("<property ") || $0.contains("</testsuite>")
        }
        #expect(
            lines.joined(separator: "\n") == """
                <testsuites name="krun" tests="7" failures="1" errors="3" skipped="1" time="136.000">
                  <testsuite name="scenarios/orders.json" tests="5" failures="1" errors="2" skipped="0" time="136.276" timestamp="2024-06-01T12:00:00.123Z" file="scenarios/orders.json">
                      <property name="seed of Messages with the same key land on the same partition" value="42"/>
                      <property name="seed of Messages with the same key land on the same partition" value="42"/>
                      <property name="seed of Messages with the same key land on the same partition" value="42"/>
                      <property name="seed of Messages with the same key land on the same partition" value="42"/>
                      <property name="seed of Messages with the same key land on the same partition [customer=bob]" value="43"/>
                      <property name="broker of Messages with the same key land on the same partition" value="embedded, 3 brokers"/>
                      <property name="broker of Messages with the same key land on the same partition" value="localhost:9092, 1 broker"/>
                      <property name="broker of Messages with the same key land on the same partition" value="localhost:9092, 1 broker"/>
                      <property name="broker of Messages with the same key land on the same partition" value="localhost:9092, 1 broker"/>
                      <property name="broker of Messages with the same key land on the same partition [customer=bob]" value="embedded, 3 brokers"/>
                      <property name="tags" value="keys"/>
                    <testcase classname="scenarios.orders" name="Messages with the same key land on the same partition" file="scenarios/orders.json" time="0.412">
                    <testcase classname="scenarios.orders" name="Messages with the same key land on the same partition" file="scenarios/orders.json" time="0.412">
                    <testcase classname="scenarios.orders" name="Messages with the same key land on the same partition" file="scenarios/orders.json" time="10.040">
                    <testcase classname="scenarios.orders" name="Messages with the same key land on the same partition" file="scenarios/orders.json" time="125.000">
                    <testcase classname="scenarios.orders" name="Messages with the same key land on the same partition [customer=bob]" file="scenarios/orders.json" line="2" time="0.412">
                  </testsuite>
                  <testsuite name="scenarios/compaction.json" tests="1" failures="0" errors="0" skipped="1" time="0.000" file="scenarios/compaction.json">
                    <testcase classname="scenarios.compaction" name="Compaction keeps the last value" file="scenarios/compaction.json" time="0.000">
                  </testsuite>
                  <testsuite name="scenarios/typo.json" tests="1" failures="0" errors="1" skipped="0" time="0.000" file="scenarios/typo.json">
                    <testcase classname="scenarios.typo" name="scenarios/typo.json" file="scenarios/typo.json" line="3" time="0.000">
                  </testsuite>
                """)
    }

    /// The example of the documentation is what the code writes.
    @Test func theDocumentedExampleIsReal() throws {
        let text = JUnitReport(version: "0.1.0").whole(Fixtures.example)
        let example = try DocumentedExample.text("xml")
        #expect(text == example)
    }

    @Test func whatWasWrongStandsInTheElementOfItsKind() {
        let text = report([Fixtures.error, Fixtures.skipped, Fixtures.interrupted])
        #expect(
            text.contains(
                """
                      <error message="no broker answered within 10 s" type="error">error: no broker answered within 10 s
                  = timeouts.connect is 10 s
                  = is localhost:9092 the address of a Kafka?</error>
                      <system-out>✓ 1 produce orders: 5 messages to 2 of 3 partitions, murmur2_random (12 ms)
                ! 2 consume orders as baristas: ended before anything was done (10.0 s)</system-out>

                """))
        #expect(
            text.contains(
                "      <skipped message=\"topic config needs a real Kafka\">topic config needs a real Kafka</skipped>\n"
            ))
        #expect(
            text.contains(
                "      <error message=\"interrupted after 2 min 5 s\" type=\"interrupted\">interrupted after 2 min 5 s</error>\n"
            ))
    }

    /// A warning of what passed is no failure, and not lost.
    @Test func warnings() {
        var outcome = Fixtures.passed
        outcome.steps = []
        outcome.diagnostics = [.init(.warning, "old messages")]
        #expect(
            report([outcome]).contains(
                "time=\"0.412\">\n      <system-out>\nwarning: old messages</system-out>\n    </testcase>"))
    }

    @Test func whateverNamesAndTextsSayItIsXML() throws {
        let text = report([Fixtures.hostile])
        #expect(
            text == #"""
                <?xml version="1.0" encoding="UTF-8"?>
                <testsuites name="krun" tests="1" failures="1" errors="0" skipped="0" time="1.500">
                  <testsuite name="a &quot;b&quot;/c.d.json" tests="1" failures="1" errors="0" skipped="0" time="0.000" file="a &quot;b&quot;/c.d.json">
                    <properties>
                      <property name="seed" value="1"/>
                    </properties>
                    <testcase classname="a &quot;b&quot;.c_d" name="# &lt;x&gt; &amp; ]]&gt; \u001B[31m\uFFFF | `*` \ \u202E ::error::" file="a &quot;b&quot;/c.d.json" line="1" time="0.000">
                      <failure message="```` &lt;b&gt;\u0007 ]]&gt;" type="failed">error: ```` &lt;b&gt;\u0007 ]]&gt;
                  = ...
                  = one
                    two</failure>
                      <system-out>✗ 1 produce &lt;\u0001&gt; --- ...: ended before anything was done (0 ms)</system-out>
                    </testcase>
                  </testsuite>
                </testsuites>

                """#)
        // Every scalar that there is, but for what no text can hold.
        let all = String(String.UnicodeScalarView((0...0x10FFFF).compactMap { Unicode.Scalar($0) }))
        for shown in [XMLText.content(all), XMLText.attribute(all)] {
            #expect(
                shown.unicodeScalars.allSatisfy {
                    $0 == "\n" || $0.value >= 0x20 && $0 != "\u{FFFE}" && $0 != "\u{FFFF}"
                })
        }
    }

    @Test(arguments: [
        ("orders.json", "orders"), ("./a/b.json", "a.b"), ("../a.b/c.d.json", "a_b.c_d"), ("/x/y", "x.y"), ("-", "-"),
        (".json", ".json"),
        ("(standard input)", "(standard input)"),
    ])
    func classNames(_ file: String, _ name: String) {
        #expect(JUnitReport.className(of: file) == name)
    }

    /// As Maven Surefire has them, and once more where readers look that do not know that.
    @Test func attempts() {
        var flaky = Fixtures.flaky
        flaky.steps = []
        #expect(
            report([flaky, Fixtures.failedTwice]) == """
                <?xml version="1.0" encoding="UTF-8"?>
                <testsuites name="krun" tests="2" failures="1" errors="0" skipped="0" time="1.500">
                  <testsuite name="scenarios/flaky.json" tests="1" failures="0" errors="0" skipped="0" time="0.412" timestamp="2024-06-01T12:00:00.123Z" file="scenarios/flaky.json">
                    <properties>
                      <property name="seed" value="42"/>
                      <property name="broker" value="embedded, 3 brokers"/>
                      <property name="tags" value="keys"/>
                    </properties>
                    <testcase classname="scenarios.flaky" name="Now and then (run 3)" file="scenarios/flaky.json" time="0.412">
                      <flakyFailure message="key &quot;alice&quot; is elsewhere" type="failed"><stackTrace>attempt 1: failed (seed 17): key &quot;alice&quot; is elsewhere</stackTrace></flakyFailure>
                      <flakyError message="error" type="error"><stackTrace>attempt 2: error</stackTrace></flakyError>
                      <system-out>passed at the 3rd attempt
                attempt 1: failed (seed 17): key &quot;alice&quot; is elsewhere
                attempt 2: error</system-out>
                    </testcase>
                  </testsuite>
                  <testsuite name="scenarios/never.json" tests="1" failures="1" errors="0" skipped="0" time="0.412" timestamp="2024-06-01T12:00:00.123Z" file="scenarios/never.json">
                    <properties>
                      <property name="seed" value="42"/>
                      <property name="broker" value="localhost:9092, 1 broker"/>
                      <property name="tags" value="keys"/>
                    </properties>
                    <testcase classname="scenarios.never" name="Never" file="scenarios/never.json" time="0.412">
                      <failure message="now elsewhere" type="failed">error: now elsewhere</failure>
                      <rerunFailure message="&lt;elsewhere&gt; far" type="failed"><stackTrace>attempt 1: failed (seed 17): &lt;elsewhere&gt; far</stackTrace></rerunFailure>
                      <system-out>the last of 2 attempts
                attempt 1: failed (seed 17): &lt;elsewhere&gt; far</system-out>
                    </testcase>
                  </testsuite>
                </testsuites>

                """)
    }

    @Test func manyStepsAreCounted() {
        var outcome = Fixtures.passed
        outcome.steps = (1...102).map {
            StepOutcome(path: StepPath($0), title: "pause", status: .passed, duration: .zero, result: .pause)
        }
        let lines = ScenarioSummary(outcome).stepLines
        #expect(lines.count == 101)
        #expect(lines.suffix(2) == ["✓ 100 pause (0 ms)", "… 2 steps more"])
    }
}
