package import KrunDiagnostics
package import KrunJSON
import KrunKafka
import KrunReports

/// `krun topics add-partitions`: a topic with more partitions than before.
package struct PartitionAddition: CommandResult {
    let name: String
    let before: Int
    let after: Int
    /// Whether records were there that have a partition by now.
    let hadRecords: Bool

    /// Adds the partitions and waits until each has a leader.
    ///
    /// - Parameter total: of the partitions there will be.
    /// - Throws: a `Diagnostic` where the topic has that many already, and the unknown topic's.
    package static func carryOut(
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
        try connection.attempt { _ in
            try connection.admin.createPartitions(name, total: total, timeout: connection.timeout)
        }
        try connection.waitUntilReady([name: total], done: "the partitions were added")
        let hadRecords = ends?.partitions.contains { $0.end != 0 } ?? true
        return PartitionAddition(name: name, before: before, after: total, hadRecords: hadRecords)
    }

    package func text(_ style: TextStyle) -> String {
        "topic \(TerminalText.safe(name)) has \(Amounts.count(after, "partition")) now, \(Amounts.number(before)) before\n"
    }

    package var json: JSONValue {
        var object = JSONMembers()
        object.add("name", name)
        object.add("partitionCountBefore", before)
        object.add("partitionCount", after)
        return object.value
    }

    package var remarks: [Diagnostic] {
        guard hadRecords else { return [] }
        return [
            Diagnostic(
                .warning, "about \(movedPercent)% of all keys go to another partition from now on",
                notes: [
                    "a key's partition is its hash modulo the number of partitions, which was \(before) and is \(after)",
                    "records stay where they are, so those of such a key are in two partitions, and their order is lost",
                ])
        ]
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
