public import KrunDiagnostics

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

/// A JSON text that was read whole: the values, and for each where it stands and its own source text.
public final class JSONDocument: Sendable {
    /// Reads `bytes` as one JSON value of any kind.
    ///
    /// - Throws: everything that is wrong with the text as JSON: a syntax error (the first), or all duplicate keys.
    public static func parse(_ bytes: [UInt8], file: String) throws(Diagnostics) -> JSONDocument {
        preconditionFailure()
    }

    /// The file's name as the user gave it.
    public var file: String { preconditionFailure() }
    public var root: JSONNode { preconditionFailure() }
}

/// A value of a document. Cheap to copy: it points into its document and keeps it alive.
public struct JSONNode: Sendable {
    let document: JSONDocument
    let index: Int32

    public var kind: JSONKind { preconditionFailure() }
    public var isNull: Bool { kind == .null }
    /// nil unless it is a boolean; the same for the next ones.
    public var boolean: Bool? { preconditionFailure() }
    /// Integers only: `3.0` is a real.
    public var integer: Int64? { preconditionFailure() }
    /// Integers and reals.
    public var number: Double? { preconditionFailure() }
    public var string: String? { preconditionFailure() }
    /// Empty unless it is an array.
    public var elements: [JSONNode] { preconditionFailure() }
    /// In the order of the file; empty unless it is an object.
    public var members: [JSONMember] { preconditionFailure() }
    /// The member of that name; nil when there is none or this is no object.
    public subscript(name: String) -> JSONNode? { preconditionFailure() }

    /// The value's bytes as they stand in the file.
    public var sourceText: ArraySlice<UInt8> { preconditionFailure() }
    /// The same without insignificant white space; numbers and escapes stay as they were written.
    public var compactText: [UInt8] { preconditionFailure() }
    /// Where the value stands.
    public var place: Place { preconditionFailure() }
    /// Where the member's name stands, when this is the value of one; otherwise `place`.
    public var keyPlace: Place { preconditionFailure() }
    /// The JSON path, such as `$.steps[1].expect.keys.alice`, or `$.a["two words"]`.
    public var path: String { preconditionFailure() }

    /// For a string: where `length` scalars of its content, from the 0-based scalar `offset` on, stand in the file
    /// (escapes counted as the one scalar they mean); for anything else `place`.
    public func place(ofScalarsAt offset: Int, length: Int) -> Place { preconditionFailure() }

    /// Whether both are the same JSON value: numbers by value, objects whatever the order of their members.
    public static func isEqual(_ a: JSONNode, _ b: JSONNode) -> Bool { preconditionFailure() }
}

/// A member of an object.
public struct JSONMember: Sendable {
    public let name: String
    public let value: JSONNode

    /// Where the name stands.
    public var place: Place { value.keyPlace }
}
