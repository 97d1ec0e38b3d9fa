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

    /// Integers only: `3.0` is a real.
    public var integer: Int64? {
        kind == .integer ? Jansson.integer(sourceText) : nil
    }

    /// Integers and reals.
    public var number: Double? {
        switch kind {
        case .integer: Double(Jansson.integer(sourceText))
        case .real: Jansson.real(sourceText)
        default: nil
        }
    }

    /// The content with its escapes decoded.
    ///
    /// Swift's `==` on strings takes canonically equivalent ones for equal; where bytes matter, compare `utf8`.
    public var string: String? {
        kind == .string ? String(decoding: content, as: UTF8.self) : nil
    }

    /// The bytes of a string's content in UTF-8, escapes decoded.
    var content: ArraySlice<UInt8> {
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

    func member(_ name: ArraySlice<UInt8>) -> JSONNode? {
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
