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

    /// Connects to nothing yet. Throws for an unknown property or a bad value, by its name.
    public init(properties: ClientProperties, log: ClientLog) throws(KafkaError) {
        Swift.fatalError("not built yet")
    }

    /// Makes a topic ready to be sent to, with librdkafka's partitioner of that name; throws if this producer has the topic
    /// with another partitioner.
    public func topic(_ name: String, partitioner: String) throws(KafkaError) -> ProducerTopic {
        Swift.fatalError("not built yet")
    }

    /// Waits until every partition of the topic has a leader and returns how many there are; throws at the deadline.
    @discardableResult
    public func waitForMetadata(_ topic: ProducerTopic, timeout: Duration) throws(KafkaError) -> Int {
        Swift.fatalError("not built yet")
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
        Swift.fatalError("not built yet")
    }

    /// Waits for delivery reports at most `timeout`, hands out those that are there and returns how many; on one thread only.
    public func serveReports(timeout: Duration, _ body: (borrowing DeliveryReport) -> Void) -> Int {
        Swift.fatalError("not built yet")
    }

    /// Sends what lingers and waits until every message is reported, which takes another thread serving reports;
    /// false at the deadline.
    public func flush(timeout: Duration) -> Bool {
        Swift.fatalError("not built yet")
    }

    /// Messages whose report has not been served, and other events waiting.
    public var outstanding: Int { Swift.fatalError("not built yet") }

    /// Gives up every message, also those on their way: their reports follow as `_PURGE_QUEUE` or `_PURGE_INFLIGHT`.
    public func purge() {
        Swift.fatalError("not built yet")
    }

    /// What ended this producer for good, such as a fenced idempotent producer; nil while it works.
    public var fatalError: KafkaError? { nil }
}
