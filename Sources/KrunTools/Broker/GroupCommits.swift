import KrunBroker
import KrunReports

/// What a group committed for a while: the last offset of each partition.
struct GroupCommits: Sendable {
    private var offsets: [String: [Int32: Int64]] = [:]
    private var isInTransaction = false

    var topics: [String] { offsets.keys.sorted() }

    mutating func add(_ committed: BrokerEvent.CommittedOffsets) {
        for offset in committed.offsets { offsets[offset.topic, default: [:]][offset.partition] = offset.offset }
        isInTransaction = committed.producerId != nil
    }

    func text(_ group: String) -> String {
        let topics = offsets.sorted { $0.key < $1.key }.map { topic, offsets in
            "\(topic) " + Amounts.list(offsets.sorted { $0.key < $1.key }.map { "\($0.key) at \($0.value)" })
        }
        return "\(BrokerLogText.named(group: group)): committed \(topics.joined(separator: "; "))"
            + (isInTransaction ? ", in a transaction" : "")
    }
}
