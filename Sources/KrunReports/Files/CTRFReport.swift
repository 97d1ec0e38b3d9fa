import KrunDiagnostics
import KrunJSON
import KrunOutcome

/// A run in the Common Test Report Format (https://ctrf.io), a scenario being a test and a step a step.
public struct CTRFReport: SummaryReport {
    /// The version of the format's specification that this is.
    public static let specification = "0.0.0"

    public let version: String

    /// - Parameter version: of krun.
    public init(version: String) {
        self.version = version
    }

    public mutating func end(_ run: RunSummary) -> String {
        let start = run.startedAt != 0 ? run.startedAt : run.scenarios.map(\.startedAt).filter { $0 != 0 }.min() ?? 0
        let stop = start + ReportedTime.milliseconds(run.duration)
        var report = JSONMembers()
        report.add("reportFormat", "CTRF")
        report.add("specVersion", Self.specification)
        if start != 0 { report.add("timestamp", TimestampText.text(milliseconds: stop)) }
        report.add("generatedBy", "krun \(version)")
        var results = JSONMembers()
        var tool = JSONMembers()
        tool.add("name", "krun")
        tool.add("version", run.version)
        results.add("tool", tool)
        results.add("summary", summary(run, start: start, stop: stop))
        results.add("tests", run.scenarios.map { test($0) })
        report.add("results", results)
        return report.value.text(pretty: true) + "\n"
    }

    private func summary(_ run: RunSummary, start: Int64, stop: Int64) -> JSONMembers {
        var counts: [String: Int] = [:]
        for scenario in run.scenarios { counts[Self.status(scenario.status), default: 0] += 1 }
        var summary = JSONMembers()
        summary.add("tests", run.scenarios.count)
        for status in ["passed", "failed", "skipped", "pending", "other"] {
            summary.add(status, counts[status, default: 0])
        }
        summary.add("flaky", run.scenarios.count { $0.isFlaky })
        summary.add("suites", run.files.count)
        summary.add("start", start)
        summary.add("stop", stop)
        summary.add("duration", ReportedTime.milliseconds(run.duration))
        return summary
    }

    private func test(_ scenario: ScenarioSummary) -> JSONMembers {
        var test = JSONMembers()
        test.add("name", scenario.title)
        test.add("status", Self.status(scenario.status))
        test.add("duration", ReportedTime.milliseconds(scenario.duration))
        if scenario.startedAt != 0 {
            test.add("start", scenario.startedAt)
            test.add("stop", scenario.startedAt + ReportedTime.milliseconds(scenario.duration))
        }
        test.add("suite", [scenario.file])
        if scenario.status != .passed { test.add("message", scenario.headline) }
        if !scenario.problems.isEmpty { test.add("trace", scenario.problemText) }
        test.add("line", scenario.line)
        test.add("rawStatus", scenario.status.rawValue)
        if !scenario.tags.isEmpty { test.add("tags", scenario.tags) }
        test.add("filePath", scenario.file)
        if scenario.attempts.count > 1 {
            let attempts = scenario.earlierAttempts
            test.add("retries", attempts.count)
            test.add("retryAttempts", attempts.map { attempt($0.number, $0.attempt) })
            if scenario.isFlaky { test.add("flaky", true) }
        }
        if !scenario.steps.isEmpty { test.add("steps", scenario.steps.map { step($0) }) }
        var extra = JSONMembers()
        extra.add("seed", scenario.seed)
        extra.add("broker", scenario.brokerText)
        extra.add("repetition", scenario.repetition)
        if !extra.members.isEmpty { test.add("extra", extra) }
        return test
    }

    /// One that went before the one that counts.
    private func attempt(_ number: Int, _ attempt: ScenarioSummary.Attempt) -> JSONMembers {
        var object = JSONMembers()
        object.add("attempt", number)
        object.add("status", Self.status(attempt.status))
        object.add("duration", ReportedTime.milliseconds(attempt.duration))
        object.add("message", attempt.headline)
        var extra = JSONMembers()
        extra.add("rawStatus", attempt.status.rawValue)
        extra.add("seed", attempt.seed)
        object.add("extra", extra)
        return object
    }

    private func step(_ step: ScenarioSummary.Step) -> JSONMembers {
        var object = JSONMembers()
        object.add("name", "\(step.path) \(step.title)")
        object.add("status", Self.status(step.status))
        var extra = JSONMembers()
        if !step.sentence.isEmpty { extra.add("sentence", step.sentence) }
        extra.add("duration", ReportedTime.milliseconds(step.duration))
        object.add("extra", extra)
        return object
    }

    /// Of its five words.
    private static func status(_ status: Status) -> String {
        switch status {
        case .passed: "passed"
        case .failed, .error, .invalid: "failed"
        case .skipped: "skipped"
        case .interrupted: "other"
        }
    }
}
