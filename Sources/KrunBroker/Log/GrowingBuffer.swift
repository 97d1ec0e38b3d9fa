#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Darwin
#endif

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
