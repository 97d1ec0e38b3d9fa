import KrunDiagnostics
import KrunOutcome

/// A run as JUnit XML, for what CI servers show of tests; `docs/reports.md` says which of them reads what.
///
/// A file is a `testsuite`, a scenario a `testcase`. Everything is said in the places where the readers look: the class name is made of the file's
/// name, for by that some of them group, and what was wrong is the text of the element as well as its message.
public struct JUnitReport: SummaryReport {
    public let version: String

    /// - Parameter version: of krun.
    public init(version: String) {
        self.version = version
    }

    public mutating func end(_ run: RunSummary) -> String {
        var lines = [#"<?xml version="1.0" encoding="UTF-8"?>"#]
        lines.append(
            "<testsuites\(Self.attributes([("name", "krun")] + counts(run.scenarios) + [("time", ReportedTime.seconds(run.duration))]))>"
        )
        for file in run.files { lines += suite(file.name, file.scenarios) }
        lines.append("</testsuites>")
        return lines.map { $0 + "\n" }.joined()
    }

    private func suite(_ file: String, _ scenarios: [ScenarioSummary]) -> [String] {
        var attributes = [("name", file)] + counts(scenarios)
        attributes.append(("time", ReportedTime.seconds(scenarios.reduce(.zero) { $0 + $1.duration })))
        if let start = scenarios.map(\.startedAt).filter({ $0 != 0 }).min() {
            attributes.append(("timestamp", TimestampText.text(milliseconds: start)))
        }
        attributes.append(("file", file))
        return ["  <testsuite\(Self.attributes(attributes))>"] + properties(scenarios)
            + scenarios.flatMap { testCase($0) } + ["  </testsuite>"]
    }

    private func counts(_ scenarios: [ScenarioSummary]) -> [(String, String)] {
        let totals = RunTotals(scenarios.map(\.status))
        let errors = totals.count(.error) + totals.count(.invalid) + totals.count(.interrupted)
        return [
            ("tests", String(scenarios.count)), ("failures", String(totals.count(.failed))),
            ("errors", String(errors)), ("skipped", String(totals.count(.skipped))),
        ]
    }

    /// Of the suite, for a schema of readers that check knows none of a test: with the scenario's name where scenarios of a file differ.
    private func properties(_ scenarios: [ScenarioSummary]) -> [String] {
        var lines: [String] = []
        func add(_ name: String, _ value: (ScenarioSummary) -> String?) {
            let values = scenarios.map(value)
            if let first = values.first, let first, values.allSatisfy({ $0 == first }) {
                lines.append("      <property\(Self.attributes([("name", name), ("value", first)]))/>")
                return
            }
            for (scenario, value) in zip(scenarios, values) {
                guard let value else { continue }
                let name = scenarios.count == 1 ? name : "\(name) of \(scenario.title)"
                lines.append("      <property\(Self.attributes([("name", name), ("value", value)]))/>")
            }
        }
        add("seed") { $0.seed }
        add("broker") { $0.brokerText }
        add("tags") { $0.tags.isEmpty ? nil : $0.tags.joined(separator: " ") }
        return lines.isEmpty ? [] : ["    <properties>"] + lines + ["    </properties>"]
    }

    private func testCase(_ scenario: ScenarioSummary) -> [String] {
        var attributes = [
            ("classname", Self.className(of: scenario.file)), ("name", scenario.title), ("file", scenario.file),
        ]
        if let line = scenario.line { attributes.append(("line", String(line))) }
        attributes.append(("time", ReportedTime.seconds(scenario.duration)))
        var content: [String] = []
        switch scenario.status {
        case .passed: break
        case .skipped: content.append(element("skipped", [("message", scenario.headline)], scenario.headline))
        case .failed: content.append(problem("failure", scenario))
        case .error, .invalid, .interrupted: content.append(problem("error", scenario))
        }
        content += scenario.earlierAttempts.map { attempt($0.number, $0.attempt, of: scenario) }
        var output = scenario.outputLines
        // Of what passed there may be warnings.
        if scenario.status == .passed, !scenario.problems.isEmpty { output += ["", scenario.problemText] }
        if !output.isEmpty { content.append(element("system-out", [], output.joined(separator: "\n"))) }
        let start = "    <testcase\(Self.attributes(attributes))"
        return content.isEmpty ? [start + "/>"] : [start + ">"] + content + ["    </testcase>"]
    }

    private func problem(_ name: String, _ scenario: ScenarioSummary) -> String {
        let text = scenario.problems.isEmpty ? scenario.headline : scenario.problemText
        return element(name, [("message", scenario.headline), ("type", scenario.status.rawValue)], text)
    }

    /// What went before, as Maven Surefire has it: no reader takes it for how the case ended.
    private func attempt(
        _ number: Int, _ attempt: ScenarioSummary.Attempt, of scenario: ScenarioSummary
    ) -> String {
        let name = (scenario.isFlaky ? "flaky" : "rerun") + (attempt.status == .failed ? "Failure" : "Error")
        let attributes = Self.attributes([("message", attempt.headline), ("type", attempt.status.rawValue)])
        let text = XMLText.content(scenario.attemptLines[number - 1])
        return "      <\(name)\(attributes)><stackTrace>\(text)</stackTrace></\(name)>"
    }

    private func element(_ name: String, _ attributes: [(String, String)], _ text: String) -> String {
        "      <\(name)\(Self.attributes(attributes))>\(XMLText.content(text))</\(name)>"
    }

    private static func attributes(_ pairs: [(name: String, value: String)]) -> String {
        pairs.map { " \($0.name)=\"\(XMLText.attribute($0.value))\"" }.joined()
    }

    /// `scenarios/orders.v2.json` is `scenarios.orders_v2`: behind the last dot stands the class, before it the package.
    static func className(of file: String) -> String {
        let name = file.hasSuffix(".json") ? String(file.dropLast(5)) : file
        let parts = name.split(separator: "/").filter { $0 != "." && $0 != ".." }
        let plain = parts.map { $0.replacing(".", with: "_") }
        return plain.isEmpty ? file : plain.joined(separator: ".")
    }
}
