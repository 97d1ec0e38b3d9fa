/// What a consumer owns and how far it came, made for one question per record: is it to be handed out?
///
/// A record below the position of its partition was handed out before, or belongs to before a rebalance. A partition not owned has a
/// position that no record reaches.
struct OwnedPositions {
    private static let notOwned = Int64.max

    private(set) var topics: [String] = []
    private var indexes: [String: Int] = [:]
    private var positions: [[Int64]] = []
    /// How many owned partitions have no position in numbers yet.
    private(set) var unknown = 0

    /// Forgets everything and numbers the topics in this order, each once.
    mutating func reset(topics names: [String]) {
        self = OwnedPositions()
        for name in names where indexes[name] == nil {
            indexes[name] = topics.count
            topics.append(name)
            positions.append([])
        }
    }

    /// Nil for a topic nobody asked for.
    func index(of topic: String) -> Int? { indexes[topic] }

    mutating func add(_ partition: TopicPartitionOffset) {
        guard let topic = indexes[partition.topic], partition.partition >= 0 else { return }
        let index = Int(partition.partition)
        while positions[topic].count <= index { positions[topic].append(Self.notOwned) }
        set(topic, index, partition.offset)
    }

    mutating func remove(_ partition: TopicPartition) {
        guard let topic = indexes[partition.topic], positions[topic].indices.contains(Int(partition.partition))
        else { return }
        set(topic, Int(partition.partition), Self.notOwned)
    }

    mutating func removeAll() {
        for topic in positions.indices {
            for partition in positions[topic].indices { positions[topic][partition] = Self.notOwned }
        }
        unknown = 0
    }

    /// Whether the record is to be handed out; if so, the position moves behind it.
    mutating func take(topic: Int, partition: Int32, offset: Int64) -> Bool {
        let index = Int(partition)
        guard index >= 0, index < positions[topic].count else { return false }
        let position = positions[topic][index]
        guard offset >= position else { return false }
        if position < 0 { unknown -= 1 }
        positions[topic][index] = offset + 1
        return true
    }

    /// Whether this end of a partition is to be handed out; if so, the position moves to it, over offsets without records.
    mutating func reachEnd(topic: Int, partition: Int32, offset: Int64) -> Bool {
        let index = Int(partition)
        guard index >= 0, index < positions[topic].count, offset >= positions[topic][index] else { return false }
        set(topic, index, offset)
        return true
    }

    /// In the order of topics and partitions.
    var all: [TopicPartitionOffset] {
        topics.indices.flatMap { topic in
            positions[topic].indices.compactMap { partition in
                let position = positions[topic][partition]
                guard position != Self.notOwned else { return nil }
                return TopicPartitionOffset(topics[topic], Int32(partition), position)
            }
        }
    }

    private mutating func set(_ topic: Int, _ partition: Int, _ position: Int64) {
        if positions[topic][partition] < 0 { unknown -= 1 }
        if position < 0 { unknown += 1 }
        positions[topic][partition] = position
    }
}
