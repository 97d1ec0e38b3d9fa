/// `{ "produce": "orders", … }`
public struct ProduceStep: Sendable {
    public let topic: String
    /// In the order in which they are sent; a generator on the step itself is the only one then.
    public let messages: [MessageTemplate]
    public let partitioner: Partitioner
    public let acks: Acks
    public let idempotent: Bool
    public let compression: Compression
    /// How long messages wait for company; nil for librdkafka's default.
    public let linger: Duration?
    /// The file's and the step's tuning properties; the step's come last and win.
    public let client: [ClientProperty]
    /// Empty when the file expects nothing.
    public let expect: Expectation

    /// How many messages the step sends.
    public var count: Int { messages.reduce(0) { $0 + $1.count } }

    /// How many of them name their partition.
    public var namedPartitions: Int { messages.reduce(0) { $0 + ($1.partition == nil ? 0 : $1.count) } }

    public enum Acks: Int, Hashable, Sendable {
        case all = -1
        case none = 0
        case leader = 1
    }

    public enum Compression: String, Hashable, Sendable, CaseIterable {
        case none, gzip, snappy, lz4, zstd
    }
}
