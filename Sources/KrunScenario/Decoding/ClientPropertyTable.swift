import KrunJSON

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

    /// In bytes: 128 MiB, room for the largest payload and what is around it.
    static let largestMessage: Int64 = 134_217_728
    /// In bytes: 256 MiB.
    private static let largestResponse: Int64 = 268_435_456
    /// The longest text, in bytes: clients put some of them into ids of their own, which Kafka's protocol bounds.
    static let longestText = 255

    /// Names that mean the same to librdkafka: of several that are set the last counts.
    private static let aliases: [String: String] = [
        "delivery.timeout.ms": "message.timeout.ms", "fetch.message.max.bytes": "max.partition.fetch.bytes",
        "max.in.flight": "max.in.flight.requests.per.connection", "queue.buffering.max.ms": "linger.ms",
        "retries": "message.send.max.retries",
    ]

    /// The one name of a property that has several.
    package static func canonicalName(_ name: String) -> String { aliases[name] ?? name }

    static let allowedNames = allowed.keys.sorted()

    /// Ranges are librdkafka's, narrower where more would fill the machine's memory, or no embedded broker would take it.
    static let allowed: [String: Entry] = [
        "client.id": Entry(.both, .text),
        "client.rack": Entry(.both, .text),
        "connections.max.idle.ms": Entry(.both, 0...2_147_483_647),
        "max.in.flight": Entry(.both, 1...1_000_000),
        "max.in.flight.requests.per.connection": Entry(.both, 1...1_000_000),
        "message.copy.max.bytes": Entry(.both, 0...largestMessage),
        "message.max.bytes": Entry(.both, 1_000...largestMessage),
        "metadata.max.age.ms": Entry(.both, 1...86_400_000),
        "receive.message.max.bytes": Entry(.both, 1_000...largestResponse),
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
        "batch.size": Entry(.producer, 1...largestMessage),
        "compression.level": Entry(.producer, -1...12),
        "delivery.timeout.ms": Entry(.producer, 0...2_147_483_647),
        "linger.ms": Entry(.producer, 0...900_000),
        "message.send.max.retries": Entry(.producer, 0...2_147_483_647),
        "message.timeout.ms": Entry(.producer, 0...2_147_483_647),
        "queue.buffering.backpressure.threshold": Entry(.producer, 1...1_000_000),
        "queue.buffering.max.kbytes": Entry(.producer, 1...1_048_576),
        "queue.buffering.max.messages": Entry(.producer, 1...1_000_000),
        "queue.buffering.max.ms": Entry(.producer, 0...900_000),
        "request.timeout.ms": Entry(.producer, 1...900_000),
        "retries": Entry(.producer, 0...2_147_483_647),
        "sticky.partitioning.linger.ms": Entry(.producer, 0...900_000),

        "check.crcs": Entry(.consumer, .boolean),
        "coordinator.query.interval.ms": Entry(.consumer, 1...3_600_000),
        "fetch.error.backoff.ms": Entry(.consumer, 0...300_000),
        "fetch.max.bytes": Entry(.consumer, 0...largestResponse - 512),
        "fetch.message.max.bytes": Entry(.consumer, 1...largestMessage),
        "fetch.min.bytes": Entry(.consumer, 1...100_000_000),
        "fetch.wait.max.ms": Entry(.consumer, 0...300_000),
        "heartbeat.interval.ms": Entry(.consumer, 1...3_600_000),
        "max.partition.fetch.bytes": Entry(.consumer, 1...largestMessage),
        "max.poll.interval.ms": Entry(.consumer, 1...86_400_000),
        "queued.max.messages.kbytes": Entry(.consumer, 1...1_048_576),
        "queued.min.messages": Entry(.consumer, 1...1_000_000),
        "session.timeout.ms": Entry(.consumer, 1...1_800_000),
    ]
}
