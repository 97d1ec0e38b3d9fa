public import KrunDiagnostics
public import KrunJSON
public import KrunOutcome
public import KrunSecrets

/// A scenario file, read and checked: nothing in it is unknown, undeclared or impossible to judge.
public struct Scenario: Sendable {
    /// The file's name as the user gave it.
    public let file: String
    /// Not empty; what reports call it.
    public let name: String
    /// The 1-based line on which the name stands.
    public let line: Int
    /// For people; nil when there is none.
    public let description: String?
    /// What the command line selects it by.
    public let tags: [String]
    /// Without any of these the scenario is skipped.
    public let requirements: [Requirement]
    /// The reason for which the file asks to be skipped; nil when it does not.
    public let skip: String?
    /// The variables of the case that this is, in its order; empty where the file has no cases.
    public let caseValues: [CapturedValue]
    /// The names of the file's variables, sorted.
    public let variableNames: [String]
    /// The names of the file's secrets, in its order.
    public let secretNames: [String]
    /// What no output may show: the values of all secrets that were given, also those that this file does not use.
    public let secrets: Secrets
    /// An error for each secret that was given no value, for which its name stands: without them it can be checked, and not run.
    public let missingSecrets: [Diagnostic]
    /// How many brokers the embedded cluster is to have.
    public let embeddedBrokers: Int
    /// nil when one is to be drawn.
    public let seed: UInt64?
    /// Tuning properties for every client of the scenario.
    public let client: [ClientProperty]
    /// How long a run may wait for what.
    public let timeouts: Timeouts
    /// Invariants that the whole file may break.
    public let allow: Set<Invariant>
    /// In the order of the file, each name once.
    public let topics: [TopicDeclaration]
    /// In the order of the file, each name once.
    public let groups: [GroupDeclaration]
    /// At least one.
    public let steps: [Step]
    /// Whether something in it is known only once it runs: see `decoded(with:)`.
    public let isLate: Bool
    /// What it was read from.
    let source: Source

    /// What is needed to read it once more.
    struct Source: Sendable {
        let root: JSONNode
        let overrides: ScenarioOverrides
        /// Those that it names stay as they were read.
        let files: FolderFiles?
        let late: LateValues
        /// Of the file's cases this one; nil where it has none.
        let `case`: ScenarioCase?
        /// Where the text is a step and no scenario.
        var step: SingleStep?
    }
}

extension Scenario {
    /// The same file read once more, with what is known by now.
    ///
    /// - Throws: what is wrong with it then, such as a captured text where a number belongs.
    public func decoded(with late: LateValues) throws(Diagnostics) -> Scenario {
        if let step = source.step {
            return try Scenario.decode(source.root, file: file, step: step, late: late)
        }
        return try Scenario.decode(
            source.root, file: file, overrides: source.overrides, files: source.files, late: late, case: source.case)
    }
}

extension Scenario {
    /// What is told of a step beside whatever is wrong in it.
    public func context(of step: Step) -> Diagnostic.Context {
        Diagnostic.Context(activity: step.title, position: step.path.position(of: numberedSteps))
    }

    /// Every step, also those within others, in the order of their paths.
    public var allSteps: [Step] { steps.flatMap(\.all) }

    /// Whether a step makes the cluster suffer, so that it must be the embedded one.
    public var hasFaults: Bool {
        allSteps.contains { if case .fault = $0.action { true } else { false } }
    }

    /// Whether anything that it sends is drawn with the seed.
    public var usesSeed: Bool {
        allSteps.contains { step in
            guard case .produce(let produce) = step.action else { return false }
            return produce.messages.contains { message in
                [message.key, message.value].contains(where: \.isDrawn)
                    || message.headers.contains(where: \.value.isDrawn)
                    || [message.partition, message.timestamp].contains {
                        if case .drawn(let number)? = $0 { !number.usesTime } else { false }
                    }
            }
        }
    }
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

    /// Those of a file that says nothing of them.
    public init() {}
}

/// What the broker or librdkafka at hand must be able to do.
public struct Requirement: Sendable {
    /// What must hold.
    public enum Condition: Hashable, Sendable {
        case realBroker
        /// The embedded broker: a fault needs it.
        case embeddedBroker
        /// The cluster has at least so many brokers.
        case brokers(atLeast: Int)
        /// librdkafka is at least this version; the numbers as in `2.3.0`.
        case librdkafka(atLeast: [Int])
    }

    /// What must hold.
    public let condition: Condition
    /// As written in the file: `brokers>=3`.
    public let text: String
    /// Where the file says it.
    public let node: JSONNode
}

/// A property of librdkafka that the file sets, from the allow-list.
public struct ClientProperty: Sendable {
    /// librdkafka's.
    public let name: String
    /// As librdkafka reads it.
    public let value: String
    /// The value in the file.
    public let node: JSONNode
}

/// A topic that the scenario uses.
public struct TopicDeclaration: Sendable {
    /// The name in the file; a run on a real cluster adds a suffix, unless the topic exists.
    public let name: String
    /// nil with `existing` when the file does not say; otherwise at least 1.
    public let partitions: Int?
    /// nil for the broker's default.
    public let replicationFactor: Int?
    /// Kafka's names and values, in the order of the file.
    public let config: [ConfigEntry]
    /// Whether it is there already: used by its exact name, never created, altered or deleted.
    public let existing: Bool
    /// Who must have placed every message of it that has a key, wherever a step sends or reads some.
    public var placedBy: PlacementExpectation?
    /// The object in the file.
    public let node: JSONNode

    /// A config of Kafka's that the file sets.
    public struct ConfigEntry: Sendable {
        public let name: String
        public let value: String
        public let node: JSONNode
    }
}

/// A consumer group that is there already: used by its exact name, never deleted.
public struct GroupDeclaration: Sendable {
    public let name: String
    /// Whether it is there already; without it the declaration says nothing.
    public let existing: Bool
    public let node: JSONNode
}
