/// A record as it was read; its memory is librdkafka's and valid only during the call that hands it out.
public struct ConsumedRecord {
    /// Index into the names given to `subscribe`, or the distinct ones given to `assign` in their order.
    public let topicIndex: Int
    public let partition: Int32
    public let offset: Int64
    /// Nil for a null key.
    public let key: UnsafeRawBufferPointer?
    /// Nil for a tombstone.
    public let value: UnsafeRawBufferPointer?
    let message: UnsafeRawPointer

    /// Milliseconds since 1970, or nil where the record has none.
    public var timestamp: Int64? { fatalError("not built yet") }

    /// The headers in their order; a copy.
    public var headers: [RecordHeader] { fatalError("not built yet") }
}

@available(*, unavailable)
extension ConsumedRecord: Sendable {}
