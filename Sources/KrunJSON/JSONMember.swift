public import KrunDiagnostics

/// A member of an object.
public struct JSONMember: Sendable {
    /// The name with its escapes decoded.
    public let name: String
    public let value: JSONNode

    /// Where the name stands.
    public var place: Place { value.keyPlace }
}
