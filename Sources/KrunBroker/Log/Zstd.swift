internal import CZstd

/// Zstandard frames (RFC 8878), one or more.
enum Zstd {
    /// No frame may ask for a window of more than 128 MiB, the library's own bound and what its highest level uses: the
    /// decoder allocates one, though it touches only what it fills.
    private static let maxWindowLog: Int32 = 27

    /// False when the bytes are not whole and well formed, or the output's limit is reached.
    static func decompress(_ input: UnsafeRawBufferPointer, into output: GrowingBuffer) -> Bool {
        guard let stream = ZSTD_createDStream() else { return false }
        defer { ZSTD_freeDStream(stream) }
        _ = ZSTD_DCtx_setParameter(stream, ZSTD_d_windowLogMax, maxWindowLog)
        var source = ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: 0)
        while true {
            guard let room = output.room(for: max(1, min(input.count * 2, 1 << 17))) ?? output.room(for: 1) else {
                return false
            }
            var target = ZSTD_outBuffer(dst: room.baseAddress, size: room.count, pos: 0)
            let before = source.pos
            let hint = ZSTD_decompressStream(stream, &target, &source)
            guard ZSTD_isError(hint) == 0 else { return false }
            output.advance(by: target.pos)
            // 0 is the end of a frame; what follows would be another.
            if hint == 0 && source.pos == source.size { return true }
            if target.pos == 0 && source.pos == before { return false }
        }
    }

    static func compress(_ input: UnsafeRawBufferPointer, level: Int32) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: ZSTD_compressBound(input.count)) { output, count in
            count = ZSTD_compress(output.baseAddress, output.count, input.baseAddress, input.count, level)
            precondition(ZSTD_isError(count) == 0, "zstd")
        }
    }
}
