public import KrunJSON

/// A property of librdkafka that the file sets, from the allow-list.
public struct ClientProperty: Sendable {
    public let name: String
    public let value: String
    public let node: JSONNode
}
