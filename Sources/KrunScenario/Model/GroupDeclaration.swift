public import KrunJSON

/// A consumer group that is there already: used by its exact name, never deleted.
public struct GroupDeclaration: Sendable {
    public let name: String
    public let existing: Bool
    public let node: JSONNode
}
