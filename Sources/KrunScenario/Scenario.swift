public import KrunDiagnostics
public import KrunJSON
public import KrunOutcome

/// A scenario file, read and checked: nothing in it is unknown, undeclared or impossible to judge.
public struct Scenario: Sendable {
    /// The file's name as the user gave it.
    public let file: String
    public let name: String
    public let description: String?
    public let tags: [String]
    public let requirements: [Requirement]
    /// The reason for which the file asks to be skipped; nil when it does not.
    public let skip: String?
    /// How many brokers the embedded cluster is to have.
    public let embeddedBrokers: Int
    /// nil when one is to be drawn.
    public let seed: UInt64?
    /// Tuning properties for every client of the scenario.
    public let client: [ClientProperty]
    public let timeouts: Timeouts
    /// Invariants that the whole file may break.
    public let allow: Set<Invariant>
    public let topics: [TopicDeclaration]
    public let groups: [GroupDeclaration]
    public let steps: [Step]
}

/// What the broker or librdkafka at hand must be able to do.
public struct Requirement: Sendable {
    public enum Condition: Hashable, Sendable {
        case realBroker
        /// The cluster has at least so many brokers.
        case brokers(atLeast: Int)
        /// librdkafka is at least this version; the numbers as in `2.3.0`.
        case librdkafka(atLeast: [Int])
    }

    public let condition: Condition
    /// As written in the file: `brokers>=3`.
    public let text: String
    public let node: JSONNode
}

/// The budgets of one run; a failure says which of them ran out.
public struct Timeouts: Hashable, Sendable {
    /// Until a broker has answered and every topic has its leaders.
    public var connect: Duration = .seconds(10)
    /// Until every message of a step was acknowledged or refused.
    public var deliver: Duration = .seconds(30)
    /// Until every member of a group is in the same generation with its final assignment.
    public var join: Duration = .seconds(30)
    /// From the beginning of reading to its end.
    public var receive: Duration = .seconds(10)

    public init() {}
}

/// A property of librdkafka that the file sets, from the allow-list.
public struct ClientProperty: Sendable {
    public let name: String
    public let value: String
    public let node: JSONNode
}

/// A topic that the scenario uses.
public struct TopicDeclaration: Sendable {
    public let name: String
    /// nil with `existing` when the file does not say; otherwise at least 1.
    public let partitions: Int?
    /// nil for the broker's default.
    public let replicationFactor: Int?
    /// Kafka's names and values, in the order of the file.
    public let config: [ConfigEntry]
    /// Whether it is there already: used by its exact name, never created, altered or deleted.
    public let existing: Bool
    public let node: JSONNode

    public struct ConfigEntry: Sendable {
        public let name: String
        public let value: String
        public let node: JSONNode
    }
}

/// A consumer group that is there already: used by its exact name, never deleted.
public struct GroupDeclaration: Sendable {
    public let name: String
    public let existing: Bool
    public let node: JSONNode
}

/// One step of a scenario.
public struct Step: Sendable {
    public enum Action: Sendable {
        case produce(ProduceStep)
        case consume(ConsumeStep)
    }

    /// 1-based.
    public let number: Int
    public let action: Action
    public let note: String?
    /// Invariants that may be broken here, the file's included.
    public let allow: Set<Invariant>
    public let node: JSONNode

    /// The step as a sentence: `produce orders`, `consume orders as baristas`.
    public var title: String {
        switch action {
        case .produce(let produce): "produce \(produce.topic)"
        case .consume(let consume):
            "consume \(consume.topics.joined(separator: ", "))" + (consume.group.map { " as \($0)" } ?? "")
        }
    }
}
