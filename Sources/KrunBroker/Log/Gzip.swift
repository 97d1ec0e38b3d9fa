internal import CZlib

/// RFC 1952, one or more members, as Java's streams read it.
enum Gzip {
    /// False when the bytes are not whole and well formed, or the output's limit is reached.
    static func decompress(_ input: UnsafeRawBufferPointer, into output: GrowingBuffer) -> Bool {
        var stream = z_stream()
        // 16 asks for the gzip wrapping.
        guard inflateInit2_(&stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            return false
        }
        defer { inflateEnd(&stream) }
        stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress?.assumingMemoryBound(to: UInt8.self))
        stream.avail_in = UInt32(clamping: input.count)
        while true {
            // A byte at least must be writable for the end of a stream to be noticed.
            guard let room = output.room(for: max(1, min(input.count * 2, 1 << 16))) ?? output.room(for: 1) else {
                return false
            }
            let available = min(room.count, 1 << 30)
            stream.next_out = room.baseAddress?.assumingMemoryBound(to: UInt8.self)
            stream.avail_out = UInt32(available)
            let status = inflate(&stream, Z_NO_FLUSH)
            output.advance(by: available - Int(stream.avail_out))
            switch status {
            case Z_OK:
                if stream.avail_in == 0 && stream.avail_out > 0 { return false }
            case Z_STREAM_END:
                if stream.avail_in == 0 { return true }
                guard inflateReset(&stream) == Z_OK else { return false }
            case Z_BUF_ERROR where stream.avail_out == 0:
                continue
            default:
                return false
            }
        }
    }

    static func compress(_ input: UnsafeRawBufferPointer, level: Int32) -> [UInt8] {
        var stream = z_stream()
        let status = deflateInit2_(
            &stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size))
        precondition(status == Z_OK, "zlib \(status)")
        defer { deflateEnd(&stream) }
        let bound = Int(deflateBound(&stream, UInt(input.count)))
        return [UInt8](unsafeUninitializedCapacity: bound) { output, count in
            stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress?.assumingMemoryBound(to: UInt8.self))
            stream.avail_in = UInt32(input.count)
            stream.next_out = output.baseAddress
            stream.avail_out = UInt32(output.count)
            let status = deflate(&stream, Z_FINISH)
            precondition(status == Z_STREAM_END, "zlib \(status)")
            count = output.count - Int(stream.avail_out)
        }
    }
}
