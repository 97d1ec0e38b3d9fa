internal import KrunWire

extension KafkaUUID {
    /// A random UUID (version 4, RFC 9562), but none whose text begins with a dash, which command lines take for an option: so does Kafka.
    static func random() -> KafkaUUID {
        while true {
            let id = KafkaUUID(
                high: UInt64.random(in: 0...(.max)) & ~0xF000 | 0x4000,
                low: UInt64.random(in: 0...(.max)) & ~(0b11 << 62) | 0b10 << 62)
            if !id.description.hasPrefix("-") { return id }
        }
    }
}
