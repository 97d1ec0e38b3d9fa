/// How a producer places a message that names no partition: librdkafka's partitioners, by their names there, and the round robin of clients
/// that do not stick to a partition.
///
/// A message without a key or, under some of them, with an empty one is placed at random: that is, sticky, unless
/// `sticky.partitioning.linger.ms` is 0.
public enum Partitioner: String, Hashable, Sendable, CaseIterable {
    case random
    case consistent
    case consistentRandom = "consistent_random"
    case murmur2
    case murmur2Random = "murmur2_random"
    case fnv1a
    case fnv1aRandom = "fnv1a_random"
    /// Keys as `murmur2_random`, messages without one in turn: KafkaJS, and the Java client before 2.4.
    case murmur2RoundRobin = "murmur2_round_robin"
    /// Each message in turn, whatever its key: Java's `RoundRobinPartitioner`, kafka-go's `RoundRobin`.
    case roundRobin = "round_robin"

    /// The name of the hash: `murmur2`, `crc32` or `fnv1a`; nil for `random`, which looks at no key.
    public var algorithm: String? {
        switch self {
        case .random, .roundRobin: nil
        case .consistent, .consistentRandom: "crc32"
        case .murmur2, .murmur2Random, .murmur2RoundRobin: "murmur2"
        case .fnv1a, .fnv1aRandom: "fnv1a"
        }
    }

    /// Whether a key decides the partition; nil stands for a message without one.
    ///
    /// As in librdkafka: `consistent`, `murmur2` and `fnv1a` hash everything, a missing key like an empty one, so
    /// that all messages without a key go to one partition; `consistent_random` hashes neither; `murmur2_random`
    /// and `fnv1a_random` hash an empty key.
    public func hashes(key: [UInt8]?) -> Bool {
        switch self {
        case .random, .roundRobin: false
        case .consistent, .murmur2, .fnv1a: true
        case .consistentRandom: key.map { !$0.isEmpty } ?? false
        case .murmur2Random, .fnv1aRandom, .murmur2RoundRobin: key != nil
        }
    }

    /// Whether a message with that key goes to the partition behind that of the one before it; nil stands for a message without one.
    ///
    /// krun begins at partition 0 in each step; the clients that do so begin at any.
    public func takesTurns(key: [UInt8]?) -> Bool {
        switch self {
        case .roundRobin: true
        case .murmur2RoundRobin: key == nil
        default: false
        }
    }

    /// Whether neither a key nor a turn decides the partition.
    public func leavesToChance(key: [UInt8]?) -> Bool { !hashes(key: key) && !takesTurns(key: key) }

    /// Whether librdkafka has it.
    public var isOfLibrdkafka: Bool { self != .roundRobin && self != .murmur2RoundRobin }

    /// librdkafka's name of the one that places what takes no turn.
    package var librdkafkaName: String {
        switch self {
        case .roundRobin, .murmur2RoundRobin: Partitioner.murmur2Random.rawValue
        default: rawValue
        }
    }

    /// The hash whose remainder is the partition, that of murmur2 without its sign as in Java; nil where the partition
    /// is random.
    public func hash(of key: UnsafeRawBufferPointer) -> UInt32? {
        switch self {
        case .random, .roundRobin: nil
        case .consistentRandom where key.isEmpty: nil
        case .consistent, .consistentRandom: CRC32.hash(key)
        case .murmur2, .murmur2Random, .murmur2RoundRobin: Murmur2.hash(key) & 0x7fff_ffff
        case .fnv1a, .fnv1aRandom: FNV1a.hash(key)
        }
    }

    /// The same for bytes in an array.
    public func hash(of key: [UInt8]) -> UInt32? {
        key.withUnsafeBytes { hash(of: $0) }
    }

    /// Where a message with that key goes; nil where it is random.
    ///
    /// - Parameters:
    ///   - key: nil for a message without a key.
    ///   - partitions: how many the topic has; at least 1.
    public func partition(forKey key: [UInt8]?, partitions: Int) -> Int32? {
        guard hashes(key: key), let hash = hash(of: key ?? []) else { return nil }
        return Int32(hash % UInt32(partitions))
    }
}

/// MurmurHash2 as the Java client has it: 32 bits, seed `0x9747b28c`, words read with the lowest byte first.
enum Murmur2 {
    static func hash(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
        let multiplier: UInt32 = 0x5bd1_e995
        var hash = 0x9747_b28c ^ UInt32(truncatingIfNeeded: bytes.count)
        let wholeWords = bytes.count & ~3
        for offset in stride(from: 0, to: wholeWords, by: 4) {
            var word = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
            word &*= multiplier
            word ^= word >> 24
            word &*= multiplier
            hash &*= multiplier
            hash ^= word
        }
        if wholeWords < bytes.count {
            for offset in wholeWords..<bytes.count {
                hash ^= UInt32(bytes[offset]) << UInt32(8 * (offset - wholeWords))
            }
            hash &*= multiplier
        }
        hash ^= hash >> 13
        hash &*= multiplier
        hash ^= hash >> 15
        return hash
    }
}

/// The CRC-32 of zlib and Ethernet: reflected, polynomial `0xedb88320`.
enum CRC32 {
    static func hash(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
        var remainder: UInt32 = 0xffff_ffff
        for byte in bytes {
            remainder = table[Int((remainder ^ UInt32(byte)) & 0xff)] ^ (remainder >> 8)
        }
        return ~remainder
    }

    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { value, _ in
            value & 1 == 1 ? 0xedb8_8320 ^ (value >> 1) : value >> 1
        }
    }
}

/// FNV-1a of 32 bits, made positive the way Sarama and librdkafka do: the absolute value of the signed number.
enum FNV1a {
    static func hash(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
        var hash: UInt32 = 0x811c_9dc5
        for byte in bytes {
            hash ^= UInt32(byte)
            hash &*= 0x0100_0193
        }
        return Int32(bitPattern: hash).magnitude
    }
}
