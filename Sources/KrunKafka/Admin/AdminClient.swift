internal import CRdKafka

/// Asks a cluster about its topics, groups and offsets, and changes them; any thread may call, and each call blocks.
///
/// A call that fails first notes in the log what the client said on its own, such as a refused connection.
public final class AdminClient: Sendable {
    let client: Client
    private let properties: ClientProperties

    /// Connects to nothing yet. Throws for an unknown property or a bad value, by its name.
    ///
    /// `group.id` and `allow.auto.create.topics` are left out: it administers, joins nothing, and asking creates nothing. `isOver` is looked at while a call waits, by its thread and
    /// at least every 100 ms (up to a second while metadata or offsets are slow to come); once it is true the call throws an
    /// error whose `isCancelled` is true.
    public convenience init(
        properties: ClientProperties, log: ClientLog, isOver: (@Sendable () -> Bool)? = nil
    ) throws(KafkaError) {
        var properties = properties
        properties["group.id"] = nil
        properties["allow.auto.create.topics"] = nil
        try self.init(exactly: properties, log: log, isOver: isOver)
    }

    private init(
        exactly properties: ClientProperties, log: ClientLog, isOver: (@Sendable () -> Bool)?
    ) throws(KafkaError) {
        self.properties = properties
        // Unlike a producer, a consumer never has topics created by asking for them.
        client = try Client(
            .consumer, properties: properties, log: log, isOver: isOver, activity: "making an admin client")
    }

    /// A client of its own for asking what a group committed. librdkafka 2.0 dies when the answer is that the coordinator moved
    /// and the client that asked has no group; this one has it, but joins it no more than any other.
    func asking(about group: String) throws(KafkaError) -> AdminClient {
        try AdminClient(
            exactly: properties.merging(["group.id": group, "enable.auto.commit": "false"]), log: client.sink.log,
            isOver: client.isOver)
    }

    /// Serves errors that librdkafka reports on its own, which nobody else does here.
    func serveErrors() {
        while rd_kafka_poll(client.pointer, 0) > 0 {}
    }

    /// Sends a request and waits for its one answer, which is read before it is freed.
    func request<Answer>(
        _ operation: rd_kafka_admin_op_t, activity: String, timeout: Duration,
        send: (_ options: OpaquePointer, _ queue: OpaquePointer) -> Void,
        read: (_ event: OpaquePointer) throws(KafkaError) -> Answer
    ) throws(KafkaError) -> Answer {
        defer { serveErrors() }
        let options = rd_kafka_AdminOptions_new(client.pointer, operation)!
        defer { rd_kafka_AdminOptions_destroy(options) }
        let milliseconds = max(1, timeout.timeoutMilliseconds)
        _ = withErrorText { text, size in
            rd_kafka_AdminOptions_set_request_timeout(options, milliseconds, text, size)
        }
        let queue = client.makeQueue()
        send(options, queue.pointer)
        // librdkafka keeps the deadline and then answers with an error of its own, a moment later.
        let deadline = Deadline(after: .milliseconds(milliseconds) + .seconds(1))
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
