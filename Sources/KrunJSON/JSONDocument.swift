public import KrunDiagnostics

/// A JSON text that was read whole: the values, and for each where it stands and its own source text.
public final class JSONDocument: Sendable {
    /// The largest text that is read, in bytes: 8 MiB.
    public static let sizeLimit = 8 * 1024 * 1024

    /// How many duplicate names are reported at most.
    static let duplicateLimit = 1000

    let source: SourceText
    let index: JSONIndex

    private init(source: SourceText, index: JSONIndex) {
        self.source = source
        self.index = index
    }

    /// What to say of a file that is too large to be read at all.
    public static func tooLarge(size: Int, file: String, limit: Int = sizeLimit) -> Diagnostics {
        Diagnostics(TextCheck.tooLarge(size, file: file, limit: limit))
    }

    /// What to say of a text that comes in pieces, such as from a pipe, and has no end within the limit.
    public static func endless(file: String, limit: Int = sizeLimit) -> Diagnostics {
        Diagnostics(TextCheck.endless(file: file, limit: limit))
    }

    /// Reads `bytes` as one JSON value of any kind.
    ///
    /// - Parameters:
    ///   - sizeLimit: how many bytes it may have at most.
    ///   - valueLimit: more values than that are refused before memory is taken for them.
    ///   - line: the 1-based number of the line of the file that `bytes` are, where they are one line and not the file.
    ///   - allowsNUL: whether strings, though no names, may have the escape `\u0000`, as JSON has it. What people write has other forms for bytes.
    /// - Throws: everything that is wrong with the text as JSON: a syntax error (the first), or all duplicate names
    ///   (the first thousand). Each is of kind `.invalid` and has a place.
    public static func parse(
        _ bytes: [UInt8], file: String, line: Int? = nil, sizeLimit: Int = sizeLimit, valueLimit: Int = .max,
        allowsNUL: Bool = false
    ) throws(Diagnostics) -> JSONDocument {
        guard bytes.count <= sizeLimit else {
            throw Diagnostics(TextCheck.tooLarge(bytes.count, file: file, line: line, limit: sizeLimit))
        }
        let source = SourceText(bytes, file: file, line: line)
        if let problem = TextCheck(source: source).tooManyValues(valueLimit) { throw Diagnostics(problem) }
        var complaint = Jansson.complaint(bytes, allowsNUL: allowsNUL)
        if complaint != nil, let problem = TextCheck(source: source).problem() { throw Diagnostics(problem) }
        var scanner = JSONScanner(source, allowsNUL: allowsNUL)
        var index: JSONIndex
        do throws(Diagnostic) {
            index = try scanner.scan()
        } catch {
            throw Diagnostics(error)
        }
        // Numbers may have any size here: whether all the rest is JSON, Jansson says without those that are too large for it.
        if complaint?.isOverflow == true {
            complaint = Jansson.complaint(index.withoutLargeNumbers(source.bytes), allowsNUL: allowsNUL)
        }
        // The scanner knows every reason for which Jansson refuses a text; should a newer one have more, its words do.
        if let complaint {
            let place = source.place(complaint.offset..<complaint.offset, path: "")
            throw Diagnostics(Diagnostic(.invalid, "the text is not JSON: \(complaint.text)", at: place))
        }
        let duplicates = index.findNames(in: source, limit: duplicateLimit)
        guard duplicates.isEmpty else { throw Diagnostics(duplicates) }
        return JSONDocument(source: source, index: index)
    }

    /// The file's name as the user gave it.
    public var file: String { source.file }

    public var root: JSONNode { JSONNode(document: self, index: 0) }
}

/// Where every value of a text stands: one entry per value, in the order of the text, each before what is in it.
struct JSONIndex: Sendable {
    struct Entry: Sendable {
        var kind: JSONKind
        /// Whether the source text of the string, or of the member's name, has a backslash.
        var isEscaped = false
        var isNameEscaped = false
        /// The value's source text; for a string with its quotes.
        var start: Int32
        var end: Int32
        /// The entry of the array or object it is in; -1 for the root.
        var parent: Int32
        /// Its 0-based position in there.
        var ordinal: Int32
        /// The name's source text with its quotes; empty when this is no member's value.
        var nameStart: Int32 = 0
        var nameEnd: Int32 = 0
        /// How many elements or members it has.
        var count: Int32 = 0
        /// The first entry that is neither this one nor inside it.
        var after: Int32 = 0

        var range: Range<Int> { Int(start)..<Int(end) }
        var nameRange: Range<Int> { Int(nameStart)..<Int(nameEnd) }
        var hasName: Bool { nameEnd > nameStart }
    }

    /// From this many members on an object has a table of its names.
    static let tableThreshold: Int32 = 12

    var entries: [Entry] = []
    /// For the entries of large objects: the entry of each member by the bytes of its name.
    var tables: [Int32: [[UInt8]: Int32]] = [:]

    /// The text with a 0 in the place of each number that no `Int64` or `Double` is.
    func withoutLargeNumbers(_ bytes: [UInt8]) -> [UInt8] {
        var result = bytes
        for entry in entries where entry.kind == .integer || entry.kind == .real {
            let text = bytes[entry.range]
            let fits = entry.kind == .integer ? JSONNode.integer(text) != nil : JSONNode.real(text) != nil
            if fits { continue }
            for position in entry.range { result[position] = UInt8(ascii: " ") }
            result[entry.range.lowerBound] = UInt8(ascii: "0")
        }
        return result
    }

    /// The entries directly in the array or object `entry`.
    func children(of entry: Int32) -> [Int32] {
        var children: [Int32] = []
        children.reserveCapacity(Int(entries[Int(entry)].count))
        forEachChild(of: entry) { children.append($0) }
        return children
    }

    func forEachChild(of entry: Int32, _ body: (Int32) -> Void) {
        let after = entries[Int(entry)].after
        var child = entry + 1
        while child < after {
            body(child)
            child = entries[Int(child)].after
        }
    }

    /// The bytes of the member's name, escapes decoded.
    func name(of entry: Int32, in bytes: [UInt8]) -> ArraySlice<UInt8> {
        let entry = entries[Int(entry)]
        if entry.isNameEscaped { return Jansson.string(bytes[entry.nameRange])[...] }
        return bytes[entry.nameRange.dropFirst().dropLast()]
    }

    /// How many bytes a path, and a name in it, has at most; what is cut ends with `…`.
    private static let maximumPathLength = 2_000
    private static let maximumNameLength = 300

    /// The JSON path of `entry`; `$` for the root. It is cut where it is very long.
    func path(of entry: Int32, in bytes: [UInt8]) -> String {
        var ancestry: [Int32] = []
        var current = entry
        while current > 0 {
            ancestry.append(current)
            current = entries[Int(current)].parent
        }
        var path = "$"
        for step in ancestry.reversed() {
            let entry = entries[Int(step)]
            if path.utf8.count > Self.maximumPathLength { return path + "…" }
            if entry.nameRange.count > Self.maximumNameLength {
                path += Self.cutStep(bytes[entry.nameRange].dropFirst().prefix(Self.maximumNameLength))
                continue
            }
            path += Self.pathStep(name: entry.hasName ? bytes[entry.nameRange] : nil, ordinal: Int(entry.ordinal))
        }
        return path
    }

    /// The beginning of a long name, up to where an escape or half a character would be.
    private static func cutStep(_ name: ArraySlice<UInt8>) -> String {
        var start = name.prefix { $0 != UInt8(ascii: "\\") }
        while let last = start.last, last & 0xC0 == 0x80 { start = start.dropLast() }
        if let last = start.last, last >= 0xC0 { start = start.dropLast() }
        return "[\"\(String(decoding: start, as: UTF8.self))…\"]"
    }

    /// `.name`, or `["the name"]` where it is no plain word, or `[ordinal]` without a name.
    ///
    /// - Parameter name: the name's source text with its quotes. However it is written, its path is the same.
    static func pathStep(name: ArraySlice<UInt8>?, ordinal: Int) -> String {
        guard let name else { return "[\(ordinal)]" }
        let isEscaped = name.contains(UInt8(ascii: "\\"))
        let content = isEscaped ? Jansson.string(name)[...] : name.dropFirst().dropLast()
        let isPlain = content.allSatisfy { $0.isLetterOfName || $0.isDigit }
        if isPlain, let first = content.first, !first.isDigit {
            return ".\(String(decoding: content, as: UTF8.self))"
        }
        var quoted: [UInt8] = []
        Jansson.appendText(of: String(decoding: content, as: UTF8.self), to: &quoted)
        return "[\(String(decoding: quoted, as: UTF8.self))]"
    }
}

extension UInt8 {
    var isDigit: Bool { self >= 0x30 && self <= 0x39 }

    var isLetter: Bool { self | 0x20 >= UInt8(ascii: "a") && self | 0x20 <= UInt8(ascii: "z") }

    /// What may stand after a dot in a JSON path, besides digits: letters, the underscore, and everything not ASCII.
    var isLetterOfName: Bool { isLetter || self == UInt8(ascii: "_") || self >= 0x80 }

    /// What JSON calls insignificant white space.
    var isWhiteSpace: Bool { self == 0x20 || self == 0x0A || self == 0x0D || self == 0x09 }
}

// MARK: - Names

extension JSONIndex {
    /// Makes the tables of the large objects, and finds every name that an object has already.
    ///
    /// - Returns: the first `limit` of them, in the order of the text.
    mutating func findNames(in source: SourceText, limit: Int) -> [Diagnostic] {
        var duplicates: [(second: Int32, first: Int32)] = []
        for object in entries.indices where entries[object].kind == .object && entries[object].count > 1 {
            if entries[object].count >= Self.tableThreshold {
                tabulate(Int32(object), in: source.bytes, &duplicates)
            } else {
                compare(Int32(object), in: source.bytes, &duplicates)
            }
        }
        duplicates.sort { $0.second < $1.second }
        var diagnostics = duplicates.prefix(limit).map { diagnostic($0.second, $0.first, in: source) }
        if duplicates.count > limit {
            diagnostics[limit - 1].notes.append("\(duplicates.count - limit) more duplicate names are not shown")
        }
        return diagnostics
    }

    private mutating func tabulate(
        _ object: Int32, in bytes: [UInt8], _ duplicates: inout [(second: Int32, first: Int32)]
    ) {
        var table: [[UInt8]: Int32] = [:]
        table.reserveCapacity(Int(entries[Int(object)].count))
        for member in children(of: object) {
            let name = Array(name(of: member, in: bytes))
            if let first = table[name] {
                duplicates.append((member, first))
            } else {
                table[name] = member
            }
        }
        tables[object] = table
    }

    private func compare(_ object: Int32, in bytes: [UInt8], _ duplicates: inout [(second: Int32, first: Int32)]) {
        let members = children(of: object)
        let names = members.map { name(of: $0, in: bytes) }
        for second in members.indices.dropFirst() {
            if let first = names[..<second].firstIndex(where: { $0 == names[second] }) {
                duplicates.append((members[second], members[first]))
            }
        }
    }

    private func diagnostic(_ second: Int32, _ first: Int32, in source: SourceText) -> Diagnostic {
        let range = entries[Int(second)].nameRange
        let start = Int(entries[Int(first)].nameStart)
        let name = source.quotedString(range)
        return Diagnostic(
            .invalid, "the name \(name) stands twice in the same object",
            at: source.place(range, path: path(of: second, in: source.bytes)),
            notes: ["it stands first in line \(source.line(of: start)), column \(source.column(of: start))"])
    }
}
