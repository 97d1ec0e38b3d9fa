public import KrunJSON

/// `{ "produce": "orders", … }`
public struct ProduceStep: Sendable {
    /// Its name in the file.
    public let topic: String
    /// In the order in which they are sent; a generator on the step itself is the only one then.
    public let messages: [MessageTemplate]
    /// The name of its producer, which other steps may name, too; nil: it has its own.
    public let producer: String?
    /// What becomes of the transaction that the messages belong to; nil without one.
    public let transaction: Transaction?
    /// The name in the file, which may be the producer's; nil without a transaction, or where the step is to have its own.
    public let transactionalId: String?
    /// The group whose members' positions go into the transaction.
    public let offsetsOf: String?
    /// The step's, or the file's.
    public let partitioner: Partitioner
    /// Which acknowledgements it waits for.
    public let acks: Acks
    /// Whether retries neither repeat nor reorder messages.
    public let idempotent: Bool
    /// How batches are compressed.
    public let compression: Compression
    /// How long messages wait for company; nil for librdkafka's default.
    public let linger: Duration?
    /// Messages a second, evenly; nil for as many as the cluster takes.
    public let rate: Int?
    /// The file's and the step's tuning properties; the step's come last and win.
    public let client: [ClientProperty]
    /// Empty when the file expects nothing.
    public let expect: Expectation

    /// How many messages the step sends.
    public var count: Int { messages.reduce(0) { $0 + $1.count } }

    /// How many of them name their partition.
    public var namedPartitions: Int { messages.reduce(0) { $0 + ($1.partition == nil ? 0 : $1.count) } }

    /// How long sending takes at the step's rate; nothing without one.
    package var pacedDuration: Duration { rate.map { .seconds(max(0, count - 1)) / $0 } ?? .zero }

    /// `acks`, with its number.
    public enum Acks: Int, Hashable, Sendable {
        case all = -1
        case none = 0
        case leader = 1
    }

    /// What becomes of a transaction when the step ends.
    public enum Transaction: String, Hashable, Sendable, CaseIterable {
        case commit
        case abort
        /// It is left open: the next step of the same producer goes on in it, or ends it.
        case open
    }

    /// `compression.codec`
    public enum Compression: String, Hashable, Sendable, CaseIterable {
        case none, gzip, snappy, lz4, zstd
    }
}

/// A message, or `count` messages made by templates.
public struct MessageTemplate: Sendable {
    /// `null`: no key.
    public let key: PayloadTemplate
    /// `null`: a tombstone.
    public let value: PayloadTemplate
    /// In the order in which they are sent.
    public let headers: [Header]
    /// nil when the partitioner places it.
    public let partition: NumberTemplate?
    /// Milliseconds since 1970-01-01 UTC; nil for the time of sending.
    public let timestamp: NumberTemplate?
    /// At least 0.
    public let count: Int
    /// The message in the file; the step where that generates it, and what names the file where it is a record of one.
    public let node: JSONNode
    /// Of a record of a file: the 1-based number of its line.
    public internal(set) var line: Int?

    /// A header; one key may come several times.
    public struct Header: Sendable {
        public let key: String
        public let value: PayloadTemplate
    }
}

/// A whole number that may depend on the message's index.
public enum NumberTemplate: Sendable {
    case constant(Int64)
    case expression(IntegerExpression)
    /// Drawn for each message, or its time; the draw's place tells it from others of the file.
    case drawn(DrawnNumber)
}

/// A whole number that is drawn for each message.
public struct DrawnNumber: Sendable {
    let draw: Draw
    let place: UInt64

    /// Whether it depends on when it is asked for.
    package var usesTime: Bool { if case .now = draw { true } else { false } }

    /// - Parameters:
    ///   - index: the message's.
    ///   - time: milliseconds since 1970.
    package func value(index: Int64, seed: UInt64, time: Int64) -> Int64? {
        draw.number(seed: Draw.seed(Draw.seed(seed, at: place), at: UInt64(bitPattern: index)), time: time)
    }
}
