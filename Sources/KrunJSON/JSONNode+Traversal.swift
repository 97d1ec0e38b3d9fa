/// Ways through a document that make no list of what is on them.
extension JSONNode {
    /// The elements of an array, or the values of an object's members, in the order of the text.
    package var children: JSONChildren { JSONChildren(of: self) }

    /// The element at that 0-based position; nil where there is none, or this is no array.
    package func element(at ordinal: Int) -> JSONNode? {
        guard kind == .array, ordinal >= 0, ordinal < count else { return nil }
        let index = document.index
        var child = self.index + 1
        for _ in 0..<ordinal { child = index.entries[Int(child)].after }
        return JSONNode(document: document, index: child)
    }

    /// This, if it is an array or an object, and all arrays and objects within, each before what is in it.
    package var containers: JSONContainers { JSONContainers(of: self) }

    /// How many values it is, with all that are within.
    package var size: Int { Int(entry.after - index) }

    /// The step that leads from the value around to this one.
    package enum Step: Hashable, Sendable {
        /// The bytes of the member's name, escapes decoded.
        case name([UInt8])
        case ordinal(Int)
    }

    /// The steps from a value around it; empty for that value itself.
    package func steps(from root: JSONNode) -> [Step] {
        var steps: [Step] = []
        var current = index
        while current > root.index {
            let entry = document.index.entries[Int(current)]
            steps.append(
                entry.hasName
                    ? .name(Array(document.index.name(of: current, in: bytes))) : .ordinal(Int(entry.ordinal)))
            current = entry.parent
        }
        return steps.reversed()
    }
}

/// The elements of an array, or the values of an object's members, in the order of the text.
package struct JSONChildren: Sequence, IteratorProtocol {
    private let document: JSONDocument
    private let end: Int32
    private var position: Int32

    fileprivate init(of node: JSONNode) {
        document = node.document
        position = node.index + 1
        end = node.entry.after
    }

    package mutating func next() -> JSONNode? {
        guard position < end else { return nil }
        defer { position = document.index.entries[Int(position)].after }
        return JSONNode(document: document, index: position)
    }
}

/// A value, if it is an array or an object, and all arrays and objects within, each before what is in it.
package struct JSONContainers: Sequence, IteratorProtocol {
    private let document: JSONDocument
    private let end: Int32
    private var position: Int32

    fileprivate init(of node: JSONNode) {
        document = node.document
        position = node.index
        end = node.entry.after
    }

    package mutating func next() -> JSONNode? {
        while position < end {
            defer { position += 1 }
            switch document.index.entries[Int(position)].kind {
            case .array, .object: return JSONNode(document: document, index: position)
            default: continue
            }
        }
        return nil
    }
}
