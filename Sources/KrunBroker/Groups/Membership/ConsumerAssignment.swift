/// What a consumer is given, as its group's leader wrote it (ConsumerProtocolAssignment).
///
/// Its first fields have the same places in every version, and what follows them is not read.
package struct ConsumerAssignment: Equatable, Sendable {
    package struct Topic: Equatable, Sendable {
        package var topic: String
        package var partitions: [Int32]
    }

    package var topics: [Topic]

    /// Nil when the bytes end before the partitions do. No bytes are no partitions.
    package init?(_ bytes: [UInt8]) {
        topics = []
        if bytes.isEmpty { return }
        var rest = ProtocolBytes(bytes)
        // A topic has a length and a count, and a partition four bytes, so that a count cannot ask for more memory than came.
        guard rest.integer(bytes: 2) != nil, let count = rest.integer(bytes: 4), (0...rest.count / 6).contains(count)
        else { return nil }
        for _ in 0..<count {
            guard let topic = rest.text(), let count = rest.integer(bytes: 4), (0...rest.count / 4).contains(count)
            else { return nil }
            var partitions: [Int32] = []
            partitions.reserveCapacity(count)
            for _ in 0..<count {
                guard let partition = rest.integer(bytes: 4) else { return nil }
                partitions.append(Int32(truncatingIfNeeded: partition))
            }
            topics.append(Topic(topic: topic, partitions: partitions))
        }
    }
}
