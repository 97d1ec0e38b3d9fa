internal import CSnappy

/// Snappy in the framing of xerial's snappy-java, which is what Kafka means by it, or bare, as some clients send it.
///
/// The framing is a header of 16 bytes (0x82 "SNAPPY" 0x00, version, lowest compatible version), then blocks, each
/// after its compressed length as a big-endian Int32.
enum Snappy {
    private static let magic: [UInt8] = [0x82, 0x53, 0x4E, 0x41, 0x50, 0x50, 0x59, 0x00]
    private static let headerSize = 16
    private static let blockSize = 32 * 1024

    /// False when the bytes are not whole and well formed, or the output's limit is reached.
    static func decompress(_ input: UnsafeRawBufferPointer, into output: GrowingBuffer) -> Bool {
        guard input.count >= magic.count, input.prefix(magic.count).elementsEqual(magic) else {
            return decompressBlock(input, into: output)
        }
        guard input.count >= headerSize, let base = input.baseAddress else { return false }
        var position = headerSize
        while position < input.count {
            guard input.count - position >= 4 else { return false }
            let length = Int(base.bigEndian(at: position, as: Int32.self))
            position += 4
            guard length >= 0, length <= input.count - position,
                decompressBlock(UnsafeRawBufferPointer(start: base + position, count: length), into: output)
            else { return false }
            position += length
        }
        return true
    }

    private static func decompressBlock(_ block: UnsafeRawBufferPointer, into output: GrowingBuffer) -> Bool {
        var length = 0
        let compressed = block.baseAddress?.assumingMemoryBound(to: CChar.self)
        // The length is what the block claims: one that no block of this size can have (a copy of 3 bytes gives at most
        // 64) is refused before memory is taken for it.
        guard snappy_uncompressed_length(compressed, block.count, &length) == SNAPPY_OK, length / 64 <= block.count,
            let room = output.room(for: length)
        else { return false }
        if length == 0 { return snappy_validate_compressed_buffer(compressed, block.count) == SNAPPY_OK }
        let plain = room.baseAddress?.assumingMemoryBound(to: CChar.self)
        guard snappy_uncompress(compressed, block.count, plain, &length) == SNAPPY_OK else { return false }
        output.advance(by: length)
        return true
    }

    /// In xerial's framing.
    static func compress(_ input: UnsafeRawBufferPointer) -> [UInt8] {
        var result = magic + [0, 0, 0, 1, 0, 0, 0, 1]
        var position = 0
        while position < input.count {
            let block = input[position..<min(position + blockSize, input.count)]
            var length = snappy_max_compressed_length(block.count)
            let compressed = [UInt8](unsafeUninitializedCapacity: length) { output, count in
                let source = UnsafeRawBufferPointer(rebasing: block).baseAddress?.assumingMemoryBound(to: CChar.self)
                let status = output.withMemoryRebound(to: CChar.self) {
                    snappy_compress(source, block.count, $0.baseAddress, &length)
                }
                precondition(status == SNAPPY_OK, "snappy \(status)")
                count = length
            }
            withUnsafeBytes(of: Int32(length).bigEndian) { result.append(contentsOf: $0) }
            result.append(contentsOf: compressed)
            position += block.count
        }
        return result
    }
}
