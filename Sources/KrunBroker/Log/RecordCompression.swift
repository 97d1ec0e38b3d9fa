internal import CLZ4
internal import CSnappy
internal import CZlib
internal import CZstd

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Darwin
#endif

/// The codec of a record batch: the lowest three bits of its attributes (message format v2).
package enum RecordCompression: Int16, Sendable, CaseIterable {
    case none = 0
    case gzip = 1
    case snappy = 2
    case lz4 = 3
    case zstd = 4
}

extension RecordCompression {
    /// The plain bytes; nil when they are not whole and well formed or there would be more of them than `limit`.
    ///
    /// - Precondition: not `.none`, whose bytes are plain already.
    func decompress(_ input: UnsafeRawBufferPointer, limit: Int) -> GrowingBuffer? {
        let output = GrowingBuffer(limit: limit)
        let isWhole =
            switch self {
            case .none: preconditionFailure("nothing to decompress")
            case .gzip: Gzip.decompress(input, into: output)
            case .snappy: Snappy.decompress(input, into: output)
            case .lz4: LZ4.decompress(input, into: output)
            case .zstd: Zstd.decompress(input, into: output)
            }
        return isWhole ? output : nil
    }

    /// The bytes as this codec writes them, at the levels that a configuration asks for.
    package func compress(_ input: [UInt8], levels: LogConfiguration) -> [UInt8] {
        input.withUnsafeBytes { plain in
            switch self {
            case .none: input
            case .gzip: Gzip.compress(plain, level: levels.gzipLevel)
            case .snappy: Snappy.compress(plain)
            case .lz4: LZ4.compress(plain, level: levels.lz4Level)
            case .zstd: Zstd.compress(plain, level: levels.zstdLevel)
            }
        }
    }
}

/// Memory that grows as a decompressor fills it, up to a limit: what a batch says of its size is never believed.
final class GrowingBuffer {
    private var base: UnsafeMutableRawPointer?
    private var capacity = 0
    private let limit: Int
    private(set) var count = 0

    /// Nothing is taken before the first `room`.
    init(limit: Int) {
        self.limit = limit
    }

    deinit {
        free(base)
    }

    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: count) }

    /// Free room at the end of at least `bytes`, more if it is there already; nil when the limit or the machine is in
    /// the way.
    func room(for bytes: Int) -> UnsafeMutableRawBufferPointer? {
        if capacity - count < bytes {
            guard bytes <= limit - count else { return nil }
            let wanted = min(limit, max(count + bytes, capacity * 2))
            guard let grown = realloc(base, wanted) else { return nil }
            base = grown
            capacity = wanted
        }
        return UnsafeMutableRawBufferPointer(start: base.map { $0 + count }, count: capacity - count)
    }

    /// Counts bytes that were written into the room.
    func advance(by bytes: Int) {
        count += bytes
    }
}

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
