/// What a member of a group was given, as the group's leader wrote it (ConsumerProtocolAssignment): bytes that nobody vouches for.
///
/// Only partitions that the cluster has are kept, each once, so that a few bytes cannot ask for more memory than topics are there.
package struct MemberAssignment: Hashable, Sendable {
    /// In the order of topics and partitions.
    package private(set) var partitions: [TopicPartition] = []
    /// How many more it names: partitions that the cluster does not have, and repetitions.
    package private(set) var unknown = 0

    /// - Parameter counts: how many partitions each topic has.
    /// - Returns: nil where the bytes end before the partitions do. No bytes are no partitions.
    package init?(_ bytes: [UInt8], partitionCounts counts: [String: Int]) {
        guard !bytes.isEmpty else { return }
        var rest = bytes[...]
        // Its first fields have the same places in every version; what follows them is not read.
        guard Self.integer(&rest, bytes: 2) != nil, let topics = Self.integer(&rest, bytes: 4), topics >= 0,
            topics <= rest.count / 6
        else { return nil }
        var known: Set<TopicPartition> = []
        for _ in 0..<topics {
            guard let length = Self.integer(&rest, bytes: 2), (0...rest.count).contains(length) else { return nil }
            let name = rest.prefix(length)
            rest = rest.dropFirst(length)
            guard let count = Self.integer(&rest, bytes: 4), (0...rest.count / 4).contains(count) else { return nil }
            // Kafka's names are ASCII; others may be equal to one of them in Swift and are none of them.
            let isName = name.allSatisfy { $0 < 0x80 }
            let topic = isName ? String(decoding: name, as: UTF8.self) : ""
            let partitionCount = counts[topic] ?? 0
            for _ in 0..<count {
                guard let number = Self.integer(&rest, bytes: 4) else { return nil }
                let isKnown = (0..<partitionCount).contains(number)
                if !isKnown || !known.insert(TopicPartition(topic, Int32(number))).inserted { unknown += 1 }
            }
        }
        partitions = known.sorted { ($0.topic, $0.partition) < ($1.topic, $1.partition) }
    }

    /// Nil when there are not so many bytes.
    private static func integer(_ rest: inout ArraySlice<UInt8>, bytes count: Int) -> Int? {
        guard rest.count >= count else { return nil }
        let bits = rest.prefix(count).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        rest = rest.dropFirst(count)
        return count == 2 ? Int(Int16(truncatingIfNeeded: bits)) : Int(Int32(bitPattern: bits))
    }
}
