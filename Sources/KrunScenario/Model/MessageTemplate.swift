public import KrunJSON

/// A message, or `count` messages made by templates.
public struct MessageTemplate: Sendable {
    public let key: PayloadTemplate
    public let value: PayloadTemplate
    public let headers: [Header]
    /// nil when the partitioner places it.
    public let partition: NumberTemplate?
    /// Milliseconds since 1970-01-01 UTC; nil for the time of sending.
    public let timestamp: NumberTemplate?
    /// At least 0.
    public let count: Int
    public let node: JSONNode

    public struct Header: Sendable {
        public let key: String
        public let value: PayloadTemplate
    }
}
