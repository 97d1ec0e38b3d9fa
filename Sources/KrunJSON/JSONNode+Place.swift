public import KrunDiagnostics

extension JSONNode {
    /// The JSON path, such as `$.steps[1].expect.keys.alice`, or `$.a["two words"]`.
    public var path: String { document.index.path(of: index, in: bytes) }

    /// Where the value stands; of one on several lines, its part of the first.
    public var place: Place { document.source.place(entry.range, path: path) }

    /// Where the member's name stands, when this is the value of one; otherwise `place`.
    public var keyPlace: Place {
        entry.hasName ? document.source.place(entry.nameRange, path: path) : place
    }

    /// For a string: where `length` scalars of its content, from the 0-based scalar `offset` on, stand in the file
    /// (escapes counted as the one scalar they mean); for anything else `place`.
    ///
    /// What is beyond the end of the content stands at the closing quote.
    public func place(ofScalarsAt offset: Int, length: Int) -> Place {
        guard kind == .string else { return place }
        let end = Int(entry.end) - 1
        var position = Int(entry.start) + 1
        func skip(_ count: Int) {
            var left = count
            while left > 0, position < end {
                position += sourceLengthOfScalar(at: position)
                left -= 1
            }
        }
        skip(offset)
        let start = position
        skip(length)
        return document.source.place(start..<max(position, start + 1), path: path)
    }

    /// How many bytes the scalar of a string's content takes that is written at `position`.
    private func sourceLengthOfScalar(at position: Int) -> Int {
        let byte = bytes[position]
        if byte == UInt8(ascii: "\\") {
            guard bytes[position + 1] == UInt8(ascii: "u") else { return 2 }
            // Valid text: D800 to DFFF is the first half of a pair.
            let isSurrogate =
                bytes[position + 2] | 0x20 == UInt8(ascii: "d") && bytes[position + 3] >= UInt8(ascii: "8")
            return isSurrogate ? 12 : 6
        }
        return byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4
    }
}
