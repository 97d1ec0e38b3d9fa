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
