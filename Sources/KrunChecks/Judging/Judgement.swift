import KrunDiagnostics
import KrunJSON
import KrunOutcome
import KrunScenario

/// The diagnostics of one step as they are found.
struct Judgement {
    let context: Diagnostic.Context
    let partitionCounts: [String: Int]
    let partitioners: [String: Set<Partitioner>]
    /// What the step's keys tell of who placed them.
    var study = PlacementStudy()
    private(set) var diagnostics: [Diagnostic] = []

    init(
        context: Diagnostic.Context, partitionCounts: [String: Int], partitioners: [String: Set<Partitioner>]
    ) {
        self.context = context
        self.partitionCounts = partitionCounts
        self.partitioners = partitioners
    }

    /// How many lines a list in the notes has.
    static let noteLimit = 10

    mutating func fail(_ title: String, at place: Place, _ label: String, notes: [String] = []) {
        diagnostics.append(Diagnostic(.failure, title, at: place, context: context, label: label, notes: notes))
    }

    /// Compares a number; nil is one that is not there.
    mutating func compare(
        _ matcher: Matcher?, _ actual: Int64?, _ title: @autoclosure () -> String,
        notes: @autoclosure () -> [String] = []
    ) {
        guard let matcher, !matcher.accepts(actual) else { return }
        fail(title(), at: matcher.node.place, "actual: \(actual.map { "\($0)" } ?? "none")", notes: notes())
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
            expect.messages, Int64(outcome.messages), "another number of messages was acknowledged than expected",
            notes: errors)
        compare(
            expect.failed, Int64(outcome.failed), "another number of messages failed than expected", notes: errors)
        compare(expect.duration, outcome.duration)
        study = PlacementStudy(expect.topics, [outcome.topic: outcome.records], partitionCounts)
        for topic in expect.topics where topic.topic == outcome.topic {
            judge(outcome.records, topic, Wording(isProduce: true))
        }
    }

    mutating func judge(_ outcome: ConsumeOutcome, _ expect: Expectation) {
        compare(
            expect.messages, Int64(outcome.messages), "another number of messages was read than expected",
            notes: Self.perTopic(outcome))
        compare(
            expect.idle, Int64(outcome.idle), "another number of members is idle than expected",
            notes: Self.owners(outcome.members))
        compare(
            expect.rebalances, Int64(outcome.rebalances),
            "the group was rebalanced another number of times than expected")
        compare(expect.lag, outcome.lag, "the group's lag is not as expected", notes: Self.lags(outcome.topics))
        compare(expect.duration, outcome.duration)
        study = PlacementStudy(expect.topics, outcome.topics, partitionCounts)
        for topic in expect.topics {
            let records = outcome.topics[topic.topic] ?? TopicRecords()
            judge(records, topic, Wording(isProduce: false))
        }
        for member in expect.members { judge(outcome.members, member) }
    }

    private mutating func compare(_ matcher: Matcher?, _ duration: Duration) {
        guard let matcher, !matcher.accepts(duration) else { return }
        fail("the step's duration is not as expected", at: matcher.node.place, "actual: \(duration.shown)")
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
