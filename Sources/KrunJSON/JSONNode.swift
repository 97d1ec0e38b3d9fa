public import KrunDiagnostics

/// A value of a document. Cheap to copy: it points into its document and keeps it alive.
public struct JSONNode: Sendable {
    let document: JSONDocument
    let index: Int32

    var entry: JSONIndex.Entry { document.index.entries[Int(index)] }
    var bytes: [UInt8] { document.source.bytes }

    public var kind: JSONKind { entry.kind }

    public var isNull: Bool { kind == .null }

    /// nil unless it is a boolean; the same for the next ones.
    public var boolean: Bool? {
        kind == .boolean ? bytes[Int(entry.start)] == UInt8(ascii: "t") : nil
    }

    /// Integers only: `3.0` is a real. nil for one beyond 64 bits, too: `exactNumber` has it.
    public var integer: Int64? { kind == .integer ? Self.integer(sourceText) : nil }

    /// Integers and reals, to the nearest; nil for one beyond the range of a `Double`, too.
    public var number: Double? { kind == .integer || kind == .real ? Self.real(sourceText) : nil }

    /// The number that a text in the syntax of JSON is; nil where it does not fit.
    static func integer(_ text: ArraySlice<UInt8>) -> Int64? { Int64(String(decoding: text, as: UTF8.self)) }

    static func real(_ text: ArraySlice<UInt8>) -> Double? {
        Double(String(decoding: text, as: UTF8.self)).flatMap { $0.isFinite ? $0 : nil }
    }

    /// The content with its escapes decoded.
    ///
    /// Swift's `==` on strings takes canonically equivalent ones for equal; where bytes matter, compare `utf8`.
    public var string: String? {
        kind == .string ? String(decoding: content, as: UTF8.self) : nil
    }

    /// The bytes of a string's content in UTF-8, escapes decoded.
    package var content: ArraySlice<UInt8> {
        entry.isEscaped ? Jansson.string(sourceText)[...] : sourceText.dropFirst().dropLast()
    }

    /// Empty unless it is an array.
    public var elements: [JSONNode] {
        kind == .array ? document.index.children(of: index).map { JSONNode(document: document, index: $0) } : []
    }

    /// In the order of the file; empty unless it is an object.
    public var members: [JSONMember] {
        guard kind == .object else { return [] }
        return document.index.children(of: index).map { member in
            let name = document.index.name(of: member, in: bytes)
            return JSONMember(
                name: String(decoding: name, as: UTF8.self), value: JSONNode(document: document, index: member))
        }
    }

    /// Tells a value from every other, as long as its document is kept.
    public struct ID: Hashable, Sendable {
        fileprivate let document: ObjectIdentifier
        fileprivate let index: Int32
    }

    public var id: ID { ID(document: ObjectIdentifier(document), index: index) }

    /// All strings in it, the names of members too, in the order in which they stand in the text.
    public var strings: [(text: String, node: JSONNode, isName: Bool)] {
        var strings: [(text: String, node: JSONNode, isName: Bool)] = []
        for number in index..<entry.after {
            let node = JSONNode(document: document, index: number)
            if number > index, node.entry.hasName {
                let name = document.index.name(of: number, in: bytes)
                strings.append((String(decoding: name, as: UTF8.self), node, true))
            }
            if let text = node.string { strings.append((text, node, false)) }
        }
        return strings
    }

    /// Whether the other value is this one, or stands within it.
    public func contains(_ other: JSONNode) -> Bool {
        document === other.document && index <= other.index && other.index < entry.after
    }

    /// How many elements or members it has; 0 for anything else.
    public var count: Int { Int(entry.count) }

    /// The member of that name, byte by byte; nil when there is none or this is no object.
    public subscript(name: String) -> JSONNode? {
        member(Array(name.utf8)[...])
    }

    /// The same by the bytes of its name.
    package func member(_ name: ArraySlice<UInt8>) -> JSONNode? {
        guard kind == .object else { return nil }
        let index = document.index
        if entry.count >= JSONIndex.tableThreshold {
            return index.tables[self.index]?[Array(name)].map { JSONNode(document: document, index: $0) }
        }
        var child = self.index + 1
        while child < entry.after {
            if index.name(of: child, in: bytes) == name { return JSONNode(document: document, index: child) }
            child = index.entries[Int(child)].after
        }
        return nil
    }

    /// The value's bytes as they stand in the file.
    public var sourceText: ArraySlice<UInt8> { bytes[entry.range] }

    /// The same without insignificant white space; numbers and escapes stay as they were written.
    public var compactText: [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(sourceText.count)
        var isInString = false
        var isAfterBackslash = false
        for byte in sourceText {
            if isInString {
                if byte == UInt8(ascii: "\""), !isAfterBackslash { isInString = false }
                isAfterBackslash = byte == UInt8(ascii: "\\") && !isAfterBackslash
            } else if byte.isWhiteSpace {
                continue
            } else if byte == UInt8(ascii: "\"") {
                isInString = true
            }
            text.append(byte)
        }
        return text
    }
}

/// What a JSON value is.
public enum JSONKind: String, Hashable, Sendable {
    case null
    case boolean
    case integer
    case real
    case string
    case array
    case object
}

/// A member of an object.
public struct JSONMember: Sendable {
    /// The name with its escapes decoded.
    public let name: String
    public let value: JSONNode

    /// Where the name stands.
    public var place: Place { value.keyPlace }
}

// MARK: - Place

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

// MARK: - Equality

extension JSONNode {
    /// Whether both are the same JSON value: numbers by their exact value, objects whatever the order of their members, strings
    /// byte by byte.
    public static func isEqual(_ a: JSONNode, _ b: JSONNode) -> Bool {
        // A list of work instead of recursion: values may be nested 2048 levels deep.
        var pairs = [(a, b)]
        while let (a, b) = pairs.popLast() {
            switch (a.kind, b.kind) {
            case (.null, .null): break
            case (.boolean, .boolean):
                if a.boolean != b.boolean { return false }
            case (.string, .string):
                if a.content != b.content { return false }
            case (.integer, .integer), (.integer, .real), (.real, .integer), (.real, .real):
                if a.exactNumber != b.exactNumber { return false }
            case (.array, .array):
                // As many values in all, too: what differs deep within is often told by that.
                if a.count != b.count || a.size != b.size { return false }
                pairs += zip(a.elements, b.elements)
            case (.object, .object):
                if a.count != b.count || a.size != b.size { return false }
                for member in a.document.index.children(of: a.index) {
                    guard let other = b.member(a.document.index.name(of: member, in: a.bytes)) else { return false }
                    pairs.append((JSONNode(document: a.document, index: member), other))
                }
            default: return false
            }
        }
        return true
    }
}
