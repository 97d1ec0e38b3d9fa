internal import CLZ4

/// LZ4 frames (lz4_Frame_format.md), which message format v2 uses.
enum LZ4 {
    /// False when the bytes are not whole and well formed, or the output's limit is reached.
    static func decompress(_ input: UnsafeRawBufferPointer, into output: GrowingBuffer) -> Bool {
        var context: OpaquePointer?
        guard LZ4F_isError(LZ4F_createDecompressionContext(&context, UInt32(LZ4F_VERSION))) == 0 else { return false }
        defer { LZ4F_freeDecompressionContext(context) }
        guard let base = input.baseAddress else { return false }
        var position = 0
        while true {
            guard let room = output.room(for: max(1, min(input.count * 2, 1 << 16))) ?? output.room(for: 1) else {
                return false
            }
            var written = room.count
            var read = input.count - position
            let hint = LZ4F_decompress(context, room.baseAddress, &written, base + position, &read, nil)
            guard LZ4F_isError(hint) == 0 else { return false }
            output.advance(by: written)
            position += read
            // 0 is the end of a frame; what follows would be another.
            if hint == 0 && position == input.count { return true }
            if read == 0 && written == 0 { return false }
        }
    }

    static func compress(_ input: UnsafeRawBufferPointer, level: Int32) -> [UInt8] {
        var preferences = LZ4F_preferences_t()
        preferences.compressionLevel = level
        preferences.frameInfo.blockMode = LZ4F_blockIndependent
        return [UInt8](unsafeUninitializedCapacity: LZ4F_compressFrameBound(input.count, &preferences)) {
            output, count in
            count = LZ4F_compressFrame(output.baseAddress, output.count, input.baseAddress, input.count, &preferences)
            precondition(LZ4F_isError(count) == 0, "lz4")
        }
    }
}
