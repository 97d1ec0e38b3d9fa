public import KrunDiagnostics

/// What one command line's scenarios came to, in the order in which they were named.
public struct RunOutcome: Hashable, Sendable {
    public var scenarios: [ScenarioOutcome]
    /// Milliseconds since 1970-01-01 UTC; 0 where nobody looked.
    public var startedAt: Int64
    /// Wall-clock time of the whole run.
    public var duration: Duration

    public init(scenarios: [ScenarioOutcome], startedAt: Int64 = 0, duration: Duration) {
        self.scenarios = scenarios
        self.startedAt = startedAt
        self.duration = duration
    }

    public var totals: RunTotals { RunTotals(scenarios.lazy.map(\.status), duration: duration) }
}

/// How a scenario or a step ended.
public enum Status: String, Hashable, Sendable, CaseIterable {
    /// Everything that was judged held.
    case passed
    /// An expectation or invariant did not hold.
    case failed
    /// A run-time error ended it.
    case error
    /// Not run, for a stated reason.
    case skipped
    /// The file does not parse or validate; nothing was run.
    case invalid
    /// Ctrl+C or SIGTERM ended it.
    case interrupted
}

/// The broker a scenario ran on and what chose it.
public struct BrokerOutcome: Hashable, Sendable {
    public enum Kind: String, Hashable, Sendable {
        case embedded
        case kafka
    }

    public var kind: Kind
    /// The bootstrap addresses, `host:port` separated by commas.
    public var address: String
    /// How many brokers the cluster has; nil before it was asked.
    public var brokers: Int?
    /// What chose it, such as `--brokers`, `KRUN_BROKERS`, `--embedded` or `default`.
    public var chosenBy: String

    public init(kind: Kind, address: String, brokers: Int?, chosenBy: String) {
        self.kind = kind
        self.address = address
        self.brokers = brokers
        self.chosenBy = chosenBy
    }
}

/// What happened when one scenario file was run.
public struct ScenarioOutcome: Hashable, Sendable {
    /// The file's name as the user gave it.
    public var file: String
    public var name: String
    /// The 1-based line of the file on which the name stands; nil where the file could not be read.
    public var line: Int?
    public var description: String?
    /// The variables of the file's case that this was; empty where it has no cases.
    public var caseValues: [CapturedValue] = []
    public var tags: [String] = []
    public var status: Status
    /// Why it was skipped; nil otherwise.
    public var skipReason: String?
    /// The seed of everything random; nil when nothing was run.
    public var seed: UInt64?
    /// Whether anything in the scenario was drawn with the seed.
    public var usesSeed = false
    /// nil when no broker was touched.
    public var broker: BrokerOutcome?
    /// Milliseconds since 1970-01-01 UTC.
    public var startedAt: Int64 = 0
    public var duration: Duration = .zero
    public var topics: [TopicOutcome] = []
    public var groups: [GroupOutcome] = []
    /// The steps that were run, in order; `stepCount` says how many the file has.
    public var steps: [StepOutcome] = []
    public var stepCount: Int = 0
    /// Every step that was run, also those within others, in the order of their paths.
    public var allSteps: [StepOutcome] { steps.flatMap(\.all) }

    /// One of each invariant, over all steps.
    public var invariants: [InvariantOutcome] = []
    /// What is wrong with the file, or the run-time trouble outside any step.
    public var diagnostics: [Diagnostic] = []
    public var cleanup: CleanupOutcome = CleanupOutcome()
    /// Every time that it was run, the last of which this outcome is of; empty where it was run once.
    public var attempts: [AttemptOutcome] = []
    /// Which of several runs of the scenario this was, from 1 on; nil where it was asked for once.
    public var repetition: Int?
    /// Of a part of a run, which of all its scenarios it is, from 1 on; nil where the run is whole.
    public var ordinal: Int?
    /// The last warnings and errors of librdkafka's log when the scenario failed or met a trouble; empty otherwise.
    public var clientLog: [String] = []
    /// What ran beside the steps; nil where nothing was started.
    public var program: ProgramOutcome?
    /// What happened when; nil where nobody asked for it.
    public var timeline: Timeline?
    /// The file's text, for who has only the report; nil where it is not kept.
    public var source: String?
    /// What happened, to be told; nil where nobody asked for it.
    public var story: Story?

    public init(file: String, name: String, status: Status) {
        self.file = file
        self.name = name
        self.status = status
    }
}

extension ScenarioOutcome {
    /// Whether it was to be run, and something else ended the run before it began.
    public var isUnbegun: Bool { startedAt == 0 && [.skipped, .interrupted].contains(status) }

    /// Whether it passed, but not at once.
    public var isFlaky: Bool { status == .passed && attempts.count > 1 }

    /// How many messages its steps sent and had acknowledged, and how many records they read.
    public var messages: (sent: Int, read: Int) {
        allSteps.reduce(into: (0, 0)) { messages, step in
            switch step.result {
            case .produce(let outcome): messages.sent += outcome.messages
            case .consume(let outcome): messages.read += outcome.messages
            default: break
            }
        }
    }
}

/// One of several times that a scenario was run, for it had not passed before.
public struct AttemptOutcome: Hashable, Sendable {
    public var status: Status
    /// nil where nothing was run.
    public var seed: UInt64?
    public var duration: Duration
    /// What was wrong first; nil where nothing was.
    public var reason: String?

    public init(status: Status, seed: UInt64?, duration: Duration, reason: String? = nil) {
        self.status = status
        self.seed = seed
        self.duration = duration
        self.reason = reason
    }
}

/// A topic of a scenario.
public struct TopicOutcome: Hashable, Sendable {
    /// The name in the file.
    public var name: String
    /// The name on the broker: with a suffix, unless exact names were asked for.
    public var actualName: String
    public var partitions: Int
    /// nil where the broker chose it or it was there already.
    public var replicationFactor: Int?
    /// Whether it was there already, so that it is neither created nor deleted.
    public var existing: Bool

    public init(name: String, actualName: String, partitions: Int, replicationFactor: Int?, existing: Bool) {
        self.name = name
        self.actualName = actualName
        self.partitions = partitions
        self.replicationFactor = replicationFactor
        self.existing = existing
    }
}

/// A consumer group of a scenario.
public struct GroupOutcome: Hashable, Sendable {
    public var name: String
    public var actualName: String
    public var existing: Bool

    public init(name: String, actualName: String, existing: Bool) {
        self.name = name
        self.actualName = actualName
        self.existing = existing
    }
}

/// What became of the topics and groups that the run made.
public struct CleanupOutcome: Hashable, Sendable {
    /// A thing that is still there.
    public struct Left: Hashable, Sendable {
        /// `topic` or `group`.
        public var kind: String
        /// The name on the broker.
        public var name: String
        /// Why it could not be deleted.
        public var reason: String

        public init(kind: String, name: String, reason: String) {
            self.kind = kind
            self.name = name
            self.reason = reason
        }
    }

    /// Names on the broker.
    public var deletedTopics: [String] = []
    /// Names on the broker.
    public var deletedGroups: [String] = []
    /// Names on the broker that `--keep` left.
    public var kept: [String] = []
    public var left: [Left] = []

    public init() {}
}
