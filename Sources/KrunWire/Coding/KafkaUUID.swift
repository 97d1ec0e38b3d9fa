/// A topic's id and the like: 128 bits, shown as Kafka shows them.
package struct KafkaUUID: Hashable, Sendable {
    /// The most significant half.
    package var high: UInt64
    package var low: UInt64

    /// Stands for no id.
    package static let zero = KafkaUUID(high: 0, low: 0)

    package init() {
        self = .zero
    }

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }
}

extension KafkaUUID: CustomStringConvertible {
    private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    /// The 16 bytes in base64url without padding: 22 characters, such as `AAAAAAAAAAAAAAAAAAAAAQ`.
    package var description: String {
        // 128 bits and four zeros make 22 groups of six.
        let bits = UInt128(high) << 64 | UInt128(low)
        return String(unsafeUninitializedCapacity: 22) { text in
            for place in 0..<22 {
                let shift = 122 - 6 * place
                let group = shift >= 0 ? bits >> UInt128(shift) : bits << UInt128(-shift)
                text[place] = Self.digits[Int(group & 0x3F)]
            }
            return 22
        }
    }
}
