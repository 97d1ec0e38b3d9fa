import KrunDiagnostics
import KrunReports
package import KrunScenario

/// What explains on which partitions a topic's messages are.
package enum Placement: Equatable, Sendable {
    /// There is one partition.
    case single
    /// Each message with a key is where this partitioner puts it, but for those whose partition it leaves to chance.
    case keys(Partitioner)
    /// No partitioner explains them all, or none has a key.
    case explicit

    /// Which are tried, the likeliest first.
    private static let candidates: [Partitioner] = [.murmur2Random, .consistentRandom, .fnv1aRandom]

    /// What explains all messages.
    ///
    /// - Parameter wanted: the only one that may.
    /// - Throws: a usage diagnostic where the wanted one explains them not.
    static func explaining(_ topic: RecordedTopic, wanted: Partitioner?) throws(Diagnostic) -> Placement {
        if let wanted, let message = topic.messages.first(where: { contradicts(wanted, $0, topic.partitions) }) {
            let key = KeyCell.text(message.key ?? [])
            let other = wanted.partition(forKey: message.key, partitions: topic.partitions) ?? 0
            throw Diagnostic(
                .usage, "--partitioner \(wanted.rawValue) does not explain topic \(topic.name)",
                notes: [
                    message.key == nil
                        ? "a message without a key is on partition \(message.partition), and it would be on \(other)"
                        : "key \(key) is on partition \(message.partition), and it would be on \(other)",
                    "without --partitioner krun looks for one that does, or names the partition of each message",
                ])
        }
        if topic.partitions == 1 { return .single }
        let found = (wanted.map { [$0] } ?? candidates).first { partitioner in
            topic.messages.contains { partitioner.hashes(key: $0.key) }
                && !topic.messages.contains { contradicts(partitioner, $0, topic.partitions) }
        }
        return found.map { .keys($0) } ?? .explicit
    }

    private static func contradicts(_ partitioner: Partitioner, _ message: RecordedMessage, _ partitions: Int) -> Bool {
        guard let partition = partitioner.partition(forKey: message.key, partitions: partitions) else { return false }
        return partition != message.partition
    }

    /// Whether the message must say where it goes.
    func names(partitionOf message: RecordedMessage) -> Bool {
        switch self {
        case .single: false
        case .keys(let partitioner): !partitioner.hashes(key: message.key)
        case .explicit: true
        }
    }
}
