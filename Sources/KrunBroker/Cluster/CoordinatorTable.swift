/// Which broker coordinates a group or a transactional id: found by hash, as Kafka finds the partition of its internal topics and that
/// partition's leader, unless it was moved.
struct CoordinatorTable {
    /// `offsets.topic.num.partitions` and `transaction.state.log.num.partitions`.
    static let partitions = 50

    enum Kind: Hashable {
        case group
        case transaction
    }

    private struct Key: Hashable {
        let kind: Kind
        let id: String
    }

    private var moved: [Key: Int32] = [:]

    /// The first broker at or after the one that the hash names which is up; nil if none is.
    func coordinator(_ kind: Kind, _ id: String, brokers: [Int32], up: Set<Int32>) -> Int32? {
        if let broker = moved[Key(kind: kind, id: id)], up.contains(broker) { return broker }
        guard !brokers.isEmpty else { return nil }
        let start = Int(Self.partition(of: id)) % brokers.count
        return (0..<brokers.count).lazy.map { brokers[(start + $0) % brokers.count] }.first(where: up.contains)
    }

    mutating func move(_ kind: Kind, _ id: String, to broker: Int32) {
        moved[Key(kind: kind, id: id)] = broker
    }

    /// The partition of `__consumer_offsets` that Kafka would keep it in: `abs(id.hashCode()) % 50`, where `hashCode` is Java's over
    /// UTF-16 code units and the absolute value of the least number is 0 (`Utils.abs`).
    static func partition(of id: String) -> Int32 {
        var hash: Int32 = 0
        for unit in id.utf16 { hash = hash &* 31 &+ Int32(unit) }
        return (hash == .min ? 0 : abs(hash)) % Int32(partitions)
    }
}
