/// The first messages of a topic in the order of their times, however many come: each partition keeps its own order, and of
/// the next ones of all partitions the one with the least timestamp comes first.
///
/// Holds about twice what is wanted at most.
struct BoundedMerge {
    let limit: Int
    let byteLimit: Int
    private var partitions: [Int32: [RecordedMessage]] = [:]
    /// Partitions of which nothing more can be among the first.
    private(set) var closed: Set<Int32> = []
    /// Whether something came that is not among the first.
    private(set) var isCut = false
    private var count = 0
    private var bytes = 0

    init(limit: Int, byteLimit: Int) {
        self.limit = limit
        self.byteLimit = byteLimit
    }

    /// - Parameter message: behind all that came of its partition.
    mutating func add(_ message: RecordedMessage) {
        guard !closed.contains(message.partition) else {
            isCut = true
            return
        }
        partitions[message.partition, default: []].append(message)
        count += 1
        bytes += message.size
        // One that is larger than the bound alone is looked at when the next one comes.
        if count > 2 * limit || count > 1 && bytes > 2 * byteLimit { cut() }
    }

    /// The messages that are wanted, in their order.
    mutating func finish() -> [RecordedMessage] {
        cut()
    }

    /// Messages that come later only push back those that are there, so what is beyond the bounds now stays there; and what follows
    /// it in its partition, too.
    @discardableResult
    private mutating func cut() -> [RecordedMessage] {
        let (merged, tooMuch) = merged()
        var kept: [Int32: Int] = [:]
        for message in merged { kept[message.partition, default: 0] += 1 }
        if let tooMuch {
            // It stays, so that no smaller one that comes behind it takes its place.
            kept[tooMuch, default: 0] += 1
            closed.insert(tooMuch)
            isCut = true
        }
        for (partition, messages) in partitions {
            let wanted = kept[partition] ?? 0
            guard wanted < messages.count else { continue }
            partitions[partition] = Array(messages.prefix(wanted))
            closed.insert(partition)
            isCut = true
        }
        count = partitions.values.reduce(0) { $0 + $1.count }
        bytes = partitions.values.reduce(0) { $0 + $1.reduce(0) { $0 + $1.size } }
        return merged
    }

    /// The messages within the bounds, and the partition of the next one where it is beyond the bound in bytes.
    private func merged() -> ([RecordedMessage], tooMuch: Int32?) {
        var rest = partitions.sorted { $0.key < $1.key }.map { $0.value[...] }
        var merged: [RecordedMessage] = []
        var bytes = 0
        while merged.count < limit {
            // Of equal ones the least partition's.
            let next = rest.indices.filter { !rest[$0].isEmpty }.min {
                (rest[$0].first?.timestamp ?? 0) < (rest[$1].first?.timestamp ?? 0)
            }
            guard let next, let message = rest[next].popFirst() else { break }
            bytes += message.size
            // The first is taken whatever its size.
            if bytes > byteLimit, !merged.isEmpty { return (merged, message.partition) }
            merged.append(message)
        }
        return (merged, nil)
    }
}
