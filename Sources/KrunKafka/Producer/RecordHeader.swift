/// A header of a record; keys may repeat, a value may be null or empty.
public struct RecordHeader: Hashable, Sendable {
    public var key: String
    /// Nil for a null value.
    public var value: [UInt8]?

    public init(_ key: String, _ value: [UInt8]?) {
        self.key = key
        self.value = value
    }
}
