public import KrunJSON

/// `{ "topic": "orders", … }`: what is done to a topic while the scenario runs.
public struct TopicStep: Sendable {
    /// The name in the file.
    public let topic: String
    public let change: Change
    /// Empty when the file expects nothing.
    public let expect: TopicStepExpectation

    public enum Change: Sendable {
        /// Nothing is done: the topic is looked at.
        case none
        case create(TopicDeclaration)
        case delete
        /// So many partitions in all.
        case partitions(Int)
        /// Partition → the offset before which all goes; nil for the end.
        case deleteRecords([Int32: Int64?])
        /// In the order of the file; without a value the config goes back to its default.
        case config([Config])
        /// Superseded records of keys go.
        case compact
    }

    /// A config that the step sets, or takes back.
    public struct Config: Sendable {
        public let name: String
        /// nil for the default.
        public let value: String?
        public let node: JSONNode
    }
}

extension TopicDeclaration {
    /// The topic after a step has set configs, or given it so many partitions; nil for as many as it had.
    package func changed(partitions count: Int? = nil, by configs: [TopicStep.Config]) -> TopicDeclaration {
        let names = Set(configs.map(\.name))
        let new = configs.compactMap { config in
            config.value.map { ConfigEntry(name: config.name, value: $0, node: config.node) }
        }
        return TopicDeclaration(
            name: name, partitions: count ?? partitions, replicationFactor: replicationFactor,
            config: config.filter { !names.contains($0.name) } + new, existing: existing, node: node)
    }
}

/// The `expect` block of a topic step: the same names as in its outcome; what is not mentioned is not judged.
public struct TopicStepExpectation: Sendable {
    public var partitions: Matcher?
    /// On how many brokers each partition is.
    public var replicas: Matcher?
    /// In the order of the file; compared as text, `null` for one that the topic does not have of its own.
    public var config: [(name: String, matcher: Matcher)] = []
    /// In the order of the file.
    public var offsets: [OffsetsOfPartition] = []
    /// Compared as text: with it the step must fail so.
    public var error: Matcher?

    public static let none = TopicStepExpectation()

    public init() {}

    /// What is expected of the log of one partition.
    public struct OffsetsOfPartition: Sendable {
        public let partition: Int32
        /// The first offset that the log still has.
        public var first: Matcher?
        /// The offset behind the last record.
        public var end: Matcher?
        /// The member of the map, for its place.
        public let node: JSONNode
    }
}
