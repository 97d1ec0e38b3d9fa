import KrunDiagnostics
import KrunOutcome
public import KrunReports
import Mustache

/// What a scenario came to as one page that needs nothing else: no network, no other file.
public struct ScenarioPage {
    private let outcome: ScenarioSummary
    private let version: String

    /// - Parameter version: of krun.
    public init(_ outcome: ScenarioSummary, version: String) {
        self.outcome = outcome
        self.version = version
    }

    /// The whole page.
    public func html() -> String {
        let steps = outcome.steps
        let problems = problems
        let invariants = outcome.invariants.map(invariant)
        let latencies = steps.compactMap(latency)
        let source = sourceLines
        var object: [String: Any] = [
            "version": version, "name": outcome.title, "file": outcome.file,
            "status": outcome.status.rawValue, "sign": Self.sign(of: outcome.status), "facts": facts,
            "hasProblems": !problems.isEmpty, "problems": problems,
            "hasSteps": !steps.isEmpty, "steps": steps.map(step), "hasInvariants": !invariants.isEmpty,
            "invariants": invariants, "hasLatencies": !latencies.isEmpty, "latencies": latencies,
            "hasSource": !source.isEmpty, "source": source, "hasTimeline": outcome.timeline != nil,
        ]
        object["description"] = outcome.description
        object["skipReason"] = outcome.skipReason
        object = PageText.safe(object)
        object["css"] = PageTemplates.css
        if let timeline = outcome.timeline {
            object["script"] = PageTemplates.script
            // Nothing of it may end the script that it stands in.
            object["data"] = timeline.replacing("<", with: "\\u003c")
        }
        return PageTemplates.page.render(object)
    }

    private var facts: [[String: Any]] {
        func fact(_ name: String, _ value: String?) -> [[String: Any]] {
            value.map { [["name": name, "value": $0]] } ?? []
        }
        return fact("took", Amounts.duration(outcome.duration))
            + fact("begun", outcome.startedAt == 0 ? nil : TimestampText.text(milliseconds: outcome.startedAt))
            + fact("seed", outcome.seed) + fact("attempts", attempts)
            + fact(
                "on",
                outcome.broker.map { broker in
                    let brokers = broker.brokers.map { $0 == 1 ? "1 broker" : "\($0) brokers" }
                    return [broker.kind == .embedded ? "the embedded cluster" : "Kafka at \(broker.address)", brokers]
                        .compactMap { $0 }.joined(separator: ", ")
                })
            + fact("tags", outcome.tags.isEmpty ? nil : outcome.tags.joined(separator: ", "))
    }

    /// How many there were, and what those before the last one came to; nil where there was one.
    private var attempts: String? {
        outcome.attemptsRemark.map { ([$0] + outcome.attemptLines).joined(separator: "; ") }
    }

    private var problems: [[String: Any]] { outcome.problems.map { ["pieces": PageText.pieces($0.text)] } }

    private func step(_ step: ScenarioSummary.Step) -> [String: Any] {
        var object: [String: Any] = [
            "path": step.path, "title": step.title, "status": step.status.rawValue,
            "sign": Self.sign(of: step.status), "sentence": step.sentence,
            "duration": Amounts.duration(step.duration),
        ]
        object["note"] = step.note
        return object
    }

    private func latency(_ step: ScenarioSummary.Step) -> [String: Any]? {
        guard let latency = step.latency else { return nil }
        let what = step.read > 0 ? "from a record's timestamp to its reading" : "from sending to acknowledgement"
        return [
            "path": step.path, "of": "\(step.title), \(what)", "p50": Amounts.duration(latency.p50),
            "p95": Amounts.duration(latency.p95), "p99": Amounts.duration(latency.p99),
            "max": Amounts.duration(latency.max),
        ]
    }

    private func invariant(_ outcome: InvariantOutcome) -> [String: Any] {
        let (verdict, mood, cases): (String, String, [String]) =
            switch outcome.verdict {
            case .held: ("held", "passed", [])
            case .broken(let count, let cases, let allowed):
                (
                    "broken, \(count) \(count == 1 ? "case" : "cases")\(allowed ? ", which the file allows" : "")",
                    allowed ? "skipped" : "failed", cases
                )
            case .notJudged(let reason), .nothingToJudge(let reason): ("not judged: \(reason)", "soft", [])
            }
        return ["name": outcome.invariant.rawValue, "verdict": verdict, "class": mood, "cases": cases]
    }

    /// The lines of the file, with what is wrong at each.
    private var sourceLines: [[String: Any]] {
        guard let source = outcome.source else { return [] }
        var problems: [Int: [String]] = [:]
        for diagnostic in outcome.problems.map(\.diagnostic) {
            guard let place = diagnostic.place, place.file == outcome.file else { continue }
            let label = diagnostic.label.isEmpty ? "" : ": \(diagnostic.label)"
            problems[place.line, default: []].append("\(diagnostic.title)\(label)")
        }
        return source.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
            .enumerated().map { index, line in
                ["number": index + 1, "text": String(line), "problems": problems[index + 1] ?? []]
            }
    }

    static func sign(of status: Status) -> String {
        switch status {
        case .passed: "✓"
        case .failed, .error, .invalid: "✗"
        case .skipped: "–"
        case .interrupted: "!"
        }
    }
}
