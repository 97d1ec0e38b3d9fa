public import KrunJSON

/// What must be seen of one key, or of the messages without a key.
public struct KeyExpectation: Sendable {
    /// The key's text; empty for `nullKey`.
    public let key: String
    public var partition: Matcher?
    public var partitions: Matcher?
    public var messages: Matcher?
    /// Exactly these, in this order.
    public var values: ValuesExpectation?
    /// The member of the map, for its place.
    public let node: JSONNode
}
