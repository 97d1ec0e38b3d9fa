/// The part of a consumer's subscription that a broker looks at.
///
/// Its first fields have the same places in every version of the consumer protocol (ConsumerProtocolSubscription), and
/// what follows them is not read.
package struct ConsumerSubscription: Equatable, Sendable {
    package var topics: [String]

    /// Nil when the bytes end before the topics do.
    package init?(_ bytes: [UInt8]) {
        var rest = ProtocolBytes(bytes)
        guard rest.integer(bytes: 2) != nil, let count = rest.integer(bytes: 4), count >= 0 else { return nil }
        // Each topic has at least its length, so that a count cannot ask for more memory than came.
        guard count <= rest.count / 2 else { return nil }
        topics = []
        topics.reserveCapacity(count)
        for _ in 0..<count {
            guard let topic = rest.text() else { return nil }
            topics.append(topic)
        }
    }
}

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

/// Bytes that members of a group wrote for each other, read from their front.
struct ProtocolBytes {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) {
        rest = bytes[...]
    }

    var count: Int { rest.count }

    /// The next number, with its sign; nil when the bytes end before.
    mutating func integer(bytes: Int) -> Int? {
        guard rest.count >= bytes else { return nil }
        var value = 0
        for byte in rest.prefix(bytes) { value = value << 8 | Int(byte) }
        rest = rest.dropFirst(bytes)
        let sign = 1 << (8 * bytes - 1)
        return value >= sign ? value - 2 * sign : value
    }

    /// The next text, which follows its length; nil when the bytes end before.
    mutating func text() -> String? {
        guard let length = integer(bytes: 2), length >= 0, length <= rest.count else { return nil }
        defer { rest = rest.dropFirst(length) }
        return String(decoding: rest.prefix(length), as: UTF8.self)
    }
}
