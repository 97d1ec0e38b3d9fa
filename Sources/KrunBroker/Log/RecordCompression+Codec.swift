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
