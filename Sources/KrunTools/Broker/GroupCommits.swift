import KrunBroker
import KrunReports

/// What a group committed for a while: the last offset of each partition.
struct GroupCommits: Sendable {
    private var offsets: [String: [Int32: Int64]] = [:]
    /// The largest commit of each member of which not every offset was told.
    private var counts: [String: Int] = [:]
    private var isInTransaction = false

    var topics: [String] { offsets.keys.sorted() }

    mutating func add(_ committed: BrokerEvent.CommittedOffsets) {
        for offset in committed.offsets { offsets[offset.topic, default: [:]][offset.partition] = offset.offset }
        if committed.count > committed.offsets.count {
            counts[committed.member] = max(counts[committed.member] ?? 0, committed.count)
        }
        isInTransaction = committed.producerId != nil
    }

    /// Of which topic those are that were not told, nobody knows.
    private var total: String {
        if counts.isEmpty { return "" }
        let told = offsets.values.reduce(0) { $0 + $1.count }
        return "; at least \(Amounts.number(max(told, counts.values.reduce(0, +)))) partitions in all"
    }

    private static func some(_ items: [String]) -> String {
        items.count <= 8 ? items.joined(separator: ", ") : items.prefix(8).joined(separator: ", ") + " …"
    }

    func text(_ group: String) -> String {
        let topics = offsets.sorted { $0.key < $1.key }.map { topic, offsets in
            let items = offsets.sorted { $0.key < $1.key }.map { "\($0.key) at \($0.value)" }
            return "\(topic) \(counts.isEmpty ? Amounts.list(items) : Self.some(items))"
        }
        return "\(BrokerLogText.named(group: group)): committed \(topics.joined(separator: "; "))\(total)"
            + (isInTransaction ? ", in a transaction" : "")
    }
}
