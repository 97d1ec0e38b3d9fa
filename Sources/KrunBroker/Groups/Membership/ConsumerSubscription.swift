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
