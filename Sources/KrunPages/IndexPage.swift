import KrunDiagnostics
import KrunOutcome
public import KrunReports
import Mustache

/// The page that leads to those of a run's scenarios.
public struct IndexPage {
    private let run: RunSummary
    private let names: [String]
    private let version: String

    /// - Parameter names: of the scenarios' pages, in their order.
    public init(_ run: RunSummary, pages names: [String], version: String) {
        self.run = run
        self.names = names
        self.version = version
    }

    /// The whole page.
    public func html() -> String {
        var object: [String: Any] = [
            "version": version, "summary": summary,
            "duration": Amounts.duration(run.duration), "scenarios": zip(run.scenarios, names).map(row),
        ]
        if let first = run.scenarios.map(\.startedAt).filter({ $0 > 0 }).min() {
            object["startedAt"] = TimestampText.text(milliseconds: first)
        }
        object = PageText.safe(object)
        object["css"] = PageTemplates.css
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

    private func row(_ outcome: ScenarioSummary, _ page: String) -> [String: Any] {
        // A path that is too long is broken behind a folder.
        let parts = outcome.file.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        var object: [String: Any] = [
            "status": outcome.status.rawValue, "sign": ScenarioPage.sign(of: outcome.status), "page": page,
            "name": outcome.title, "folders": parts.dropLast().map { $0 + "/" }, "file": parts.last ?? "",
            "steps": "\(outcome.steps.count { !$0.path.contains(".") }) of \(outcome.stepCount)",
            "messages": Amounts.number(outcome.steps.reduce(0) { $0 + $1.sent }),
            "duration": Amounts.duration(outcome.duration),
        ]
        object["reason"] = outcome.skipReason ?? outcome.attemptsRemark
        return object
    }
}

/// A file's name for each scenario's page, none twice: letters, digits and hyphens of the scenario's own file.
public struct PageNames {
    private var taken: Set<String> = ["index"]

    public init() {}

    /// - Parameter file: the scenario's, as it was given.
    public mutating func name(for file: String) -> String {
        let stem = file.hasSuffix(".json") ? String(file.dropLast(5)) : file
        let letters = stem.unicodeScalars.map { scalar -> Character in
            scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)) ? Character(scalar) : "-"
        }
        let words = String(String(letters).split(separator: "-").joined(separator: "-").prefix(100))
        let base = words.isEmpty ? "scenario" : words
        var name = base
        var number = 1
        // Some systems take large and small letters for the same.
        while !taken.insert(name.lowercased()).inserted {
            number += 1
            name = "\(base)-\(number)"
        }
        return name + ".html"
    }
}
