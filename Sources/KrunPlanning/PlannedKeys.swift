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

    /// Adds messages with a key, all to the same partition; nil for one that chance chooses.
    mutating func add(
        _ key: UnsafeRawBufferPointer, messages: Int, to partition: Int32?, by partitioner: Partitioner?
    ) {
        let hash = Self.hash(key)
        let index: Int
        if let place = places[hash] {
            index = place
            all[index].messages += messages
        } else {
            guard all.count < Self.limit else {
                areMore = true
                return
            }
            index = all.count
            places[hash] = index
            all.append(Key(bytes: Array(key), shown: Array(key), messages: messages, partitions: [], partitioners: []))
        }
        if let partition, !all[index].partitions.contains(partition) {
            all[index].partitions.append(partition)
            all[index].partitions.sort()
        }
        if let partitioner, !all[index].partitioners.contains(partitioner) {
            all[index].partitioners.append(partitioner)
        }
    }

    /// Where they go stays.
    mutating func hide(_ secrets: Secrets) {
        for index in all.indices { all[index].shown = secrets.masked(all[index].bytes) }
    }

    mutating func add(_ keys: PlannedKeys) {
        for key in keys.all {
            let partitioners: [Partitioner?] = key.partitioners.isEmpty ? [nil] : key.partitioners
            let partitions: [Int32?] = key.partitions.isEmpty ? [nil] : key.partitions
            key.bytes.withUnsafeBytes { bytes in
                for (index, partition) in partitions.enumerated() {
                    add(bytes, messages: index == 0 ? key.messages : 0, to: partition, by: partitioners[0])
                }
                for partitioner in partitioners.dropFirst() { add(bytes, messages: 0, to: nil, by: partitioner) }
            }
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
