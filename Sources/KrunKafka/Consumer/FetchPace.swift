internal import CRdKafka

/// How much consumers fetch ahead of what was handed out: as much as keeps them busy, within a memory that depends neither on the
/// number and size of messages nor on how many partitions, brokers and consumers there are.
///
/// librdkafka keeps what it fetched in one queue for each client. While the queue is below both bounds, it asks each broker for one more
/// response, and that may go beyond them. So memory is bounded by both: the queue up to its bounds, and a response of each broker.
public struct FetchAhead: Hashable, Sendable {
    struct Bounds: Hashable, Sendable {
        /// Of a queue, and what one response brings, in units of 1 024 bytes.
        var kilobytes: Int
        /// Of a queue.
        var messages: Int
    }

    /// Of all queues, with the responses on top. A message of a few bytes takes about 300 in the queue and 20 in its response: of
    /// such a response each byte counts fifteenfold.
    private static let bytes = 4 << 20
    /// In all queues.
    private static let messages = 40_000
    private static let leastBytes = 64 << 10
    private static let leastMessages = 2_000

    /// From all consumers to all brokers together.
    private static let idleRequestsPerSecond = 1_000
    /// librdkafka's own `fetch.wait.max.ms`.
    private static let longestWait = 500

    let bounds: Bounds
    /// How many milliseconds a broker waits with an answer that has nothing to say. Where the last of what is to be read is nothing that is
    /// handed out, such as the end of a transaction, it is that answer which tells that the end is reached.
    let wait: Int

    /// - Parameters:
    ///   - consumers: that share the memory.
    ///   - brokers: of the cluster, each of which answers on its own.
    public init(consumers: Int = 1, brokers: Int) {
        let consumers = max(1, consumers)
        let bytes = max(Self.leastBytes, Self.bytes / consumers / (1 + max(1, brokers)))
        let connections = consumers * max(1, brokers)
        wait = min(Self.longestWait, max(20, connections * 1_000 / Self.idleRequestsPerSecond))
        bounds = Bounds(kilobytes: bytes >> 10, messages: max(Self.leastMessages, Self.messages / consumers))
    }

    /// As defaults: what a user sets wins over each.
    public var properties: ClientProperties {
        var properties: ClientProperties = [
            "queued.min.messages": String(bounds.messages),
            "queued.max.messages.kbytes": String(bounds.kilobytes),
            // One partition may fill a response, of which the next partition begins the next one. With a share for each, those whose
            // batches are larger than that would be left out of all responses but one.
            "fetch.message.max.bytes": String(bounds.kilobytes << 10),
            // `fetch.max.bytes` is no less than this, and by itself no more than the bound of the queue. Of a consumer it says nothing else.
            "message.max.bytes": "1000",
            "fetch.wait.max.ms": String(wait),
        ]
        // Older versions look again when they are told: see FetchPace.
        if !KafkaLibrary.versionNumbers.lexicographicallyPrecedes([2, 2]) {
            properties["fetch.queue.backoff.ms"] = "1"
        }
        return properties
    }
}

/// When a consumer's broker threads are to look again whether they may fetch.
///
/// Over a bound of its queue librdkafka before 2.2 looks again after a whole second, however soon the queue is empty, unless something
/// wakes the thread. Woken each time that a quarter of a bound was taken out, it fetches before the queue has run empty.
struct FetchPace {
    private let messages: Int
    private let bytes: Int
    private var takenMessages = 0
    private var takenBytes = 0
    /// Of the batch before, to guess what the next one brings.
    private var averageBytes = 0

    /// Goes by the bounds that these properties set, or librdkafka's own.
    init(_ properties: ClientProperties) {
        messages = max(1, (properties["queued.min.messages"].flatMap { Int($0) } ?? 100_000) / 4)
        bytes = max(1, (properties["queued.max.messages.kbytes"].flatMap { Int($0) } ?? 65_536) * 250)
    }

    /// How many messages to take at once, at most `max`: no more than a quarter of what fits into the queue, so that the rest is there to go
    /// on with while more is fetched.
    func batch(atMost max: Int) -> Int {
        Swift.max(1, min(max, messages, bytes / Swift.max(1, averageBytes)))
    }

    /// Notes what was taken out of the queue.
    mutating func record(messages: Int, bytes: Int) {
        guard messages > 0 else { return }
        takenMessages += messages
        takenBytes += bytes
        averageBytes = bytes / messages
    }

    /// Whether it is time to wake the threads; asked once, it is not until as much was taken again.
    mutating func isDue() -> Bool {
        guard takenMessages >= messages || takenBytes >= bytes else { return false }
        takenMessages = 0
        takenBytes = 0
        return true
    }
}

/// Makes a client's broker threads look at once at what there is to do.
struct BrokerWaker {
    private let username: String
    private let password: String
    /// Whether librdkafka reads the credentials under a lock, so that they may be set at any time.
    private let setsCredentials: Bool

    init(_ properties: ClientProperties) {
        username = properties["sasl.username"] ?? ""
        password = properties["sasl.password"] ?? ""
        let mechanism = properties["sasl.mechanism"] ?? properties["sasl.mechanisms"] ?? "GSSAPI"
        let usesSASL = properties["security.protocol"]?.lowercased().hasPrefix("sasl") ?? false
        setsCredentials = !usesSASL || mechanism.uppercased() != "GSSAPI"
    }

    /// Costs some microseconds, and nothing goes over the network; with GSSAPI a request to each broker that leads one of `partitions`.
    func wake(_ client: Client, _ partitions: @autoclosure () -> [TopicPartitionOffset]) {
        if setsCredentials {
            // The one call that wakes all of them and, as the credentials stay what they are, does nothing else.
            if let error = rd_kafka_sasl_set_credentials(client.pointer, username, password) {
                rd_kafka_error_destroy(error)
            }
        } else {
            // A thread that sends a request looks, too. What the answer is matters to nobody.
            let ends = partitions().map { TopicPartitionOffset($0.topic, $0.partition, LogicalOffset.end) }
            let list = PartitionList(ends)
            rd_kafka_offsets_for_times(client.pointer, list.pointer, 1_000)
        }
    }
}
