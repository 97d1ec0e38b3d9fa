import KrunDiagnostics
import KrunJSON
public import KrunOutcome

/// A run as one JSON text for programs; `docs/report-json.md` documents it field by field.
///
/// Outcomes have the field names that `expect` has in a scenario, so that whoever can read a report can write an
/// expectation.
public struct JSONReport: Report {
    /// Rises when a field changes its meaning or goes away, not when one is added.
    public static let format = 1

    private let version: String

    /// - Parameter version: of krun.
    public init(version: String) {
        self.version = version
    }

    public mutating func end(_ run: RunOutcome) -> String { Self.text(run, version: version) }

    /// The whole report, indented, ended by a line end.
    public static func text(_ run: RunOutcome, version: String) -> String {
        var report = JSONMembers()
        report.add("krun", version)
        report.add("format", format)
        if run.startedAt != 0 { report.add("startedAt", TimestampText.text(milliseconds: run.startedAt)) }
        report.add("duration", run.duration)
        report.add("totals", totals(run))
        report.add("scenarios", run.scenarios.map { scenario($0) })
        return report.value.text(pretty: true) + "\n"
    }

    private static func totals(_ run: RunOutcome) -> JSONMembers {
        var totals = JSONMembers()
        let counts = run.totals
        totals.add("scenarios", counts.scenarios)
        for status in Status.allCases { totals.add(status.rawValue, counts.count(status)) }
        return totals
    }

    private static func scenario(_ scenario: ScenarioOutcome) -> JSONMembers {
        var object = JSONMembers()
        object.add("file", scenario.file)
        object.add("name", scenario.name)
        object.add("line", ScenarioSummary.line(of: scenario))
        if !scenario.caseValues.isEmpty {
            object.add(
                "case", JSONValue.object(scenario.caseValues.map { .init($0.name, JSONMismatch.json($0.json)) }))
        }
        object.add("description", scenario.description)
        object.add("tags", scenario.tags)
        object.add("status", scenario.status.rawValue)
        object.add("ordinal", scenario.ordinal)
        object.add("repetition", scenario.repetition)
        if !scenario.attempts.isEmpty { object.add("attempts", scenario.attempts.map { attempt($0) }) }
        object.add("skipReason", scenario.skipReason)
        // As text: many readers of JSON keep numbers as doubles, which would make another seed of a large one.
        object.add("seed", scenario.seed.map { String($0) })
        object.add("broker", scenario.broker.map { broker($0).value })
        if scenario.startedAt != 0 { object.add("startedAt", TimestampText.text(milliseconds: scenario.startedAt)) }
        object.add("duration", scenario.duration)
        object.add("topics", scenario.topics.map { topic($0) })
        object.add("groups", scenario.groups.map { group($0) })
        object.add("stepCount", scenario.stepCount)
        object.add("steps", scenario.steps.map { JSONStep.object($0) })
        object.add("invariants", invariants(scenario.invariants))
        object.add("diagnostics", scenario.diagnostics.map { diagnostic($0) })
        object.add("cleanup", cleanup(scenario.cleanup))
        object.add("program", scenario.program.map { program($0).value })
        object.add("source", scenario.source)
        object.add("timeline", scenario.timeline.map { TimelineJSON.value($0) })
        return object
    }

    private static func attempt(_ attempt: AttemptOutcome) -> JSONMembers {
        var object = JSONMembers()
        object.add("status", attempt.status.rawValue)
        object.add("seed", attempt.seed.map { String($0) })
        object.add("duration", attempt.duration)
        object.add("reason", attempt.reason)
        return object
    }

    private static func broker(_ broker: BrokerOutcome) -> JSONMembers {
        var object = JSONMembers()
        object.add("kind", broker.kind.rawValue)
        object.add("address", broker.address)
        object.add("brokers", broker.brokers)
        object.add("chosenBy", broker.chosenBy)
        return object
    }

    private static func topic(_ topic: TopicOutcome) -> JSONMembers {
        var object = JSONMembers()
        object.add("name", topic.name)
        object.add("actualName", topic.actualName)
        object.add("partitions", topic.partitions)
        object.add("replicationFactor", topic.replicationFactor)
        object.add("existing", topic.existing)
        return object
    }

    private static func group(_ group: GroupOutcome) -> JSONMembers {
        var object = JSONMembers()
        object.add("name", group.name)
        object.add("actualName", group.actualName)
        object.add("existing", group.existing)
        return object
    }

    static func invariants(_ invariants: [InvariantOutcome]) -> JSONMembers {
        var object = JSONMembers()
        for outcome in invariants {
            var verdict = JSONMembers()
            switch outcome.verdict {
            case .held: verdict.add("verdict", "held")
            case .broken(let count, let cases, let allowed):
                verdict.add("verdict", "broken")
                verdict.add("allowed", allowed)
                verdict.add("count", count)
                verdict.add("cases", cases)
            case .notJudged(let reason), .nothingToJudge(let reason):
                verdict.add("verdict", "notJudged")
                verdict.add("reason", reason)
            }
            object.add(outcome.invariant.rawValue, verdict)
        }
        return object
    }

    static func diagnostic(_ diagnostic: Diagnostic) -> JSONMembers {
        var object = JSONMembers()
        object.add("kind", diagnostic.kind.rawValue)
        object.add("title", diagnostic.title)
        object.add("file", diagnostic.place?.file)
        object.add("line", diagnostic.place?.line)
        object.add("column", diagnostic.place?.column)
        object.add("endColumn", diagnostic.place.map { $0.column + $0.length })
        object.add("path", diagnostic.place?.path)
        if !diagnostic.label.isEmpty { object.add("label", diagnostic.label) }
        object.add("notes", diagnostic.notes)
        object.add("text", DiagnosticText(style: .plain).text(diagnostic))
        if let mismatch = diagnostic.mismatch { JSONMismatch.add(mismatch, to: &object) }
        return object
    }

    private static func program(_ program: ProgramOutcome) -> JSONMembers {
        var object = JSONMembers()
        object.add("ending", program.ending)
        object.add("output", program.lines)
        object.add("omitted", program.omitted)
        return object
    }

    private static func cleanup(_ cleanup: CleanupOutcome) -> JSONMembers {
        var object = JSONMembers()
        object.add("deletedTopics", cleanup.deletedTopics)
        object.add("deletedGroups", cleanup.deletedGroups)
        object.add("kept", cleanup.kept)
        object.add(
            "left",
            cleanup.left.map { left in
                var object = JSONMembers()
                object.add("kind", left.kind)
                object.add("name", left.name)
                object.add("reason", left.reason)
                return object
            })
        return object
    }
}
