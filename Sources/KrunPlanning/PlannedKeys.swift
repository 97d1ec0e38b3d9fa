public import KrunScenario
import KrunSecrets

/// The keys of messages, and where each goes.
public struct PlannedKeys: Sendable {
    /// How many are looked at one by one; beyond that they are counted together.
    public static let limit = 10_000

    public struct Key: Sendable {
        public let bytes: [UInt8]
        /// The bytes as they may be shown: with `***` for each secret.
        public internal(set) var shown: [UInt8]
        public internal(set) var messages: Int
        /// How many of them go somewhere that nobody can know before.
        public internal(set) var byChance = 0
        /// Sorted; empty where only chance decides.
        public internal(set) var partitions: [Int32]
        /// By which its messages were placed, each once; empty where all of them name their partition.
        public internal(set) var partitioners: [Partitioner]

        /// Where its messages would go in a topic of so many partitions; empty where chance decides, or the file.
        public func partitions(of count: Int) -> [Int32] {
            Set(partitioners.compactMap { $0.partition(forKey: bytes, partitions: count) }).sorted()
        }
    }

    /// In the order in which they are sent first.
    public private(set) var all: [Key] = []
    /// Whether there are more keys than these.
    public private(set) var areMore = false
    private var places: [UInt64: Int] = [:]

    /// The place of a key, which is added where it is new; nil where there are too many.
    private mutating func place(of key: UnsafeRawBufferPointer) -> Int? {
        let hash = Self.hash(key)
        if let place = places[hash] { return place }
        guard all.count < Self.limit else {
            areMore = true
            return nil
        }
        places[hash] = all.count
        all.append(Key(bytes: Array(key), shown: Array(key), messages: 0, partitions: [], partitioners: []))
        return all.count - 1
    }

    /// Adds messages with a key, all to the same partition; nil for one that chance chooses.
    mutating func add(
        _ key: UnsafeRawBufferPointer, messages: Int, to partition: Int32?, by partitioner: Partitioner?
    ) {
        guard let index = place(of: key) else { return }
        all[index].messages += messages
        if let partition { note(partition, of: index) } else { all[index].byChance += messages }
        if let partitioner { note(partitioner, of: index) }
    }

    private mutating func note(_ partition: Int32, of index: Int) {
        guard !all[index].partitions.contains(partition) else { return }
        all[index].partitions.append(partition)
        all[index].partitions.sort()
    }

    private mutating func note(_ partitioner: Partitioner, of index: Int) {
        if !all[index].partitioners.contains(partitioner) { all[index].partitioners.append(partitioner) }
    }

    /// Where they go stays.
    mutating func hide(_ secrets: Secrets) {
        for index in all.indices { all[index].shown = secrets.masked(all[index].bytes) }
    }

    mutating func add(_ keys: PlannedKeys) {
        for key in keys.all {
            guard let index = key.bytes.withUnsafeBytes({ place(of: $0) }) else { continue }
            all[index].messages += key.messages
            all[index].byChance += key.byChance
            for partition in key.partitions { note(partition, of: index) }
            for partitioner in key.partitioners { note(partitioner, of: index) }
        }
        areMore = areMore || keys.areMore
    }

    /// How many of the keys go elsewhere in a topic of so many partitions than in one of `before`.
    public func moved(from before: Int, to after: Int) -> Int {
        all.count { $0.partitions(of: before) != $0.partitions(of: after) }
    }

    /// How many of the keys are placed by a partitioner.
    public var placed: Int { all.count { !$0.partitions(of: 1).isEmpty } }

    /// FNV-1a of 64 bits.
    private static func hash(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return hash
    }
}
