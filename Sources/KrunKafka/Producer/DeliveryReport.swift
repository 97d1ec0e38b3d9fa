internal import CRdKafka

/// What became of one message; valid only during the call that hands it out.
public struct DeliveryReport: ~Copyable {
    private let message: UnsafePointer<rd_kafka_message_t>
    private let hasOffsets: Bool

    init(_ message: UnsafePointer<rd_kafka_message_t>, hasOffsets: Bool) {
        self.message = message
        self.hasOffsets = hasOffsets
    }

    /// The number given to `send`.
    public var tag: UInt { UInt(bitPattern: message.pointee._private) }

    /// The partition it went to, or was meant for; −1 where none was chosen.
    public var partition: Int32 { message.pointee.partition }

    /// Nil where the broker did not say: a failed message, `acks` 0 (for which librdkafka counts up from −1001).
    public var offset: Int64? {
        hasOffsets && errorCode == 0 && message.pointee.offset >= 0 ? message.pointee.offset : nil
    }

    /// 0 when the message was acknowledged, or handed over with `acks` 0.
    public var errorCode: Int32 { message.pointee.err.rawValue }

    /// Whether the broker may have the message, although it was not acknowledged; true where it was.
    public var mayBePersisted: Bool { rd_kafka_message_status(message) != RD_KAFKA_MSG_STATUS_NOT_PERSISTED }

    /// The error's name such as `MSG_SIZE_TOO_LARGE`; nil when the message was acknowledged.
    public var errorName: String? { errorCode == 0 ? nil : KafkaError.name(of: errorCode) }

    /// The error's text; nil when the message was acknowledged.
    public var errorReason: String? { errorCode == 0 ? nil : String(cString: rd_kafka_err2str(message.pointee.err)) }

    /// Nil for a null key; the memory is librdkafka's.
    public var key: UnsafeRawBufferPointer? {
        message.pointee.key.map { UnsafeRawBufferPointer(start: $0, count: message.pointee.key_len) }
    }

    /// Nil for a tombstone; the memory is librdkafka's.
    public var value: UnsafeRawBufferPointer? {
        message.pointee.payload.map { UnsafeRawBufferPointer(start: $0, count: message.pointee.len) }
    }

    /// Milliseconds since 1970, or nil where there is none.
    public var timestamp: Int64? { messageTimestamp(message) }

    /// The headers in their order; a copy, made each time it is asked for.
    public var headers: [RecordHeader] { messageHeaders(message) }

    /// From `send` until now; nil where librdkafka does not know.
    public var latencyMicroseconds: Int64? {
        let latency = rd_kafka_message_latency(message)
        return latency < 0 ? nil : latency
    }
}

/// A message's timestamp in milliseconds since 1970; nil where it has none.
func messageTimestamp(_ message: UnsafePointer<rd_kafka_message_t>) -> Int64? {
    var type = RD_KAFKA_TIMESTAMP_NOT_AVAILABLE
    let timestamp = rd_kafka_message_timestamp(message, &type)
    return type == RD_KAFKA_TIMESTAMP_NOT_AVAILABLE ? nil : timestamp
}

/// A message's headers in their order; none where it has no list of them.
func messageHeaders(_ message: UnsafePointer<rd_kafka_message_t>) -> [RecordHeader] {
    var list: OpaquePointer?
    guard rd_kafka_message_headers(message, &list) == RD_KAFKA_RESP_ERR_NO_ERROR, let list else { return [] }
    return RecordHeaders.read(list)
}
