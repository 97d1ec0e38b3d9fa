import KrunDiagnostics
import KrunOutcome

/// A run for GitHub Actions: annotations at the lines that failed, and a summary of the job in Markdown.
public struct GitHubReport: Sendable {
    /// GitHub takes a summary of 1 MiB from a step, and refuses a longer one whole.
    public static let sizeLimit = 1_000_000
    /// How many scenarios the table lists.
    static let rowLimit = 1_000

    private let path: @Sendable (_ file: String) -> String?

    /// - Parameter path: a file's path from the root of the repository, as GitHub knows it; nil for what is no file there.
    public init(path: @escaping @Sendable (_ file: String) -> String?) {
        self.path = path
    }

    /// A line for each thing that is wrong or worth knowing, with its line end; to be written as soon as the scenario has ended.
    public func annotations(_ scenario: ScenarioSummary) -> String {
        GitHubAnnotations(heading: scenario.title, path: path).text(
            scenario.problems.map(\.diagnostic) + flakiness(scenario), of: scenario.file)
    }

    /// That it did not pass at once, as a warning at the line of its name.
    private func flakiness(_ scenario: ScenarioSummary) -> [Diagnostic] {
        guard scenario.isFlaky, let remark = scenario.attemptsRemark else { return [] }
        let place = scenario.line.map {
            Place(file: scenario.file, line: $0, column: 1, length: 1, path: "", excerpt: "")
        }
        return [Diagnostic(.warning, remark, at: place, notes: scenario.attemptLines)]
    }

    /// What the page of the job shows: a table of all scenarios, then what was wrong with those that did not pass.
    ///
    /// - Parameter size: how many bytes there is room for; what has none is counted.
    public func summary(_ run: RunSummary, size: Int = sizeLimit) -> String {
        var text = "### krun: \(headline(run))\n\n"
        if !run.scenarios.isEmpty {
            text += "| | Scenario | File | Time |\n|---|---|---|---:|\n"
            text += run.scenarios.prefix(Self.rowLimit).map { row($0) }.joined()
            if run.scenarios.count > Self.rowLimit {
                text += "\n… \(Amounts.count(run.scenarios.count - Self.rowLimit, "scenario")) more\n"
            }
            text += "\n"
        }
        text += flakes(run.flakes)
        // Names may be long, too.
        if text.utf8.count > size / 2 { text = "### krun: \(headline(run))\n\n" }
        var left = 0
        for scenario in run.scenarios where !scenario.problems.isEmpty {
            let details = details(scenario)
            if left > 0 || text.utf8.count + details.utf8.count > size - 200 {
                left += 1
            } else {
                text += details
            }
        }
        if left > 0 { text += "What was wrong with \(Amounts.count(left, "more scenario")) has no room here.\n\n" }
        return text
    }

    private func headline(_ run: RunSummary) -> String {
        let totals = run.totals
        let counts = totals.statuses.map { status in
            let count = totals.count(status)
            return "\(Amounts.number(count)) \(status == .error && count > 1 ? "errors" : status.rawValue)"
        }
        let all = Amounts.count(totals.scenarios, "scenario")
        let flaky = run.flakes.count
        return ([all] + (counts.isEmpty ? [] : [counts.joined(separator: ", ")])).joined(separator: ": ")
            + (flaky == 0 ? "" : "; \(Amounts.number(flaky)) flaky") + " (\(Amounts.duration(totals.duration)))"
    }

    /// What passed only now and then, with what was wrong when it did not.
    private func flakes(_ flakes: [RunSummary.Flake]) -> String {
        if flakes.isEmpty { return "" }
        var text = "| Flaky | File | Did not pass | At first |\n|---|---|---:|---|\n"
        text += flakes.prefix(Self.rowLimit).map { flake in
            let name = flake.name.isEmpty ? "–" : MarkdownText.escaped(flake.name)
            let place = MarkdownText.escaped(flake.file + (flake.line.map { ":\($0)" } ?? ""))
            let count = "\(Amounts.number(flake.failures)) of \(Amounts.count(flake.runs, "run"))"
            let first = [flake.seed.map { "seed \($0)" }, flake.reason].compactMap { $0 }.joined(separator: ": ")
            return "| ~ \(name) | \(place) | \(count) | \(MarkdownText.escaped(first)) |\n"
        }.joined()
        if flakes.count > Self.rowLimit {
            text += "\n… \(Amounts.count(flakes.count - Self.rowLimit, "scenario")) more\n"
        }
        return text + "\n"
    }

    private func row(_ scenario: ScenarioSummary) -> String {
        let status = "\(ScenarioText.mark(scenario.status)) \(scenario.status.rawValue)"
        let remark = scenario.attemptsRemark.map { ": \($0)" } ?? ""
        let reason = scenario.status == .skipped ? ": \(MarkdownText.escaped(scenario.headline))" : ""
        let name =
            (scenario.name.isEmpty ? "–" : MarkdownText.escaped(scenario.name)) + MarkdownText.escaped(scenario.runText)
        let place = scenario.file + (scenario.line.map { ":\($0)" } ?? "")
        let duration = Amounts.duration(scenario.duration)
        return
            "| \(status) | \(name)\(reason)\(remark) | \(MarkdownText.escaped(place)) | \(duration) |\n"
    }

    private func details(_ scenario: ScenarioSummary) -> String {
        let title = "\(ScenarioText.mark(scenario.status)) \(MarkdownText.html(scenario.title))"
        let file = scenario.name.isEmpty ? "" : " (\(MarkdownText.html(scenario.file)))"
        let isOpen = scenario.status == .passed ? "" : " open"
        var facts: [String] = []
        if let seed = scenario.seed { facts.append("seed \(seed)") }
        if let broker = scenario.brokerText { facts.append("broker: \(MarkdownText.escaped(broker))") }
        let fence = MarkdownText.fence(around: scenario.problemText)
        return
            "<details\(isOpen)><summary>\(title)\(file)</summary>\n\n\(fence)text\n\(scenario.problemText)\n\(fence)\n\n"
            + (facts.isEmpty ? "" : facts.joined(separator: ", ") + "\n\n") + "</details>\n\n"
    }
}
