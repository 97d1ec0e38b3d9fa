import KrunDiagnostics
import KrunOutcome
import KrunScenario
import Testing

@testable import KrunChecks

/// A step of a scenario written for the test, judged on an outcome written for the test.
enum JudgeFixture {
    static let topics = #"[{ "name": "orders", "partitions": 3 }, { "name": "bills", "partitions": 2 }]"#

    /// The step after one that sends alice, bob, an empty key and no key, so that they may be expected.
    static func consume(
        _ expect: String, topics: String = "\"orders\"", options: String = "", before: String = ""
    ) throws -> Step {
        let text = """
            {
              "name": "a test", \(before)
              "topics": \(Self.topics),
              "steps": [
                { "produce": "orders", "messages": [
                  { "key": "alice", "value": "a" }, { "key": "bob", "value": "b" }, { "key": "carol", "value": "c" },
                  { "key": "", "value": "e" }, { "value": "n" }, { "key": "oda" }, { "key": "grace" }, { "key": "zoe" }] },
                { "consume": \(topics), "group": "baristas", "members": 2\(options),
                  "expect": \(expect) }
              ]
            }
            """
        return try Scenario.decode(Array(text.utf8), file: "test.json").steps[1]
    }

    static func produce(_ expect: String, options: String = "") throws -> Step {
        let text = """
            {
              "name": "a test",
              "topics": \(Self.topics),
              "steps": [
                { "produce": "orders"\(options), "messages": [
                    { "key": "alice", "value": "a" }, { "key": "bob", "value": "b" }, { "value": "n" }],
                  "expect": \(expect) }
              ]
            }
            """
        return try Scenario.decode(Array(text.utf8), file: "test.json").steps[0]
    }

    static func judge(
        _ step: Step, _ outcome: StepOutcome.Result, invariants: [InvariantOutcome] = [],
        partitions: Int = 3, partitioners: Set<Partitioner> = [.murmur2Random]
    ) -> String {
        let diagnostics = Judge.judge(
            step: step, stepCount: 2, outcome: outcome, invariants: invariants,
            partitionCounts: ["orders": partitions, "bills": 2], partitioners: ["orders": partitioners])
        return diagnostics.map(text).joined(separator: "\n")
    }

    /// A diagnostic as text, with what the place points at between arrows.
    static func text(_ diagnostic: Diagnostic) -> String {
        var lines = ["\(diagnostic.kind.rawValue): \(diagnostic.title)"]
        if let context = diagnostic.context { lines.append("\(context.activity), \(context.position)") }
        if let place = diagnostic.place {
            let start = place.column - place.excerptColumn
            let scalars = Array(place.excerpt.unicodeScalars)
            var pointed = String.UnicodeScalarView()
            pointed.append(contentsOf: scalars[start..<min(start + place.length, scalars.count)])
            lines.append("at \(String(pointed)) <- \(diagnostic.label)")
        }
        return (lines + diagnostic.notes.map { "= \($0)" }).joined(separator: "\n")
    }

    /// A key read `messages` times from those partitions.
    static func key(
        _ key: String, _ messages: Int, on partitions: [Int32], values: [String?]? = nil
    ) -> KeyOutcome {
        KeyOutcome(
            key: Array(key.utf8), messages: messages, partitions: partitions,
            values: values.map { $0.map { $0.map { Array($0.utf8) } } })
    }

    static func consumed(
        _ records: TopicRecords, messages: Int = 3, members: [MemberOutcome] = [], idle: Int = 0, lag: Int64? = 0,
        others: [String: TopicRecords] = [:]
    ) -> StepOutcome.Result {
        .consume(
            ConsumeOutcome(
                group: "baristas", messages: messages, topics: others.merging(["orders": records]) { $1 },
                members: members, idle: idle, rebalances: 1, lag: lag, joinDuration: nil,
                receiveDuration: .milliseconds(20), duration: .milliseconds(1_250)))
    }
}
