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

    let bounds: Bounds

    /// - Parameters:
    ///   - consumers: that share the memory.
    ///   - brokers: of the cluster, each of which answers on its own.
    public init(consumers: Int = 1, brokers: Int) {
        let consumers = max(1, consumers)
        let bytes = max(Self.leastBytes, Self.bytes / consumers / (1 + max(1, brokers)))
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
        ]
        // Older versions look again when they are told: see FetchPace.
        if !KafkaLibrary.versionNumbers.lexicographicallyPrecedes([2, 2]) {
            properties["fetch.queue.backoff.ms"] = "1"
        }
        return properties
    }
}
