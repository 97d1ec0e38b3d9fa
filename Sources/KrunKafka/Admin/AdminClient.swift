internal import CRdKafka

/// Asks a cluster about its topics, groups and offsets, and changes them; any thread may call, and each call blocks.
///
/// A call that fails first notes in the log what the client said on its own, such as a refused connection.
public final class AdminClient: Sendable {
    let client: Client
    private let properties: ClientProperties
    /// Whether it is for one request.
    private let endsWithRequest: Bool

    /// Connects to nothing yet. Throws for an unknown property or a bad value, by its name.
    ///
    /// `group.id` and `allow.auto.create.topics` are left out: it administers, joins nothing, and asking creates nothing. `isOver` is looked at while a call waits, by its thread and
    /// at least every 100 ms; once it is true the call throws an error whose `isCancelled` is true.
    public convenience init(
        properties: ClientProperties, log: ClientLog, isOver: (@Sendable () -> Bool)? = nil
    ) throws(KafkaError) {
        var properties = properties
        properties["group.id"] = nil
        properties["allow.auto.create.topics"] = nil
        try self.init(exactly: properties, log: log, endsWithRequest: false, isOver: isOver)
    }

    private init(
        exactly properties: ClientProperties, log: ClientLog, endsWithRequest: Bool, isOver: (@Sendable () -> Bool)?
    ) throws(KafkaError) {
        self.properties = properties
        self.endsWithRequest = endsWithRequest
        // Unlike a producer, a consumer never has topics created by asking for them.
        client = try Client(
            .consumer, properties: properties, log: log, isOver: isOver, activity: "making an admin client")
    }

    /// A client for one attempt of one request to coordinators of groups.
    ///
    /// librdkafka 2.0 may die of a request whose time was up before its coordinator was found: when it is found later on, it writes
    /// to what it has freed. So to librdkafka the time of these requests is never up: a client that waited long enough ends,
    /// with its request. And it dies when what a group committed is asked for, the coordinator has moved, and the client that
    /// asks has no group; one that is given the group's name joins it no more than any other.
    func groupRequestClient(of group: String? = nil) throws(KafkaError) -> AdminClient {
        var properties = properties
        if let group { properties = properties.merging(["group.id": group, "enable.auto.commit": "false"]) }
        return try AdminClient(exactly: properties, log: client.sink.log, endsWithRequest: true, isOver: client.isOver)
    }

    /// Serves errors that librdkafka reports on its own, which nobody else does here.
    func serveErrors() {
        while rd_kafka_poll(client.pointer, 0) > 0 {}
    }

    /// Sends a request and waits for its one answer, which is read before it is freed. On a client of `groupRequestClient` an error may mean that
    /// librdkafka still waits, until the client's end.
    func request<Answer>(
        _ operation: rd_kafka_admin_op_t, activity: String, timeout: Duration,
        send: (_ options: OpaquePointer, _ queue: OpaquePointer) -> Void,
        read: (_ event: OpaquePointer) throws(KafkaError) -> Answer
    ) throws(KafkaError) -> Answer {
        defer { serveErrors() }
        let options = rd_kafka_AdminOptions_new(client.pointer, operation)!
        defer { rd_kafka_AdminOptions_destroy(options) }
        let milliseconds = max(1, (endsWithRequest ? timeout + .seconds(60) : timeout).timeoutMilliseconds)
        _ = withErrorText { text, size in
            rd_kafka_AdminOptions_set_request_timeout(options, milliseconds, text, size)
        }
        let queue = client.makeQueue()
        send(options, queue.pointer)
        // librdkafka keeps the deadline and then answers with an error of its own, a moment later.
        let deadline = CallDeadline(after: endsWithRequest ? timeout : .milliseconds(milliseconds) + .seconds(1))
        guard let event = try client.poll(queue, until: deadline, activity: activity) else {
            try KafkaError.fail(RD_KAFKA_RESP_ERR__TIMED_OUT, activity)
        }
        defer { rd_kafka_event_destroy(event) }
        let reason = rd_kafka_event_error_string(event).map { String(cString: $0) } ?? ""
        try KafkaError.check(rd_kafka_event_error(event), activity, reason: client.sink.clean(reason))
        return try read(event)
    }

    /// An error code and text of a result as a value; nil for no error.
    func ifAny(
        _ code: rd_kafka_resp_err_t, _ reason: UnsafePointer<CChar>?, activity: String
    ) -> KafkaError? {
        guard code != RD_KAFKA_RESP_ERR_NO_ERROR else { return nil }
        return KafkaError(
            code: code.rawValue, activity: activity, reason: reason.map { client.sink.clean(String(cString: $0)) } ?? ""
        )
    }
}

// MARK: - Offsets

extension AdminClient {
    /// The first offset still there, for each partition.
    public func beginningOffsets(
        _ partitions: [TopicPartition], timeout: Duration
    ) throws(KafkaError) -> [TopicPartition: Int64] {
        try offsets(partitions, at: LogicalOffset.beginning, activity: "asking for first offsets", timeout: timeout)
    }

    /// The offset behind the last record, for each partition; with `isolation.level` `read_committed` (librdkafka's default),
    /// that of the first open transaction if there is one.
    public func endOffsets(
        _ partitions: [TopicPartition], timeout: Duration
    ) throws(KafkaError) -> [TopicPartition: Int64] {
        try offsets(partitions, at: LogicalOffset.end, activity: "asking for end offsets", timeout: timeout)
    }

    /// The offset of the first record that is as late as this or later, for each partition; nil where there is none.
    ///
    /// - Parameter milliseconds: since 1970; negative ones mean something else to Kafka.
    public func offsets(
        _ partitions: [TopicPartition], since milliseconds: Int64, timeout: Duration
    ) throws(KafkaError) -> [TopicPartition: Int64?] {
        precondition(milliseconds >= 0, "\(milliseconds) is no time")
        let found = try offsets(partitions, at: milliseconds, activity: "asking for offsets by time", timeout: timeout)
        return found.mapValues { $0 < 0 ? nil : $0 }
    }

    private func offsets(
        _ partitions: [TopicPartition], at time: Int64, activity: String, timeout: Duration
    ) throws(KafkaError) -> [TopicPartition: Int64] {
        defer { serveErrors() }
        return try client.offsets(partitions, at: time, activity: activity, timeout: timeout)
    }
}
