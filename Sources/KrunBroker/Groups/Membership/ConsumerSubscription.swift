/// The part of a consumer's subscription that a broker looks at.
///
/// Its first fields have the same places in every version of the consumer protocol (ConsumerProtocolSubscription), and
/// what follows them is not read.
package struct ConsumerSubscription: Equatable, Sendable {
    package var topics: [String]

    /// Nil when the bytes end before the topics do.
    package init?(_ bytes: [UInt8]) {
        var rest = bytes[...]
        guard Self.integer(&rest, bytes: 2) != nil, let count = Self.integer(&rest, bytes: 4), count >= 0 else {
            return nil
        }
        // Each topic has at least its length, so that a count cannot ask for more memory than came.
        guard count <= rest.count / 2 else { return nil }
        topics = []
        topics.reserveCapacity(count)
        for _ in 0..<count {
            guard let length = Self.integer(&rest, bytes: 2), length >= 0, length <= rest.count else { return nil }
            topics.append(String(decoding: rest.prefix(length), as: UTF8.self))
            rest = rest.dropFirst(length)
        }
    }

    private static func integer(_ rest: inout ArraySlice<UInt8>, bytes: Int) -> Int? {
        guard rest.count >= bytes else { return nil }
        var value = 0
        for byte in rest.prefix(bytes) { value = value << 8 | Int(byte) }
        rest = rest.dropFirst(bytes)
        let sign = 1 << (8 * bytes - 1)
        return value >= sign ? value - 2 * sign : value
    }
}
