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

    /// Microseconds from when it was handed over; nil where librdkafka did not note that.
    public var latency: Int64? {
        let latency = rd_kafka_message_latency(message)
        return latency < 0 ? nil : latency
    }

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

/// Messages that a broker did not take and that librdkafka sends again.
///
/// A delivery report says only how it ended for a message, so this is read from librdkafka's log, which tells of each
/// request that failed where `debug` has `msg`; it costs some lines a request, not a message.
public struct ProduceRetry: Hashable, Sendable {
    public let topic: String
    public let partition: Int32
    /// How many messages; of these, some may fail instead, whose `retries` are used up.
    public let messages: Int
    /// The error's name, such as `NOT_ENOUGH_REPLICAS`; nil for a text that belongs to none.
    public let errorName: String?
    /// The error's text, such as `Broker: Not enough in-sync replicas`.
    public let errorReason: String

    /// The context of `debug` that has such lines.
    public static let debugContext = "msg"

    /// Nil for a line that tells of something else.
    public init?(_ line: ClientLog.Line) {
        // [thrd:…]: …: orders [0]: MessageSet with 5 message(s) (MsgId 1, BaseSeq -1) encountered error: … (actions Retry,…)
        guard line.facility == "MSGSET", let failed = line.text.firstRange(of: ") encountered error: "),
            let batch = line.text[..<failed.lowerBound].firstRange(of: "]: MessageSet with "),
            let actions = line.text[failed.upperBound...].firstRange(of: " (actions ")
        else { return nil }
        let names = line.text[actions.upperBound...].prefix { $0 != ")" }.split(separator: ",")
        // To look for the leader again implies to send again.
        guard names.contains("Retry") || names.contains("Refresh") else { return nil }
        let place = line.text[..<batch.lowerBound]
        guard let bracket = place.lastIndex(of: "["), let partition = Int32(place[place.index(after: bracket)...]),
            let messages = Int(line.text[batch.upperBound...].prefix { $0.isNumber })
        else { return nil }
        let topic = place[..<bracket].dropLast()
        self.topic = String(topic.lastIndex(of: " ").map { topic[topic.index(after: $0)...] } ?? topic)
        self.partition = partition
        self.messages = messages
        errorReason = String(line.text[failed.upperBound..<actions.lowerBound])
        errorName = Self.names[errorReason]
    }

    /// Whether a line is there only because of `debugContext`.
    public static func isOfDebugContext(_ line: ClientLog.Line) -> Bool {
        line.level == 7 && facilities.contains(line.facility)
    }

    private static let facilities: Set<String> = [
        "MSGSET", "PRODUCE", "IMPLICITACK", "TIMEOUT", "ERRPID", "ERRSEQ", "DUPSEQ", "UNKPID", "LZ4COMPR", "ZSTD",
        "ZSTDCOMPR",
    ]

    /// The names of librdkafka's errors by their texts.
    private static let names: [String: String] = {
        var descriptions: UnsafePointer<rd_kafka_err_desc>?
        var count = 0
        rd_kafka_get_err_descs(&descriptions, &count)
        return UnsafeBufferPointer(start: descriptions, count: count).reduce(into: [:]) { names, description in
            guard let name = description.name, let text = description.desc else { return }
            names[String(cString: text)] = String(cString: name)
        }
    }()
}
