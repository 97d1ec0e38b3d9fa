internal import CRdKafka

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
    private let message: UnsafePointer<rd_kafka_message_t>

    init(_ message: UnsafePointer<rd_kafka_message_t>, topicIndex: Int) {
        self.topicIndex = topicIndex
        self.message = message
        partition = message.pointee.partition
        offset = message.pointee.offset
        key = message.pointee.key.map { UnsafeRawBufferPointer(start: $0, count: message.pointee.key_len) }
        value = message.pointee.payload.map { UnsafeRawBufferPointer(start: $0, count: message.pointee.len) }
    }

    /// Milliseconds since 1970, or nil where the record has none.
    public var timestamp: Int64? { messageTimestamp(message) }

    /// The headers in their order; a copy, made each time it is asked for.
    public var headers: [RecordHeader] { messageHeaders(message) }
}

@available(*, unavailable)
extension ConsumedRecord: Sendable {}
