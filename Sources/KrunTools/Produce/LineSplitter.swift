#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Cuts bytes that come in portions into lines, without copying one that came whole.
///
/// A line ends with a line feed, or with a carriage return before it; what follows the last of them is a line unless it is empty.
struct LineSplitter: ~Copyable {
    /// A line has more bytes than are kept.
    struct LineTooLong: Error {}

    /// 64 MiB: more than a message may have anywhere, in base64.
    static let longest = 64 << 20

    private var buffer: UnsafeMutableRawBufferPointer
    private let limit: Int
    private var start = 0
    /// Up to where there is no line feed.
    private var searched = 0
    private var end = 0
    /// Whether there are no more portions.
    private(set) var isAtEnd = false

    /// - Parameters:
    ///   - portion: how many bytes are asked for at a time, at least.
    ///   - limit: how many bytes a line may have.
    init(portion: Int = 256 << 10, limit: Int = LineSplitter.longest) {
        buffer = .allocate(byteCount: portion, alignment: 16)
        self.limit = limit
    }

    deinit {
        buffer.deallocate()
    }

    /// The next line without its end, valid until the next call; nil where another portion is needed or nothing is left.
    mutating func next() -> UnsafeRawBufferPointer? {
        let base = UnsafeRawPointer(buffer.baseAddress!)
        if searched < end, let found = memchr(base + searched, 10, end - searched) {
            let lineEnd = UnsafeRawPointer(found) - base
            let hasReturn = lineEnd > start && buffer[lineEnd - 1] == 13
            let line = UnsafeRawBufferPointer(start: base + start, count: lineEnd - start - (hasReturn ? 1 : 0))
            start = lineEnd + 1
            searched = start
            return line
        }
        searched = end
        guard isAtEnd, start < end else { return nil }
        let line = UnsafeRawBufferPointer(start: base + start, count: end - start)
        start = end
        return line
    }

    /// Asks for another portion; `read` returns how many bytes it has put there, 0 at the end.
    mutating func fill(_ read: (UnsafeMutableRawBufferPointer) throws -> Int) throws {
        if start > 0 {
            buffer.baseAddress!.copyMemory(from: buffer.baseAddress! + start, byteCount: end - start)
            end -= start
            searched -= start
            start = 0
        }
        if end == buffer.count {
            guard end < limit else { throw LineTooLong() }
            let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: min(2 * end, limit), alignment: 16)
            larger.copyMemory(from: UnsafeRawBufferPointer(buffer))
            buffer.deallocate()
            buffer = larger
        }
        let count = try read(UnsafeMutableRawBufferPointer(rebasing: buffer[end...]))
        end += count
        if count == 0 { isAtEnd = true }
    }
}
