/// What became of one message; valid only during the call that hands it out.
public struct DeliveryReport: ~Copyable {
    /// The number given to `send`.
    public let tag: UInt
    public let partition: Int32
    /// Nil where the broker did not say: a failed message, `acks` 0.
    public let offset: Int64?
    /// 0 when the message was acknowledged, or handed over with `acks` 0.
    public let errorCode: Int32
    /// Nil for a null key; the memory is librdkafka's.
    public let key: UnsafeRawBufferPointer?
    /// Nil for a tombstone; the memory is librdkafka's.
    public let value: UnsafeRawBufferPointer?
    /// Milliseconds since 1970, or nil where there is none.
    public let timestamp: Int64?
    /// From `send` to the broker's answer; nil where there was none.
    public let latencyMicroseconds: Int64?

    /// The error's name such as `MSG_SIZE_TOO_LARGE`; nil when the message was acknowledged.
    public var errorName: String? { errorCode == 0 ? nil : KafkaError.name(of: errorCode) }
}
