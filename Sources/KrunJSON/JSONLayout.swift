public import KrunDiagnostics

/// The one way in which a JSON text is laid out: what fits on a line stands on one, and of everything else each member and element has its own.
///
/// Strings, numbers and words stay as they were written, byte for byte; only white space and, where that is asked for, the order of
/// members changes.
public struct JSONLayout {
    /// How many columns a line has at most, where anything in it can be given a line of its own.
    public static let width = 100

    private static let indentation = 2
    /// Wider than any line.
    private static let tooWide = width + 1

    private let document: JSONDocument
    /// By object: its members in the order in which they are written; those of the file where there is none.
    private var orders: [Int32: [Int32]] = [:]
    /// Objects and arrays that have a line for each member and element, whether they would fit or not.
    private var broken: Set<Int32> = []

    public init(_ document: JSONDocument) {
        self.document = document
    }

    /// The members of an object stand in this order from now on: the same ones as in the file, each once.
    public mutating func order(_ object: JSONNode, _ members: [JSONMember]) {
        orders[object.index] = members.map(\.value.index)
    }

    /// The object or array has a line for each member and element from now on, unless it is empty.
    public mutating func breakApart(_ node: JSONNode) {
        if node.count > 0 { broken.insert(node.index) }
    }

    /// The text, with a line end.
    ///
    /// - Throws: that it would be larger than a file may be (`JSONDocument.sizeLimit`): indentation grows with each level.
    public func text() throws(Diagnostics) -> [UInt8] {
        var writer = Writer(layout: self, widths: widths())
        guard writer.write(0, depth: 0, follows: 0), writer.text.count < JSONDocument.sizeLimit else {
            throw Diagnostics(
                Diagnostic(
                    .invalid,
                    "\(document.file) would be larger than \(JSONDocument.sizeLimit / (1 << 20)) MiB with each value on its own line",
                    notes: ["its values are nested too deep for a file of that size"]))
        }
        return writer.text + [UInt8(ascii: "\n")]
    }

    /// How many columns each value takes on one line; `tooWide` for more than a line has.
    private func widths() -> [Int] {
        let entries = document.index.entries
        var widths = Array(repeating: 0, count: entries.count)
        for index in entries.indices.reversed() {
            let entry = entries[index]
            var width = widths[index]
            switch entry.kind {
            case .array: width += entry.count == 0 ? 2 : 2 + 2 * (Int(entry.count) - 1)
            // With a space inside either brace.
            case .object: width += entry.count == 0 ? 2 : 4 + 2 * (Int(entry.count) - 1)
            default: width = columns(of: entry.range)
            }
            if broken.contains(Int32(index)) { width = Self.tooWide }
            widths[index] = min(width, Self.tooWide)
            guard entry.parent >= 0 else { continue }
            let name = entry.hasName ? columns(of: entry.nameRange) + 2 : 0
            widths[Int(entry.parent)] = min(widths[Int(entry.parent)] + name + widths[index], Self.tooWide)
        }
        return widths
    }

    private func columns(of range: Range<Int>) -> Int {
        let bytes = document.source.bytes[range]
        // A column takes at most four bytes, marks without end aside.
        if bytes.allSatisfy({ $0 < 0x80 }) || bytes.count > 8 * Self.width { return bytes.count }
        return TerminalText.cells(String(decoding: bytes, as: UTF8.self))
    }

    private struct Writer {
        let layout: JSONLayout
        let widths: [Int]
        var text: [UInt8] = []

        /// - Parameter follows: how many columns stand behind the value on its last line: the comma.
        /// - Returns: false where there is too much of it.
        mutating func write(_ index: Int32, depth: Int, follows: Int) -> Bool {
            let entry = layout.document.index.entries[Int(index)]
            let isList = entry.kind == .array || entry.kind == .object
            let start = JSONLayout.indentation * depth + nameColumns(of: entry)
            guard isList, entry.count > 0, start + widths[Int(index)] + follows > JSONLayout.width else {
                writeLine(index)
                return true
            }
            text.append(entry.kind == .array ? UInt8(ascii: "[") : UInt8(ascii: "{"))
            let children = layout.orders[index] ?? layout.document.index.children(of: index)
            for (position, child) in children.enumerated() {
                breakLine(depth + 1)
                writeName(of: child)
                let isLast = position == children.count - 1
                guard text.count < JSONDocument.sizeLimit, write(child, depth: depth + 1, follows: isLast ? 0 : 1)
                else { return false }
                if !isLast { text.append(UInt8(ascii: ",")) }
            }
            breakLine(depth)
            text.append(entry.kind == .array ? UInt8(ascii: "]") : UInt8(ascii: "}"))
            return true
        }

        private func nameColumns(of entry: JSONIndex.Entry) -> Int {
            entry.hasName ? layout.columns(of: entry.nameRange) + 2 : 0
        }

        /// All of it on this line. No deeper than a line is wide, or it would not fit.
        private mutating func writeLine(_ index: Int32) {
            let entry = layout.document.index.entries[Int(index)]
            guard entry.kind == .array || entry.kind == .object else {
                text += layout.document.source.bytes[entry.range]
                return
            }
            let isArray = entry.kind == .array
            text.append(isArray ? UInt8(ascii: "[") : UInt8(ascii: "{"))
            let children = layout.orders[index] ?? layout.document.index.children(of: index)
            for (position, child) in children.enumerated() {
                if position > 0 { text.append(UInt8(ascii: ",")) }
                if position > 0 || !isArray { text.append(UInt8(ascii: " ")) }
                writeName(of: child)
                writeLine(child)
            }
            if !isArray, !children.isEmpty { text.append(UInt8(ascii: " ")) }
            text.append(isArray ? UInt8(ascii: "]") : UInt8(ascii: "}"))
        }

        private mutating func writeName(of index: Int32) {
            let entry = layout.document.index.entries[Int(index)]
            guard entry.hasName else { return }
            text += layout.document.source.bytes[entry.nameRange]
            text += ": ".utf8
        }

        private mutating func breakLine(_ depth: Int) {
            text.append(UInt8(ascii: "\n"))
            text += repeatElement(UInt8(ascii: " "), count: JSONLayout.indentation * depth)
        }
    }
}
