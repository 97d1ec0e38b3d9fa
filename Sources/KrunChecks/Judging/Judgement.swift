import KrunDiagnostics
import KrunJSON
import KrunOutcome
import KrunPatterns
import KrunScenario

/// The diagnostics of one step as they are found.
struct Judgement {
    let context: Diagnostic.Context
    let partitionCounts: [String: Int]
    let partitioners: [String: Set<Partitioner>]
    /// For all values of the step.
    let patterns: PatternBudget
    /// What the step's keys tell of who placed them.
    var study = PlacementStudy()
    private(set) var diagnostics: [Diagnostic] = []

    init(
        context: Diagnostic.Context, partitionCounts: [String: Int], partitioners: [String: Set<Partitioner>],
        patterns: PatternBudget
    ) {
        self.context = context
        self.partitionCounts = partitionCounts
        self.partitioners = partitioners
        self.patterns = patterns
    }

    /// How many lines a list in the notes has.
    static let noteLimit = 10

    mutating func fail(_ title: String, at place: Place, _ label: String, notes: [String] = []) {
        diagnostics.append(Diagnostic(.failure, title, at: place, context: context, label: label, notes: notes))
    }

    /// - Parameters:
    ///   - isLiteral: whether the file's text at the place says what is expected.
    ///   - label: instead of the mismatch's own, where that would be too long.
    mutating func fail(
        _ title: String, _ mismatch: Mismatch, at place: Place, isLiteral: Bool, label: String? = nil,
        notes: [String] = []
    ) {
        diagnostics.append(
            Diagnostic(
                .failure, title, at: place, context: context,
                label: label ?? MismatchText.label(mismatch, showsExpected: !isLiteral), notes: notes,
                mismatch: mismatch))
    }

    mutating func fail(
        _ title: String, _ subject: Mismatch.Subject, _ matcher: Matcher, actual: Mismatch.Value, notes: [String] = []
    ) {
        fail(
            title, Mismatch(subject, expected: matcher.expected, actual: actual), at: matcher.node.place,
            isLiteral: matcher.isLiteral, notes: notes)
    }

    /// Compares a number; nil is one that is not there.
    mutating func compare(
        _ subject: Mismatch.Subject, _ matcher: Matcher?, _ actual: Int64?, _ title: @autoclosure () -> String,
        notes: @autoclosure () -> [String] = []
    ) {
        guard let matcher, !matcher.accepts(actual) else { return }
        fail(title(), subject, matcher, actual: actual.map { .number($0) } ?? .null, notes: notes())
    }

    /// Says at every failure that may come of it that messages were removed before they could be read.
    mutating func explainRemovals(_ outcome: ConsumeOutcome, _ retention: [String: String]) {
        let fields: [String?] = ["messages", "first", "last", "values", "partitions", nil]
        for index in diagnostics.indices {
            guard let subject = diagnostics[index].mismatch?.subject, subject.member == nil,
                fields.contains(subject.field)
            else { continue }
            let topics = subject.topic.map { [$0] } ?? outcome.topics.keys.sorted()
            diagnostics[index].notes += topics.flatMap { topic in
                outcome.topics[topic].map { records in
                    var records = records
                    if let partition = subject.partition {
                        records.partitions = records.partitions.filter { $0.key == partition }
                    }
                    return Removal.notes(records, topic: topic, retention: retention[topic])
                } ?? []
            }
        }
    }

    mutating func sortByPlace() {
        diagnostics = diagnostics.enumerated()
            .sorted { a, b in
                (a.element.place?.line ?? 0, a.element.place?.column ?? 0, a.offset)
                    < (b.element.place?.line ?? 0, b.element.place?.column ?? 0, b.offset)
            }
            .map(\.element)
    }

    mutating func judge(_ outcome: ProduceOutcome, _ expect: Expectation) {
        let errors = outcome.errorsByOrigin.map { "\($0.count) failed with \($0.name)" }
        compare(
            .init("messages"), expect.messages, Int64(outcome.messages),
            "another number of messages was acknowledged than expected", notes: errors)
        compare(
            .init("failed"), expect.failed, Int64(outcome.failed), "another number of messages failed than expected",
            notes: errors)
        compare(
            .init("movedKeys"), expect.movedKeys, Int64(outcome.movedKeys.count),
            "another number of keys moved than expected", notes: Self.moves(outcome.movedKeys))
        compare(expect.rate, outcome.rate, expect.latency, outcome.latency)
        judge(outcome, expect.error, notes: errors)
        compare(expect.duration, outcome.duration)
        study = PlacementStudy(expect.topics, [outcome.topic: outcome.records], partitionCounts)
        for topic in expect.topics where topic.topic == outcome.topic {
            judge(outcome.records, topic, Wording(isProduce: true))
        }
    }

    mutating func judge(_ outcome: ConsumeOutcome, _ expect: Expectation) {
        compare(
            .init("messages"), expect.messages, Int64(outcome.messages),
            "another number of messages was read than expected", notes: Self.perTopic(outcome))
        compare(
            .init("idle"), expect.idle, Int64(outcome.idle), "another number of members is idle than expected",
            notes: Self.owners(outcome.members))
        compare(
            .init("rebalances"), expect.rebalances, Int64(outcome.rebalances),
            "the group was rebalanced another number of times than expected")
        compare(
            .init("redelivered"), expect.redelivered, Int64(outcome.redelivered),
            "another number of records was read again than expected")
        compare(
            .init("lag"), expect.lag, outcome.lag, "the group's lag is not as expected",
            notes: Self.lags(outcome.topics))
        compare(expect.rate, outcome.rate, expect.latency, outcome.latency)
        compare(expect.duration, outcome.duration)
        study = PlacementStudy(expect.topics, outcome.topics, partitionCounts)
        for topic in expect.topics {
            let records = outcome.topics[topic.topic] ?? TopicRecords()
            judge(records, topic, Wording(isProduce: false))
        }
        for member in expect.members { judge(outcome.members, member) }
    }

    mutating func compare(_ matcher: Matcher?, _ duration: Duration) {
        guard let matcher, !matcher.accepts(duration) else { return }
        fail("the step's duration is not as expected", .init("duration"), matcher, actual: .duration(duration))
    }

    private mutating func compare(
        _ rate: Matcher?, _ actualRate: Int64?, _ latency: LatencyExpectation?, _ actual: LatencyOutcome?
    ) {
        compare(.init("rate"), rate, actualRate, "the rate is not as expected")
        guard let latency else { return }
        let all = [
            ("p50", latency.p50, actual?.p50), ("p95", latency.p95, actual?.p95), ("p99", latency.p99, actual?.p99),
            ("max", latency.max, actual?.max),
        ]
        for (name, matcher, duration) in all {
            guard let matcher else { continue }
            if let duration, matcher.accepts(duration) { continue }
            fail(
                "the latency is not as expected", .init("latency.\(name)"), matcher,
                actual: duration.map { .duration($0) } ?? .null)
        }
    }

    private static func moves(_ moved: MovedKeys) -> [String] {
        let more = moved.count - moved.first.count
        return moved.first.map { "key \(KeyText.quoted($0.key)) went from partition \($0.from) to \($0.to)" }
            + (more > 0 ? ["and \(more) more"] : [])
    }

    /// How many messages each of several topics gave.
    private static func perTopic(_ outcome: ConsumeOutcome) -> [String] {
        if outcome.topics.count < 2 { return [] }
        return outcome.topics.sorted { $0.key < $1.key }.map { name, records in
            "\(records.partitions.values.reduce(0) { $0 + $1.messages }) from \(name)"
        }
    }

    /// The partitions that lag most.
    static func lags(_ topics: [String: TopicRecords]) -> [String] {
        topics.flatMap { name, records in
            records.partitions.compactMap { number, partition in
                partition.lag.map { (name: name, number: number, lag: $0, committed: partition.committed) }
            }
        }
        .filter { $0.lag != 0 }
        .sorted { ($1.lag, $0.name, $0.number) < ($0.lag, $1.name, $1.number) }
        .prefix(Self.noteLimit)
        .map { "\($0.name)/\($0.number): lag \($0.lag), committed \($0.committed.map { "\($0)" } ?? "nothing")" }
    }
}
