import KrunOutcome

/// What a step knows of each key of a topic: how many messages, on which partitions, and a note of the step's own.
/// The notes and counts of 1 000 000 keys at most are kept; see `KeyTable`.
struct KeyBook<Note: Sendable>: Sendable {
    struct Entry: Sendable {
        var messages = 0
        /// A bit for each of the partitions 0 to 63; the others are in `wide`.
        var partitions: UInt64 = 0
        /// Where the key's values are in `values`; -1 when they are not kept.
        var values: Int32 = -1
        var note: Note
    }

    /// Something about one key that breaks an invariant: how often, and the first time.
    struct Anomaly: Sendable {
        var count = 1
        let partition: Int32
        let offset: Int64?
        /// What it stands against: an offset, or for a stray key the partition that it was on.
        let other: Int64
        /// The numbers of the message that was sent later and of the one that was sent earlier.
        var messages: (UInt64, UInt64) = (0, 0)
    }

    /// The number under which messages without a key are counted in `wide`.
    static var nullNumber: Int { -1 }

    private(set) var table: KeyTable
    var entries: [Entry] = []
    var nullKey: Entry
    /// By key number.
    var strays: [Int: Anomaly] = [:]
    var misorders: [Int: Anomaly] = [:]
    private var wide: [Int: Set<Int32>] = [:]
    private var values: [[(order: UInt64, value: [UInt8]?)]] = []
    let keeping: KeptValues
    private let blank: Note

    init(seed: UInt64, limit: Int = KeyTable.limit, keeping: KeptValues, blank: Note) {
        table = KeyTable(seed: seed, limit: limit, pinned: keeping.named)
        self.keeping = keeping
        self.blank = blank
        nullKey = Entry(note: blank)
        if keeping.nullKey {
            nullKey.values = 0
            values.append([])
        }
    }

    /// Counts a message of a key and returns the key's number; nil when the key is not in the sample.
    @inline(__always)
    mutating func count(
        _ key: UnsafeRawBufferPointer, partition: Int32, order: UInt64, value: UnsafeRawBufferPointer?
    ) -> Int? {
        guard let number = table.insert(key) else {
            if table.kept != nil { renumber() }
            return nil
        }
        if table.kept != nil { renumber() }
        if number == entries.count { addEntry(key) }
        entries[number].messages += 1
        if UInt32(bitPattern: partition) < 64 {
            entries[number].partitions |= 1 << UInt64(partition)
        } else {
            wide[number, default: []].insert(partition)
        }
        if entries[number].values >= 0 { keep(value, order, in: entries[number].values) }
        return number
    }

    /// Counts a message without a key.
    mutating func countNull(partition: Int32, order: UInt64, value: UnsafeRawBufferPointer?) {
        nullKey.messages += 1
        if UInt32(bitPattern: partition) < 64 {
            nullKey.partitions |= 1 << UInt64(partition)
        } else {
            wide[Self.nullNumber, default: []].insert(partition)
        }
        if nullKey.values >= 0 { keep(value, order, in: nullKey.values) }
    }

    /// The partitions that a key is on, sorted.
    func partitions(of number: Int) -> [Int32] {
        let bits = number == Self.nullNumber ? nullKey.partitions : entries[number].partitions
        let low = (0..<64).filter { bits >> UInt64($0) & 1 == 1 }.map { Int32($0) }
        return low + (wide[number] ?? []).sorted()
    }

    /// What the outcome says of the keys; the partitions of the topic are left to the caller.
    func records() -> TopicRecords {
        var records = TopicRecords()
        for (number, entry) in entries.enumerated() {
            let listed = records.keys.count < TopicRecords.keyLimit
            if !listed, keeping.named.isEmpty { break }
            let key = table.key(number)
            if listed || keeping.named.contains(key) { records.keys.append(outcome(key, number, entry)) }
        }
        // Seen first is chance where partitions are acknowledged side by side.
        records.keys.sort { $0.key.lexicographicallyPrecedes($1.key) }
        if nullKey.messages > 0 { records.nullKey = outcome([], Self.nullNumber, nullKey) }
        records.distinctKeys = table.distinctAtLeast
        records.keysAreSampled = table.isSampled
        return records
    }

    private func outcome(_ key: [UInt8], _ number: Int, _ entry: Entry) -> KeyOutcome {
        let kept: [[UInt8]?]? =
            entry.values < 0 ? nil : values[Int(entry.values)].sorted { $0.order < $1.order }.map(\.value)
        return KeyOutcome(key: key, messages: entry.messages, partitions: partitions(of: number), values: kept)
    }

    private mutating func addEntry(_ key: UnsafeRawBufferPointer) {
        var entry = Entry(note: blank)
        if !keeping.keys.isEmpty, keeping.keys.contains(Array(key)) {
            entry.values = Int32(values.count)
            values.append([])
        }
        entries.append(entry)
    }

    private mutating func keep(_ value: UnsafeRawBufferPointer?, _ order: UInt64, in place: Int32) {
        values[Int(place)].append((order, value.map { Array($0) }))
    }

    /// Follows the table after it dropped keys.
    private mutating func renumber() {
        guard let kept = table.kept else { return }
        table.kept = nil
        // The last number is the key that made the table too full: it has no entry yet.
        let numbers = Dictionary(uniqueKeysWithValues: kept.enumerated().map { ($0.element, $0.offset) })
        entries = kept.filter { $0 < entries.count }.map { entries[$0] }
        func moved<Value>(_ old: [Int: Value]) -> [Int: Value] {
            var new: [Int: Value] = [:]
            for (number, value) in old {
                if number == Self.nullNumber { new[number] = value }
                if let place = numbers[number] { new[place] = value }
            }
            return new
        }
        strays = moved(strays)
        misorders = moved(misorders)
        wide = moved(wide)
    }
}
