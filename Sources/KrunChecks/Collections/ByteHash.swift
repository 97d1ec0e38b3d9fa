/// A fast hash of bytes, a word at a time by folded multiplication. Good enough for tables; no defence against
/// an adversary, and another one in every run that is seeded otherwise.
enum ByteHash {
    static func hash(_ bytes: UnsafeRawBufferPointer, seed: UInt64) -> UInt64 {
        let count = bytes.count
        var state = seed ^ (UInt64(truncatingIfNeeded: count) &* 0x9e37_79b9_7f4a_7c15)
        var offset = 0
        while count - offset > 8 {
            state = fold(state ^ word(bytes, at: offset), 0xa076_1d64_78bd_642f)
            offset += 8
        }
        let tail =
            if count >= 8 {
                // The last eight bytes, some of them for the second time: the length is part of the seed.
                word(bytes, at: count - 8)
            } else {
                shortWord(bytes)
            }
        return fold(fold(state ^ tail, 0xe703_7ed1_a0b4_28db) ^ seed, 0x8ebc_6af0_9c88_c6e3)
    }

    @inline(__always)
    private static func word(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> UInt64 {
        bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
    }

    /// All bytes of a text of at most seven.
    @inline(__always)
    private static func shortWord(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        let count = bytes.count
        if count >= 4 {
            let low = UInt64(bytes.loadUnaligned(fromByteOffset: 0, as: UInt32.self))
            let high = UInt64(bytes.loadUnaligned(fromByteOffset: count - 4, as: UInt32.self))
            return low | high << 32
        }
        if count == 0 { return 0 }
        return UInt64(bytes[0]) | UInt64(bytes[count / 2]) << 8 | UInt64(bytes[count - 1]) << 16
    }

    @inline(__always)
    private static func fold(_ a: UInt64, _ b: UInt64) -> UInt64 {
        let product = a.multipliedFullWidth(by: b)
        return product.high ^ product.low
    }
}
