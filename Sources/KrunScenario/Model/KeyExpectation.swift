public import KrunDiagnostics
public import KrunJSON

/// What must be seen of one key, or of the messages without a key.
public struct KeyExpectation: Sendable {
    /// The key's bytes; empty for `nullKey`.
    public let key: [UInt8]
    public var partition: Matcher?
    public var partitions: Matcher?
    public var messages: Matcher?
    /// Exactly these, in this order.
    public var values: ValuesExpectation?
    /// What is expected: a member of the map, or an entry of the list.
    public let node: JSONNode
    /// Where the file says the key.
    public var keyPlace: Place { keyNode?.place ?? node.keyPlace }
    /// The `key` of an entry of the list.
    let keyNode: JSONNode?

    init(key: [UInt8], node: JSONNode, keyNode: JSONNode? = nil) {
        self.key = key
        self.node = node
        self.keyNode = keyNode
    }
}
