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

/// What polling hands out.
public enum ConsumedEvent: ~Copyable {
    /// A record of a partition that this consumer owns, each offset once.
    case record(ConsumedRecord)
    /// With `enable.partition.eof`: everything before `offset` has been handed out.
    case endOfPartition(topicIndex: Int, partition: Int32, offset: Int64)
    /// Something that is no record, such as a topic that does not exist or a failed rebalance.
    case error(KafkaError)
}

/// The events of one poll, valid only during the call that hands it out.
///
/// They can be gone through once; those of a batch that nobody goes through are dropped, and not handed out again.
public struct ConsumedBatch: ~Copyable {
    let consumer: Consumer

    /// Hands out each event in the order in which librdkafka had it; returns how many were no longer this consumer's
    /// to see and so dropped. A second time there are none.
    @discardableResult
    public func forEach(_ body: (borrowing ConsumedEvent) -> Void) -> Int {
        consumer.handOutBatch(body)
    }
}
