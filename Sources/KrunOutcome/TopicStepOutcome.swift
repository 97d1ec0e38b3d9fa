/// What a `topic` step found, or brought about.
public struct TopicStepOutcome: Hashable, Sendable {
    /// What the step was to do.
    public enum Change: String, Hashable, Sendable {
        case create
        case delete
        case partitions
        case deleteRecords
        case config
        case compact
    }

    /// What the log of a partition holds.
    public struct Log: Hashable, Sendable {
        /// The first offset that it still has.
        public var first: Int64
        /// The offset behind the last record.
        public var end: Int64

        public init(first: Int64, end: Int64) {
            self.first = first
            self.end = end
        }
    }

    public var topic: String
    /// nil: it was looked at.
    public var change: Change?
    /// nil where the topic is not there.
    public var partitions: Int?
    /// How many it had before; nil where the step added none.
    public var partitionsBefore: Int?
    /// On how many brokers each partition is; nil where the topic is not there.
    public var replicas: Int?
    /// Those that the step sets or expects, as they are afterwards; without those that the topic does not have.
    public var config: [String: String] = [:]
    /// By partition.
    public var offsets: [Int32: Log] = [:]
    /// Kafka's name of the error that the step ended with.
    public var error: String?
    public var duration: Duration = .zero

    public init(topic: String, change: Change?) {
        self.topic = topic
        self.change = change
    }
}

/// Keys that went to another partition than before because partitions were added to their topic.
public struct MovedKeys: Hashable, Sendable {
    /// A key and where it was and is.
    public struct Move: Hashable, Sendable {
        /// The key's bytes.
        public var key: [UInt8]
        public var from: Int32
        public var to: Int32

        public init(key: [UInt8], from: Int32, to: Int32) {
            self.key = key
            self.from = from
            self.to = to
        }
    }

    /// How many of them are listed.
    public static let limit = 10

    public private(set) var count = 0
    /// The first few in the order of their bytes, and in that order.
    public private(set) var first: [Move] = []

    public init() {}

    /// The same moves of keys that are shown otherwise.
    func mapKeys(_ transform: ([UInt8]) -> [UInt8]) -> MovedKeys {
        var mapped = self
        mapped.first = first.map { Move(key: transform($0.key), from: $0.from, to: $0.to) }
        return mapped
    }

    public mutating func add(_ move: Move) {
        count += 1
        let place = first.firstIndex { move.key.lexicographicallyPrecedes($0.key) } ?? first.count
        guard place < Self.limit else { return }
        first.insert(move, at: place)
        if first.count > Self.limit { first.removeLast() }
    }
}
