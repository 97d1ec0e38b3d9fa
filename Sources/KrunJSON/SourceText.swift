package import KrunDiagnostics

/// The bytes of a file, or of one line of it, with what it takes to say in which line and column one of them stands.
package struct SourceText: Sendable {
    /// How many scalars of a line an excerpt shows at most, and how many of them before the place.
    static let excerptLength = 160
    private static let excerptLead = 60
    private static let blockShift = 12

    let file: String
    let bytes: [UInt8]
    /// Whether the bytes are one line of the file.
    let isLine: Bool
    private let firstLine: Int
    /// The offset of each line's first byte.
    private let lineStarts: [Int32]
    /// How many scalars begin before each block of 4 KiB: a column in a line of megabytes is not counted from its start.
    private let scalarsBeforeBlock: [Int32]

    /// - Parameter line: the 1-based number of the line that the bytes are, where they are no whole file.
    package init(_ bytes: [UInt8], file: String, line: Int? = nil) {
        self.file = file
        self.bytes = bytes
        isLine = line != nil
        firstLine = line ?? 1
        var lineStarts: [Int32] = [0]
        var scalarsBeforeBlock: [Int32] = []
        var scalars: Int32 = 0
        bytes.withUnsafeBufferPointer { buffer in
            for index in buffer.indices {
                if index & (1 << Self.blockShift - 1) == 0 { scalarsBeforeBlock.append(scalars) }
                let byte = buffer[index]
                if byte & 0xC0 != 0x80 { scalars += 1 }
                if byte == UInt8(ascii: "\n") { lineStarts.append(Int32(index + 1)) }
            }
        }
        if bytes.count & (1 << Self.blockShift - 1) == 0 { scalarsBeforeBlock.append(scalars) }
        self.lineStarts = lineStarts
        self.scalarsBeforeBlock = scalarsBeforeBlock
    }

    /// What the bytes are, for sentences.
    var noun: String { isLine ? "line" : "file" }

    /// The 1-based line of the byte at `offset`.
    func line(of offset: Int) -> Int { firstLine + lineIndex(of: offset) }

    private func lineIndex(of offset: Int) -> Int {
        var low = 0
        var high = lineStarts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if Int(lineStarts[middle]) <= offset { low = middle } else { high = middle }
        }
        return low
    }

    /// The 1-based column, in scalars, of the byte at `offset`.
    func column(of offset: Int) -> Int {
        scalars(before: offset) - scalars(before: Int(lineStarts[lineIndex(of: offset)])) + 1
    }

    /// The place of the bytes in `range`, as far as they are on the line where it begins.
    package func place(_ range: Range<Int>, path: String) -> Place {
        let line = lineIndex(of: range.lowerBound)
        let content = content(ofLine: line)
        let lower = min(range.lowerBound, content.upperBound)
        let upper = min(max(range.upperBound, lower), content.upperBound)
        let shown = window(around: lower, in: content)
        let beforeLine = scalars(before: content.lowerBound)
        let beforePlace = scalars(before: lower)
        return Place(
            file: file, line: firstLine + line, column: beforePlace - beforeLine + 1,
            length: max(1, scalars(before: upper) - beforePlace), path: path,
            excerpt: String(decoding: bytes[shown], as: UTF8.self),
            excerptColumn: scalars(before: shown.lowerBound) - beforeLine + 1,
            isExcerptCut: shown.upperBound < content.upperBound)
    }

    /// The end of the line's content, without its line break, on which `offset` stands.
    func endOfLine(at offset: Int) -> Int {
        content(ofLine: lineIndex(of: offset)).upperBound
    }

    /// The bytes of the line with that 0-based index, without its line break.
    private func content(ofLine line: Int) -> Range<Int> {
        let start = Int(lineStarts[line])
        var end = line + 1 < lineStarts.count ? Int(lineStarts[line + 1]) - 1 : bytes.count
        if end > start, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
        return start..<end
    }

    private func window(around offset: Int, in content: Range<Int>) -> Range<Int> {
        if content.count <= Self.excerptLength { return content }
        if scalars(before: content.upperBound) - scalars(before: content.lowerBound) <= Self.excerptLength {
            return content
        }
        let (start, lead) = back(from: offset, by: Self.excerptLead, to: content.lowerBound)
        var end = offset
        var shown = lead
        while end < content.upperBound, shown < Self.excerptLength {
            end += 1
            while end < content.upperBound, isContinuation(end) { end += 1 }
            shown += 1
        }
        return back(from: start, by: Self.excerptLength - shown, to: content.lowerBound).offset..<end
    }

    private func back(from offset: Int, by limit: Int, to lowest: Int) -> (offset: Int, steps: Int) {
        var offset = offset
        var steps = 0
        while offset > lowest, steps < limit {
            offset -= 1
            while offset > lowest, isContinuation(offset) { offset -= 1 }
            steps += 1
        }
        return (offset, steps)
    }

    private func isContinuation(_ offset: Int) -> Bool {
        bytes[offset] & 0xC0 == 0x80
    }

    private func scalars(before offset: Int) -> Int {
        let block = offset >> Self.blockShift
        var count = Int(scalarsBeforeBlock[block])
        bytes.withUnsafeBufferPointer { buffer in
            for index in (block << Self.blockShift)..<offset where buffer[index] & 0xC0 != 0x80 { count += 1 }
        }
        return count
    }
}

extension SourceText {
    /// Why what stands from `start` on is no text in UTF-8, or that it has a NUL byte; nil where it is one.
    package func problemOfText(from start: Int) -> Diagnostic? {
        guard start < bytes.count else { return nil }
        return TextCheck(source: self).problemOfEncoding(from: start)
    }
}

// MARK: - Quoting

/// Parts of the file as a sentence quotes them.
extension SourceText {
    /// How many scalars of a name, number or word are quoted.
    private static let quotedLength = 40

    func text(_ range: Range<Int>) -> String {
        String(decoding: bytes[range], as: UTF8.self)
    }

    /// The text as it was written, cut where it is long.
    func quoted(_ range: Range<Int>) -> String {
        // A scalar has at most four bytes, so that not more than these need to be looked at.
        let start = text(range.prefix(4 * (Self.quotedLength + 1))).unicodeScalars
        if start.count <= Self.quotedLength { return text(range) }
        return String(String.UnicodeScalarView(start.prefix(Self.quotedLength))) + "…"
    }

    /// The name or string with its quotes as it was written, cut where it is long.
    func quotedString(_ range: Range<Int>) -> String {
        "\"\(quoted(range.dropFirst().dropLast()))\""
    }
}
