import KrunDiagnostics
public import KrunOutcome
import KrunReports
import Mustache

/// The page that leads to those of a run's scenarios.
public struct IndexPage {
    private let run: RunOutcome
    private let names: [String]
    private let version: String

    /// - Parameter names: of the scenarios' pages, in their order.
    public init(_ run: RunOutcome, pages names: [String], version: String) {
        self.run = run
        self.names = names
        self.version = version
    }

    /// The whole page.
    public func html() -> String {
        var object: [String: Any] = [
            "css": PageTemplates.css, "version": version, "summary": summary,
            "duration": Amounts.duration(run.duration), "scenarios": zip(run.scenarios, names).map(row),
        ]
        if let first = run.scenarios.map(\.startedAt).filter({ $0 > 0 }).min() {
            object["startedAt"] = TimestampText.text(milliseconds: first)
        }
        return PageTemplates.index.render(object)
    }

    /// `3 scenarios: 2 passed, 1 failed`.
    private var summary: String {
        let totals = run.totals
        let parts = Status.allCases.compactMap { status in
            totals.count(status) > 0 ? "\(totals.count(status)) \(status.rawValue)" : nil
        }
        return
            "\(totals.scenarios) \(totals.scenarios == 1 ? "scenario" : "scenarios"): \(parts.joined(separator: ", "))"
    }

    private func row(_ outcome: ScenarioOutcome, _ page: String) -> [String: Any] {
        var object: [String: Any] = [
            "status": outcome.status.rawValue, "sign": ScenarioPage.sign(of: outcome.status), "page": page,
            "name": outcome.name.isEmpty ? outcome.file : outcome.name, "file": outcome.file,
            "steps": "\(outcome.steps.count) of \(outcome.stepCount)",
            "messages": Amounts.number(messages(of: outcome)), "duration": Amounts.duration(outcome.duration),
        ]
        object["reason"] = outcome.skipReason
        return object
    }

    private func messages(of outcome: ScenarioOutcome) -> Int {
        outcome.allSteps.reduce(0) { sum, step in
            if case .produce(let produce) = step.result { sum + produce.messages } else { sum }
        }
    }

    /// A file's name for each scenario, none twice: letters, digits and hyphens of the scenario's own file.
    public static func names(of scenarios: [ScenarioOutcome]) -> [String] {
        var taken: Set<String> = ["index"]
        return scenarios.map { scenario in
            let file = scenario.file.hasSuffix(".json") ? String(scenario.file.dropLast(5)) : scenario.file
            let letters = file.unicodeScalars.map { scalar -> Character in
                scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar))
                    ? Character(scalar) : "-"
            }
            let base = String(String(letters).split(separator: "-").joined(separator: "-").prefix(100))
            var name = base.isEmpty ? "scenario" : base
            var number = 1
            while !taken.insert(name.lowercased()).inserted {
                number += 1
                name = "\(base.isEmpty ? "scenario" : base)-\(number)"
            }
            return name + ".html"
        }
    }
}
