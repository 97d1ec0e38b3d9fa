internal import CRdKafka
internal import Synchronization

/// Sends messages; any thread may send, one thread serves the delivery reports meanwhile.
///
/// Nothing is reported, and `flush` does not end, unless `serveReports` is called again and again. What is still queued when
/// the last reference goes is dropped without waiting.
public final class Producer: Sendable {
    /// What `send` did with a message.
    public enum Sent: Hashable, Sendable {
        /// A delivery report will follow.
        case queued
        /// Nothing was taken: serve reports and send it again (`queue.buffering.max.messages` and `…kbytes`).
        case queueFull
    }

    let client: Client
    private let reports: CObject
    /// Without acknowledgements librdkafka makes offsets up.
    private let hasOffsets: Bool
    private let partitioners = Mutex<[String: String]>([:])

    /// Connects to nothing yet. Throws for an unknown property or a bad value, by its name.
    ///
    /// `isOver` is looked at while `waitForMetadata` waits, at least every 100 ms; once it is true that throws an error whose `isCancelled` is true.
    public init(
        properties: ClientProperties, log: ClientLog, isOver: (@Sendable () -> Bool)? = nil
    ) throws(KafkaError) {
        var acks: String?
        client = try Client(
            .producer, properties: properties, log: log, isOver: isOver, activity: "making a producer"
        ) {
            // Events, not callbacks: one lock for a batch of reports, and served where we choose.
            rd_kafka_conf_set_events($0.pointer, RD_KAFKA_EVENT_DR)
            acks = $0.value(of: "acks")
        }
        hasOffsets = acks != "0"
        reports = CObject(rd_kafka_queue_get_main(client.pointer)!, keeping: client.object) {
            rd_kafka_queue_destroy($0)
        }
    }

    /// Makes a topic ready to be sent to, with librdkafka's partitioner of that name; throws if this producer has the topic
    /// with another partitioner.
    public func topic(_ name: String, partitioner: String) throws(KafkaError) -> ProducerTopic {
        try ProtocolString.check(topics: [name], "preparing to produce to a topic")
        // librdkafka has one topic object per name and would keep the first partitioner without a word.
        let first = partitioners.withLock { partitioners in
            partitioners[name, default: partitioner] = partitioners[name] ?? partitioner
            return partitioners[name]!
        }
        let activity = "preparing to produce to \(name)"
        guard first == partitioner else {
            try KafkaError.fail(
                RD_KAFKA_RESP_ERR__CONFLICT, activity,
                reason: "this producer has the topic with partitioner \(first), not \(partitioner)")
        }
        // A configuration from nothing would lose what was set for all topics: acks, compression, timeouts.
        let configuration = rd_kafka_default_topic_conf_dup(client.pointer)
        let (result, reason) = withErrorText { text, size in
            rd_kafka_topic_conf_set(configuration, "partitioner", partitioner, text, size)
        }
        guard result == RD_KAFKA_CONF_OK else {
            rd_kafka_topic_conf_destroy(configuration)
            partitioners.withLock { $0[name] = nil }
            try KafkaError.fail(RD_KAFKA_RESP_ERR__INVALID_ARG, activity, reason: reason)
        }
        guard let pointer = rd_kafka_topic_new(client.pointer, name, configuration) else {
            let code = rd_kafka_last_error()
            rd_kafka_topic_conf_destroy(configuration)
            try KafkaError.fail(code, activity)
        }
        return ProducerTopic(
            name: name, object: CObject(pointer, keeping: client.object) { rd_kafka_topic_destroy($0) })
    }

    /// Waits until every partition of the topic has a leader and returns how many there are; throws at the deadline.
    ///
    /// Messages sent before that are placed without knowing the partitions: null keys spread instead of sticking.
    ///
    /// - Parameter partitions: how many there are at least, also where the broker that is asked has not heard of the last ones yet.
    @discardableResult
    public func waitForMetadata(
        _ topic: ProducerTopic, partitions: Int? = nil, timeout: Duration
    ) throws(KafkaError) -> Int {
        let activity = "asking for the partitions of \(topic.name)"
        let deadline = CallDeadline(after: timeout)
        let metadata = try client.waitForLeaders(
            of: [topic.object], counts: partitions.map { [$0] }, orMore: true, activity: activity, deadline: deadline)
        let count = metadata[0].partitions.count
        // A partition is only used once its leader's thread has taken it over, a moment after the metadata came; until then
        // messages without a key do not stick to it. An answer that came through that thread shows that it has.
        _ = try client.offsets(
            (0..<Int32(count)).map { TopicPartition(topic.name, $0) }, at: LogicalOffset.end, activity: activity,
            timeout: deadline.remaining)
        return count
    }

    /// How many partitions the topic has by now, 0 where it is not there; from then on messages can be sent to them.
    ///
    /// librdkafka itself looks every `topic.metadata.refresh.interval.ms`, and takes until then what was added for missing.
    public func lookAgain(at topic: ProducerTopic, timeout: Duration) throws(KafkaError) -> Int {
        let metadata = try client.metadata(
            .one(topic.object), activity: "asking for the partitions of \(topic.name)",
            deadline: CallDeadline(after: timeout))
        return metadata.topics.first.map { $0.error == nil ? $0.partitions.count : 0 } ?? 0
    }

    /// Hands a message to librdkafka, which copies it. Never blocks.
    ///
    /// Partition −1 leaves the choice to the topic's partitioner; timestamp 0 (milliseconds since 1970) is now; a nil key is a
    /// null key, a nil value a tombstone, and empty ones are empty. The tag comes back in the delivery report.
    /// Throws for what can never be sent, such as a message too large or a partition that does not exist.
    public func send(
        to topic: ProducerTopic, partition: Int32 = -1, key: UnsafeRawBufferPointer?, value: UnsafeRawBufferPointer?,
        timestamp: Int64 = 0, headers: RecordHeaders? = nil, tag: UInt = 0
    ) throws(KafkaError) -> Sent {
        let headers = headers?.copy()
        let error = withUnsafeTemporaryAllocation(of: rd_kafka_vu_t.self, capacity: 8) { arguments in
            // Any address but nil stands for something empty.
            let empty = UnsafeMutableRawPointer(arguments.baseAddress!)
            arguments[0].vtype = RD_KAFKA_VTYPE_RKT
            arguments[0].u.rkt = topic.pointer
            arguments[1].vtype = RD_KAFKA_VTYPE_PARTITION
            arguments[1].u.i32 = partition
            arguments[2].vtype = RD_KAFKA_VTYPE_MSGFLAGS
            arguments[2].u.i = RD_KAFKA_MSG_F_COPY
            arguments[3].vtype = RD_KAFKA_VTYPE_KEY
            arguments[3].u.mem.ptr = key.map { UnsafeMutableRawPointer(mutating: $0.baseAddress) ?? empty }
            arguments[3].u.mem.size = key?.count ?? 0
            arguments[4].vtype = RD_KAFKA_VTYPE_VALUE
            arguments[4].u.mem.ptr = value.map { UnsafeMutableRawPointer(mutating: $0.baseAddress) ?? empty }
            arguments[4].u.mem.size = value?.count ?? 0
            arguments[5].vtype = RD_KAFKA_VTYPE_TIMESTAMP
            arguments[5].u.i64 = timestamp
            arguments[6].vtype = RD_KAFKA_VTYPE_OPAQUE
            arguments[6].u.ptr = UnsafeMutableRawPointer(bitPattern: tag)
            if let headers {
                arguments[7].vtype = RD_KAFKA_VTYPE_HEADERS
                arguments[7].u.headers = headers
            }
            return rd_kafka_produceva(client.pointer, arguments.baseAddress!, headers == nil ? 7 : 8)
        }
        guard let error else { return .queued }
        // Headers of a message that was not taken are still ours.
        if let headers { rd_kafka_headers_destroy(headers) }
        if rd_kafka_error_code(error) == RD_KAFKA_RESP_ERR__QUEUE_FULL {
            rd_kafka_error_destroy(error)
            return .queueFull
        }
        let refused = KafkaError(consuming: error, activity: "producing to \(topic.name)")
        // librdkafka says it in the broker's words, who was not asked.
        if refused.code == RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE.rawValue {
            throw KafkaError(code: refused.code, activity: refused.activity, reason: Self.tooLarge)
        }
        throw refused
    }

    private static let tooLarge = "Client: message larger than its message.max.bytes, before compression"

    /// Waits for delivery reports at most `timeout`, hands out those that are there and returns how many; on one thread only.
    public func serveReports(timeout: Duration, _ body: (borrowing DeliveryReport) -> Void) -> Int {
        var served = 0
        var timeoutMilliseconds = timeout.timeoutMilliseconds
        while let event = rd_kafka_queue_poll(reports.pointer, timeoutMilliseconds) {
            defer { rd_kafka_event_destroy(event) }
            switch rd_kafka_event_type(event) {
            case RD_KAFKA_EVENT_DR:
                while let message = rd_kafka_event_message_next(event) {
                    body(DeliveryReport(message, hasOffsets: hasOffsets))
                    served += 1
                }
            case RD_KAFKA_EVENT_ERROR:
                client.note(
                    rd_kafka_event_error(event), String(cString: rd_kafka_event_error_string(event)),
                    isFatal: rd_kafka_event_error_is_fatal(event) != 0)
            default:
                break
            }
            timeoutMilliseconds = 0
        }
        return served
    }

    /// Messages whose report has not been served, and other events waiting.
    public var outstanding: Int { Int(rd_kafka_outq_len(client.pointer)) }

    /// Gives up every message, also those on their way: their reports follow as `_PURGE_QUEUE` or `_PURGE_INFLIGHT`.
    public func purge() {
        rd_kafka_purge(client.pointer, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT)
    }
}

/// A topic as one producer sees it, with its partitioner; keeps the producer's client alive.
public final class ProducerTopic: Sendable {
    public let name: String
    let object: CObject

    init(name: String, object: CObject) {
        self.name = name
        self.object = object
    }

    var pointer: OpaquePointer { object.pointer }
}
