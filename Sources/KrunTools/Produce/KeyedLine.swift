#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A message in a line of text, `key:value`.
struct KeyedLine {
    /// Nil where the line has no separator.
    let key: UnsafeRawBufferPointer?
    /// Nil for a tombstone.
    let value: UnsafeRawBufferPointer?

    /// Splits the line, whose bytes must outlive this, at the first separator; with an empty separator all of it is the value.
    init(_ line: UnsafeRawBufferPointer, separator: [UInt8], emptyIsTombstone: Bool) {
        var value = line
        if let position = Self.position(of: separator, in: line) {
            key = UnsafeRawBufferPointer(rebasing: line[..<position])
            value = UnsafeRawBufferPointer(rebasing: line[(position + separator.count)...])
        } else {
            key = nil
        }
        self.value = value.isEmpty && emptyIsTombstone ? nil : value
    }

    private static func position(of separator: [UInt8], in line: UnsafeRawBufferPointer) -> Int? {
        guard let first = separator.first, let start = line.baseAddress else { return nil }
        var offset = 0
        while offset + separator.count <= line.count {
            guard let found = memchr(start + offset, Int32(first), line.count - offset - separator.count + 1) else {
                return nil
            }
            let position = UnsafeRawPointer(found) - start
            if line[position..<position + separator.count].elementsEqual(separator) { return position }
            offset = position + 1
        }
        return nil
    }
}
