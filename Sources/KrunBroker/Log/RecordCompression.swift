/// The codec of a record batch: the lowest three bits of its attributes (message format v2).
package enum RecordCompression: Int16, Sendable, CaseIterable {
    case none = 0
    case gzip = 1
    case snappy = 2
    case lz4 = 3
    case zstd = 4
}
