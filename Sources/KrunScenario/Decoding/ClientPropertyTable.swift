/// The properties of librdkafka that a scenario may set, and what to say about the others.
///
/// A scenario is untrusted: what names a host, file, library, command, credential or security mode comes from the
/// command line only, and what krun sets itself has a field of the language.
package enum ClientPropertyTable {
    /// Which clients a property is for.
    enum Scope: Sendable {
        case both
        case producer
        case consumer
    }

    /// The values a property may have.
    enum Values: Sendable {
        case number(ClosedRange<Int64>)
        case boolean
        case text
    }

    struct Entry: Sendable {
        let scope: Scope
        let values: Values

        init(_ scope: Scope, _ values: Values) {
            self.scope = scope
            self.values = values
        }

        init(_ scope: Scope, _ range: ClosedRange<Int64>) {
            self.init(scope, .number(range))
        }
    }

    /// Ranges are librdkafka's.
    static let allowed: [String: Entry] = [
        "client.id": Entry(.both, .text),
        "client.rack": Entry(.both, .text),
        "connections.max.idle.ms": Entry(.both, 0...2_147_483_647),
        "max.in.flight": Entry(.both, 1...1_000_000),
        "max.in.flight.requests.per.connection": Entry(.both, 1...1_000_000),
        "message.copy.max.bytes": Entry(.both, 0...1_000_000_000),
        "message.max.bytes": Entry(.both, 1_000...1_000_000_000),
        "metadata.max.age.ms": Entry(.both, 1...86_400_000),
        "receive.message.max.bytes": Entry(.both, 1_000...2_147_483_647),
        "reconnect.backoff.max.ms": Entry(.both, 0...3_600_000),
        "reconnect.backoff.ms": Entry(.both, 0...3_600_000),
        "retry.backoff.ms": Entry(.both, 1...300_000),
        "socket.connection.setup.timeout.ms": Entry(.both, 1_000...2_147_483_647),
        "socket.keepalive.enable": Entry(.both, .boolean),
        "socket.max.fails": Entry(.both, 0...1_000_000),
        "socket.nagle.disable": Entry(.both, .boolean),
        "socket.receive.buffer.bytes": Entry(.both, 0...100_000_000),
        "socket.send.buffer.bytes": Entry(.both, 0...100_000_000),
        "socket.timeout.ms": Entry(.both, 10...300_000),
        "topic.metadata.refresh.fast.interval.ms": Entry(.both, 1...60_000),
        "topic.metadata.refresh.interval.ms": Entry(.both, -1...3_600_000),

        "batch.num.messages": Entry(.producer, 1...1_000_000),
        "batch.size": Entry(.producer, 1...2_147_483_647),
        "compression.level": Entry(.producer, -1...12),
        "delivery.timeout.ms": Entry(.producer, 0...2_147_483_647),
        "linger.ms": Entry(.producer, 0...900_000),
        "message.send.max.retries": Entry(.producer, 0...2_147_483_647),
        "message.timeout.ms": Entry(.producer, 0...2_147_483_647),
        "queue.buffering.backpressure.threshold": Entry(.producer, 1...1_000_000),
        "queue.buffering.max.kbytes": Entry(.producer, 1...2_147_483_647),
        "queue.buffering.max.messages": Entry(.producer, 1...2_147_483_647),
        "queue.buffering.max.ms": Entry(.producer, 0...900_000),
        "request.timeout.ms": Entry(.producer, 1...900_000),
        "retries": Entry(.producer, 0...2_147_483_647),
        "sticky.partitioning.linger.ms": Entry(.producer, 0...900_000),

        "check.crcs": Entry(.consumer, .boolean),
        "coordinator.query.interval.ms": Entry(.consumer, 1...3_600_000),
        "fetch.error.backoff.ms": Entry(.consumer, 0...300_000),
        "fetch.max.bytes": Entry(.consumer, 0...2_147_483_135),
        "fetch.message.max.bytes": Entry(.consumer, 1...1_000_000_000),
        "fetch.min.bytes": Entry(.consumer, 1...100_000_000),
        "fetch.wait.max.ms": Entry(.consumer, 0...300_000),
        "heartbeat.interval.ms": Entry(.consumer, 1...3_600_000),
        "max.partition.fetch.bytes": Entry(.consumer, 1...1_000_000_000),
        "max.poll.interval.ms": Entry(.consumer, 1...86_400_000),
        "queued.max.messages.kbytes": Entry(.consumer, 1...2_097_151),
        "queued.min.messages": Entry(.consumer, 1...10_000_000),
        "session.timeout.ms": Entry(.consumer, 1...3_600_000),
    ]
}
