import KrunBroker
import KrunReports

/// What happens often, put together: a line soon after the first of something, then at most one a second.
///
/// Times are since any beginning.
struct GatheredLines<Key: Hashable & Comparable & Sendable, Value: Sendable>: Sendable {
    /// How long what belongs together may take to arrive.
    static var patience: Duration { .milliseconds(250) }
    static var pace: Duration { .seconds(1) }

    private struct Entry {
        /// Nil where nothing happened since the last line.
        var value: Value?
        var due: Duration
    }

    private var entries: [Key: Entry] = [:]
    /// When `due(at:)` has something to do.
    private(set) var nextDue: Duration?

    /// - Parameter change: is given what there is of the key, or `empty`.
    mutating func add(_ key: Key, at now: Duration, to empty: Value, _ change: (inout Value) -> Void) {
        guard let index = entries.index(forKey: key) else {
            var value = empty
            change(&value)
            set(key, Entry(value: value, due: now + Self.patience))
            return
        }
        if entries.values[index].value == nil {
            var value = empty
            change(&value)
            entries.values[index].value = value
        } else {
            change(&entries.values[index].value!)
        }
    }

    /// What has its line now, in the order of the keys.
    mutating func due(at now: Duration) -> [(Key, Value)] {
        guard let nextDue, nextDue <= now else { return [] }
        let keys = entries.filter { $0.value.due <= now }.keys.sorted()
        let lines = keys.compactMap { key -> (Key, Value)? in
            guard let value = entries[key]?.value else {
                entries[key] = nil
                return nil
            }
            entries[key] = Entry(value: nil, due: now + Self.pace)
            return (key, value)
        }
        self.nextDue = entries.values.lazy.map(\.due).min()
        return lines
    }

    /// What there is of one key, because something is told of it that came later.
    mutating func flush(_ key: Key, at now: Duration) -> Value? {
        guard let value = entries[key]?.value else { return nil }
        set(key, Entry(value: nil, due: now + Self.pace))
        return value
    }

    /// All there is, because the end has come.
    mutating func flush() -> [(Key, Value)] {
        defer { (entries, nextDue) = ([:], nil) }
        return entries.keys.sorted().compactMap { key in entries[key]?.value.map { (key, $0) } }
    }

    private mutating func set(_ key: Key, _ entry: Entry) {
        entries[key] = entry
        nextDue = nextDue.map { min($0, entry.due) } ?? entry.due
    }
}

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

/// What a topic took for a while.
struct TopicMessages: Sendable {
    private var count = 0
    private var partitions: Set<Int32> = []

    mutating func add(_ appended: BrokerEvent.AppendedRecords) {
        count += appended.count
        partitions.insert(appended.partition)
    }

    func text(_ topic: String) -> String {
        let list = Amounts.list(partitions.sorted().map(String.init))
        return
            "topic \(topic): \(Amounts.count(count, "message")) in partition\(partitions.count == 1 ? "" : "s") \(list)"
    }
}
