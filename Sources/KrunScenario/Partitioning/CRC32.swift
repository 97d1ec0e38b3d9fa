/// The CRC-32 of zlib and Ethernet: reflected, polynomial `0xedb88320`.
enum CRC32 {
    static func hash(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
        var remainder: UInt32 = 0xffff_ffff
        for byte in bytes {
            remainder = table[Int((remainder ^ UInt32(byte)) & 0xff)] ^ (remainder >> 8)
        }
        return ~remainder
    }

    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { value, _ in
            value & 1 == 1 ? 0xedb8_8320 ^ (value >> 1) : value >> 1
        }
    }
}
