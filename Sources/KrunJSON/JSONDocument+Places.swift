public import KrunDiagnostics

extension JSONDocument {
    /// The value that begins at the place; nil where none does, such as where a member's name stands.
    ///
    /// - Parameter place: of this text.
    public func value(at place: Place) -> JSONNode? {
        guard let start = source.offset(line: place.line, column: place.column) else { return nil }
        // In the order of the text, and no two begin at one place.
        let entries = index.entries
        var (low, high) = (0, entries.count)
        while low < high {
            let middle = (low + high) / 2
            if Int(entries[middle].start) < start { low = middle + 1 } else { high = middle }
        }
        guard low < entries.count, Int(entries[low].start) == start else { return nil }
        return JSONNode(document: self, index: Int32(low))
    }
}

extension JSONNode {
    /// Which bytes of the text are the value's.
    public var sourceRange: Range<Int> { entry.range }
}

extension SourceText {
    /// The byte at a 1-based line and column; nil where there is none.
    fileprivate func offset(line: Int, column: Int) -> Int? {
        var position = 0
        for _ in 1..<max(1, line) {
            guard let end = bytes[position...].firstIndex(of: UInt8(ascii: "\n")) else { return nil }
            position = end + 1
        }
        var left = column - 1
        while left > 0, position < bytes.count {
            position += 1
            while position < bytes.count, bytes[position] & 0xC0 == 0x80 { position += 1 }
            left -= 1
        }
        return left == 0 && position < bytes.count ? position : nil
    }
}
