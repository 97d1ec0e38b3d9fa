import KrunScenario

/// What the scenario knows of one topic over all its steps.
struct TopicMemory: Sendable {
    /// How many messages whose delivery failed are remembered.
    static let failureLimit = 100_000

    /// Where a key was put, and seen.
    struct KeyHistory: Sendable {
        /// Where the partitioner put the key; -1 when only messages that named their partition had it.
        var partition: Int32 = -1
        /// Whether a message named its partition itself.
        var explicit = false
        /// The first partition on which the key was seen, however it came there; -1 before.
        var seen: Int32 = -1
        /// Whether it was seen on others, too.
        var isSpread = false
        /// How often partitions had been added to the topic when the partitioner put it there.
        var growth: Int32 = 0
    }

    let name: String
    private(set) var partitions: Int
    /// Why others are expected to write to it; nil where all of it should be the scenario's own.
    let others: String?
    /// Per partition.
    private(set) var acknowledged: [IntervalSet]
    /// By partition those of them that were acknowledged again: what stood there first is gone.
    private(set) var overwritten: [Int: IntervalSet] = [:]
    /// Those of them that belong to transactions, of each that wrote to the topic.
    var transactions: [TransactionRecords] = []
    /// Whether messages were acknowledged without an offset.
    var hasUnknownOffsets = false
    var partitioners: Set<Partitioner> = []
    /// Those of them that had a key to place.
    var keyPartitioners: Set<Partitioner> = []
    var keys: KeyTable
    /// By key number.
    var placed: [KeyHistory] = []
    /// How often partitions were added.
    private(set) var growth: Int32 = 0
    /// How many there are, and were before some were added.
    private(set) var partitionCounts: Set<Int>
    /// Key number → the partitions on which it was before partitions were added.
    var formerPlaces: [Int: Set<Int32>] = [:]
    /// Hash of key and value → how many messages with that content failed but may stand in the log.
    var failures: [UInt64: Int] = [:]
    var failureCount = 0

    init(name: String, partitions: Int, createdHere: Bool, companion: String? = nil, keys: KeyTable) {
        self.name = name
        self.partitions = partitions
        partitionCounts = [partitions]
        others =
            if !createdHere {
                "\(name) existed before: others may write to it"
            } else if let companion {
                "\(companion) may write to \(name)"
            } else {
                nil
            }
        self.keys = keys
        acknowledged = Array(repeating: IntervalSet(), count: partitions)
    }

    /// From now on there are so many partitions.
    mutating func grow(to count: Int) {
        guard count > partitions else { return }
        partitionCounts.insert(count)
        partitions = count
        growth += 1
        while acknowledged.count < count { acknowledged.append(IntervalSet()) }
    }

    /// Notes acknowledged records of a partition.
    mutating func acknowledge(_ offsets: Range<Int64>, in partition: Int) {
        while partition >= acknowledged.count { acknowledged.append(IntervalSet()) }
        // A log that was cut or made anew gives offsets a second time.
        if let last = acknowledged[partition].last, offsets.lowerBound <= last {
            for run in acknowledged[partition].from(offsets.lowerBound).below(offsets.upperBound).ranges {
                overwritten[partition, default: IntervalSet()].insert(run)
            }
        }
        acknowledged[partition].insert(offsets)
    }

    /// Whether every record of the topic should be one that was acknowledged; the reason when not.
    var strangersUnjudged: String? {
        if let others { return others }
        if hasUnknownOffsets { return Self.unknownOffsets(name) }
        if failureCount > Self.failureLimit { return "too many messages to \(name) failed to tell which were written" }
        return nil
    }

    /// Why placement cannot be judged; nil when it can, if a key was placed at all.
    var placementUnjudged: String? {
        if keyPartitioners.count > 1 {
            let names = KeyText.list(keyPartitioners.map(\.rawValue).sorted())
            return "several partitioners were used on \(name): \(names)"
        }
        if !keyPartitioners.isEmpty, keyPartitioners.allSatisfy({ $0.algorithm == nil }) {
            let names = keyPartitioners.map(\.rawValue).sorted()
            return "the \(names.count == 1 ? "partitioner" : "partitioners") \(KeyText.list(names)) "
                + "\(names.count == 1 ? "looks" : "look") at no key"
        }
        return nil
    }

    /// Why nothing is said of a key that is on several partitions, though not by the partitioner's doing.
    static func spread(_ key: String, _ name: String) -> String {
        "messages with key \(key) name their partitions themselves: it is on several of \(name)"
    }

    static func unknownOffsets(_ name: String) -> String {
        "the offsets of messages to \(name) are not known"
    }

    /// Tells apart contents with and without a key, and with an empty or no value.
    static func content(_ key: UnsafeRawBufferPointer?, _ value: UnsafeRawBufferPointer?, seed: UInt64) -> UInt64 {
        let start = key.map { ByteHash.hash($0, seed: seed) } ?? ~seed
        return value.map { ByteHash.hash($0, seed: start) } ?? ~start
    }

    /// Notes acknowledged records of a transaction.
    mutating func add(_ offsets: IntervalSet, to transaction: Int, partition: Int) {
        if transactions.last?.number != transaction, !transactions.contains(where: { $0.number == transaction }) {
            transactions.append(TransactionRecords(number: transaction))
        }
        guard let index = transactions.lastIndex(where: { $0.number == transaction }) else { return }
        for run in offsets.ranges { transactions[index].offsets[partition, default: IntervalSet()].insert(run) }
    }

    /// The place of a key in `placed`; nil when it is not in the sample.
    mutating func number(of key: UnsafeRawBufferPointer) -> Int? {
        let number = keys.insert(key)
        if let kept = keys.kept {
            keys.kept = nil
            let kept = kept.filter { $0 < placed.count }
            placed = kept.map { placed[$0] }
            if !formerPlaces.isEmpty {
                let before = formerPlaces
                formerPlaces = [:]
                for (new, old) in kept.enumerated() { formerPlaces[new] = before[old] }
            }
        }
        if number == placed.count { placed.append(KeyHistory()) }
        return number
    }
}
