package import KrunDiagnostics
package import KrunJSON
import KrunKafka
import KrunReports

/// `krun topics add-partitions`: a topic with more partitions than before, which nobody can take away again.
package struct PartitionAddition: DestructivePlan {
    let name: String
    let before: Int
    let after: Int
    /// Whether records are there that have a partition by now.
    let hasRecords: Bool
    let connection: KafkaConnection

    /// - Parameter total: of the partitions there will be.
    /// - Throws: a `Diagnostic` where the topic has that many already, and the unknown topic's.
    package static func plan(
        _ name: String, total: Int, on connection: KafkaConnection
    ) throws -> PartitionAddition {
        let topics = try connection.topics(named: [name])
        let topic = TopicFigures(topics[0])
        let before = topic.partitions.count
        guard !topic.isInternal else {
            throw Diagnostic(.runtime, "topic \(name) is Kafka's own: krun does not change it")
        }
        guard total > before else {
            throw Diagnostic(
                .runtime, "topic \(name) has \(Amounts.count(before, "partition")) already",
                notes: [
                    "--to is how many there are to be in all: \(Amounts.number(before + 1)) or more",
                    "Kafka cannot take partitions away from a topic",
                ])
        }
        let ends = try? TopicFigures.read(topics, admin: connection.admin, timeout: connection.timeout)[0]
        let hasRecords = ends?.partitions.contains { $0.end != 0 } ?? true
        return PartitionAddition(
            name: name, before: before, after: total, hasRecords: hasRecords, connection: connection)
    }

    package var isEmpty: Bool { false }
    package var isToldByOutcome: Bool { true }

    package func text(_ style: TextStyle) -> String {
        "topic \(TerminalText.safe(name)) has \(Amounts.count(before, "partition")) and would have \(Amounts.number(after)): "
            + "Kafka cannot take partitions away again\n"
    }

    package var json: JSONValue { json(isAdded: false) }

    fileprivate func json(isAdded: Bool) -> JSONValue {
        var object = JSONMembers()
        object.add("name", name)
        object.add("partitionCountBefore", before)
        object.add("partitionCount", after)
        object.add("added", isAdded)
        return object.value
    }

    package var remarks: [Diagnostic] { remarks(isAdded: false) }

    fileprivate func remarks(isAdded: Bool) -> [Diagnostic] {
        guard hasRecords else { return [] }
        let (go, are, keyIs) = isAdded ? ("go", "is", "are") : ("would go", "would be", "would be")
        return [
            Diagnostic(
                .warning,
                "about \(movedPercent)% of all keys \(go) to another partition from \(isAdded ? "now" : "then") on",
                notes: [
                    "a key's partition is its hash modulo the number of partitions, which \(isAdded ? "was" : "is") \(before) "
                        + "and \(are) \(after)",
                    "records stay where they are, so those of such a key \(keyIs) in two partitions, and their order "
                        + (isAdded ? "is lost" : "lost"),
                ])
        ]
    }

    /// Adds the partitions and waits until each has a leader.
    package func carryOut(wasAsked: Bool) throws -> Outcome {
        if wasAsked {
            let now = try Self.plan(name, total: after, on: connection)
            try ShownFigures(
                kind: "topic", titles: ["topic", "partitions"], rows: [[name, Amounts.number(before)]]
            ).check(against: [[name, Amounts.number(now.before)]], participle: "added")
        }
        try connection.attempt { _ in
            try connection.admin.createPartitions(name, total: after, timeout: connection.timeout)
        }
        try connection.waitUntilReady([name: after], done: "the partitions were added")
        return Outcome(plan: self, wasAsked: wasAsked)
    }

    package struct Outcome: CommandResult {
        let plan: PartitionAddition
        let wasAsked: Bool

        package func text(_ style: TextStyle) -> String {
            "topic \(plan.name) has \(Amounts.count(plan.after, "partition")) now, \(Amounts.number(plan.before)) before\n"
        }

        package var json: JSONValue { plan.json(isAdded: true) }
        /// Whoever was asked has read them.
        package var remarks: [Diagnostic] { wasAsked ? [] : plan.remarks(isAdded: true) }
    }

    /// Of the hashes, how many have another remainder: of `lcm(before, after)` in a row only the first `before` have the same.
    var movedPercent: Int {
        let common = before / Self.greatestCommonDivisor(before, after) * after
        return Int((100 * Double(common - before) / Double(common)).rounded())
    }

    private static func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int {
        b == 0 ? a : greatestCommonDivisor(b, a % b)
    }
}
