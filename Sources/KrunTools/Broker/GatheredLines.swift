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
