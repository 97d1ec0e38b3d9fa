/// The variable-length integers of records: little endian in groups of 7 bits, after zigzag (Kafka's documentation,
/// "Record").
enum Varint {
    /// Reads one of at most 5 bytes; nil when it is longer or the bytes end first.
    @inline(__always)
    static func int32(_ p: inout UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>) -> Int32? {
        guard p < end else { return nil }
        let first = UInt32(p.pointee)
        if first < 0x80 {
            p += 1
            return zigzag(first)
        }
        if end - p >= 2, p[1] < 0x80 {
            let both = (first & 0x7F) | UInt32(p[1]) &<< 7
            p += 2
            return zigzag(both)
        }
        guard let raw = long(&p, end, maxBytes: 5) else { return nil }
        return zigzag(UInt32(truncatingIfNeeded: raw))
    }

    /// Reads one of at most 10 bytes; nil when it is longer or the bytes end first.
    @inline(__always)
    static func int64(_ p: inout UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>) -> Int64? {
        guard p < end else { return nil }
        let first = UInt64(p.pointee)
        if first < 0x80 {
            p += 1
            return zigzag(first)
        }
        if end - p >= 2, p[1] < 0x80 {
            let both = (first & 0x7F) | UInt64(p[1]) &<< 7
            p += 2
            return zigzag(both)
        }
        guard let value = long(&p, end, maxBytes: 10) else { return nil }
        return zigzag(value)
    }

    @inline(__always)
    private static func zigzag(_ value: UInt32) -> Int32 { Int32(bitPattern: (value >> 1) ^ (0 &- (value & 1))) }

    @inline(__always)
    private static func zigzag(_ value: UInt64) -> Int64 { Int64(bitPattern: (value >> 1) ^ (0 &- (value & 1))) }

    @inline(__always)
    private static func long(
        _ p: inout UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>, maxBytes: Int
    ) -> UInt64? {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        let last = p + min(maxBytes, end - p)
        while p < last {
            let byte = UInt64(p.pointee)
            p += 1
            value |= (byte & 0x7F) &<< shift
            if byte < 0x80 { return value }
            shift += 7
        }
        return nil
    }

    static func append(_ value: Int32, to bytes: inout [UInt8]) {
        append(Int64(value), to: &bytes)
    }

    static func append(_ value: Int64, to bytes: inout [UInt8]) {
        var rest = UInt64(bitPattern: (value &<< 1) ^ (value >> 63))
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    /// How many bytes `append` writes.
    static func size(_ value: Int64) -> Int {
        let rest = UInt64(bitPattern: (value &<< 1) ^ (value >> 63))
        return max(1, (64 - rest.leadingZeroBitCount + 6) / 7)
    }
}

extension UnsafeRawPointer {
    /// The integer written there most significant byte first; unaligned. The caller knows that the bytes are there.
    @inline(__always)
    func bigEndian<T: FixedWidthInteger & BitwiseCopyable>(at offset: Int, as type: T.Type = T.self) -> T {
        T(bigEndian: loadUnaligned(fromByteOffset: offset, as: T.self))
    }
}

extension UnsafeMutableRawPointer {
    /// Writes an integer there most significant byte first; unaligned. The caller knows that there is room.
    @inline(__always)
    func storeBigEndian<T: FixedWidthInteger & BitwiseCopyable>(_ value: T, at offset: Int) {
        storeBytes(of: value.bigEndian, toByteOffset: offset, as: T.self)
    }
}
