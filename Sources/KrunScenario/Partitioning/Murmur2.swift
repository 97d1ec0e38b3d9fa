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
