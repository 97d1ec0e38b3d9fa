public import KrunJSON

/// The values of one key.
public struct ValuesExpectation: Sendable {
    public let values: [Matcher]
    public let node: JSONNode
}
