public import KrunDiagnostics

/// What happened in one step.
public struct StepOutcome: Hashable, Sendable {
    /// What the verb brought about.
    public enum Result: Hashable, Sendable {
        case produce(ProduceOutcome)
        case consume(ConsumeOutcome)
        case group(MembershipOutcome)
        case transaction(TransactionOutcome)
        case offsets(OffsetsOutcome)
        case topic(TopicStepOutcome)
        case fault(FaultOutcome)
        case pause
        /// What became of the steps of each branch.
        case together([[StepOutcome]])
        /// What became of the steps of each round.
        case `repeat`([[StepOutcome]])
    }

    /// Where the step stands in its scenario.
    public var path: StepPath
    /// The sentence of the step: `produce orders`, `consume orders as baristas`.
    public var title: String
    public var note: String?
    public var status: Status
    public var duration: Duration
    /// Present also after a failure or an error, as far as it got; nil when nothing had begun.
    public var result: Result?
    /// The invariants that this step judged.
    public var invariants: [InvariantOutcome]
    /// Failed expectations and broken invariants, and the run-time error that ended the step.
    public var diagnostics: [Diagnostic]

    public init(
        path: StepPath, title: String, note: String? = nil, status: Status, duration: Duration, result: Result?,
        invariants: [InvariantOutcome] = [], diagnostics: [Diagnostic] = []
    ) {
        self.path = path
        self.title = title
        self.note = note
        self.status = status
        self.duration = duration
        self.result = result
        self.invariants = invariants
        self.diagnostics = diagnostics
    }

    /// The branches or rounds that it holds; none of a step that holds no others.
    public var lists: [[StepOutcome]] {
        switch result {
        case .together(let lists), .repeat(let lists): lists
        case .produce, .consume, .group, .transaction, .offsets, .topic, .fault, .pause, nil: []
        }
    }

    /// Itself and all that it holds, in the order of their paths.
    public var all: [StepOutcome] { [self] + lists.joined().flatMap(\.all) }
}

/// What a `produce` step brought about.
public struct ProduceOutcome: Hashable, Sendable {
    public var topic: String
    /// Acknowledged.
    public var messages: Int
    /// Not acknowledged: refused, or out of time.
    public var failed: Int
    /// Kafka's error name → how many messages failed with it.
    public var errors: [String: Int]
    /// Those of `errors` with which the client refused a message itself, without asking a broker.
    public var refusedByClient: [String: Int] = [:]
    /// Kafka's name of the error with which the step failed: its transaction's, or else that of the most messages; nil where nothing failed.
    public var error: String?
    /// The name of its producer in the file; nil where the step has its own.
    public var producer: String?
    /// What has become of the transaction that the messages belong to; nil without one.
    public var transaction: TransactionFate?
    /// nil when every message named its partition.
    public var partitioner: String?
    /// Whether some message named its partition.
    public var namesPartitions = false
    /// Where the acknowledged messages went.
    public var records: TopicRecords
    /// Those that the step's `records` may be about; nil where it asks for none.
    public var singleRecords: [RecordOutcome]?
    /// Keys that are on another partition than in earlier steps because partitions were added.
    public var movedKeys = MovedKeys()
    /// Acknowledged a second, from when sending began, rounded; nil where none was.
    public var rate: Int64?
    /// From sending to acknowledgement; nil where none was acknowledged.
    public var latency: LatencyOutcome?
    public var duration: Duration

    public init(
        topic: String, messages: Int, failed: Int, errors: [String: Int], partitioner: String?, records: TopicRecords,
        duration: Duration
    ) {
        self.topic = topic
        self.messages = messages
        self.failed = failed
        self.errors = errors
        self.partitioner = partitioner
        self.records = records
        self.duration = duration
    }
}

/// What a `consume` step brought about.
public struct ConsumeOutcome: Hashable, Sendable {
    /// nil when all partitions were read by assignment.
    public var group: String?
    /// Records read.
    public var messages: Int
    /// By topic name as in the file.
    public var topics: [String: TopicRecords]
    /// In the order of their names; empty without a group.
    public var members: [MemberOutcome]
    /// How many members had no partition when reading began.
    public var idle: Int
    /// How often the group was rebalanced after reading had begun.
    public var rebalances: Int
    /// How many of the records this group had read in an earlier step; 0 without a group.
    public var redelivered = 0
    /// The sum of the partitions' lags; nil without a group.
    public var lag: Int64?
    /// Records read a second, from when reading began to the last one, rounded; nil where none was read.
    public var rate: Int64?
    /// From a record's timestamp to when it was read; nil where none was read that has one.
    public var latency: LatencyOutcome?
    /// How many of the records came after the end, while the step settled.
    public var late = 0
    /// Those that the step's `records` may be about, in the order in which they were read; nil where it asks for none.
    public var records: [RecordOutcome]?
    /// What was taken from records, in the order of the file.
    public var captured: [CapturedValue] = []
    /// From the first member's start until every one of them was in the same generation; nil without a group or
    /// when it never came to that.
    public var joinDuration: Duration?
    /// From the beginning of reading to its end.
    public var receiveDuration: Duration
    /// The whole step.
    public var duration: Duration

    public init(
        group: String?, messages: Int, topics: [String: TopicRecords], members: [MemberOutcome], idle: Int,
        rebalances: Int, lag: Int64?, joinDuration: Duration?, receiveDuration: Duration, duration: Duration
    ) {
        self.group = group
        self.messages = messages
        self.topics = topics
        self.members = members
        self.idle = idle
        self.rebalances = rebalances
        self.lag = lag
        self.joinDuration = joinDuration
        self.receiveDuration = receiveDuration
        self.duration = duration
    }
}

/// A member of a group as it was when reading began, and what it read.
public struct MemberOutcome: Hashable, Sendable {
    /// `1` … `N`.
    public var name: String
    /// Such as `orders/0`, sorted by topic and number.
    public var partitions: [String]
    public var messages: Int

    public init(name: String, partitions: [String], messages: Int) {
        self.name = name
        self.partitions = partitions
        self.messages = messages
    }
}

/// What a step saw of one topic.
public struct TopicRecords: Hashable, Sendable {
    /// Every partition of the topic by number, also those without messages.
    public var partitions: [Int32: PartitionOutcome]
    /// In the order of their bytes; the first `TopicRecords.keyLimit` that were seen and those that an expectation names.
    public var keys: [KeyOutcome]
    /// Messages without a key; nil when there were none.
    public var nullKey: KeyOutcome?
    /// How many different keys there were; a lower bound when `keysAreSampled`.
    public var distinctKeys: Int
    /// Whether there were so many keys that only some, chosen by hash, were looked at.
    public var keysAreSampled: Bool
    /// Where the keys are beside where a partitioner puts them; nil where nobody asks.
    public var placement: PlacementOutcome?

    /// How many keys an outcome lists.
    public static let keyLimit = 10_000

    public init(
        partitions: [Int32: PartitionOutcome] = [:], keys: [KeyOutcome] = [], nullKey: KeyOutcome? = nil,
        distinctKeys: Int = 0, keysAreSampled: Bool = false
    ) {
        self.partitions = partitions
        self.keys = keys
        self.nullKey = nullKey
        self.distinctKeys = distinctKeys
        self.keysAreSampled = keysAreSampled
    }
}

/// What a step saw of one partition.
public struct PartitionOutcome: Hashable, Sendable {
    public var messages: Int
    /// Offset of the first message; nil when there was none or, with `acks: 0`, when it is unknown.
    public var first: Int64?
    public var last: Int64?
    /// The group's committed offset after the step; nil without a group or where nothing is committed.
    public var committed: Int64?
    /// End offset − committed, or end − log start where nothing is committed; nil without a group.
    public var lag: Int64?
    /// How many acknowledged messages the broker had removed before the step could read them.
    public var removed: Int
    /// Where reading began, if the group's committed offset was none that the log has.
    public var reset: OffsetOutOfRange?

    public init(
        messages: Int, first: Int64?, last: Int64?, committed: Int64? = nil, lag: Int64? = nil, removed: Int = 0,
        reset: OffsetOutOfRange? = nil
    ) {
        self.messages = messages
        self.first = first
        self.last = last
        self.committed = committed
        self.lag = lag
        self.removed = removed
        self.reset = reset
    }
}

/// A committed offset that was out of range when a step began: records were removed, or the topic was made anew.
public struct OffsetOutOfRange: Hashable, Sendable {
    public var committed: Int64
    /// The first offset that the log had.
    public var logStart: Int64
    /// The offset behind the last record that it had.
    public var end: Int64
    /// Where reading began instead.
    public var start: Int64

    public init(committed: Int64, logStart: Int64, end: Int64, start: Int64) {
        self.committed = committed
        self.logStart = logStart
        self.end = end
        self.start = start
    }
}

/// What a step saw of one key.
public struct KeyOutcome: Hashable, Sendable {
    /// The key's bytes; empty for `nullKey` too.
    public var key: [UInt8]
    public var messages: Int
    /// Sorted.
    public var partitions: [Int32]
    /// The values in the order in which they were sent or read, nil being a tombstone; kept only where an
    /// expectation asks for them, nil otherwise.
    public var values: [[UInt8]?]?

    public init(key: [UInt8], messages: Int, partitions: [Int32], values: [[UInt8]?]? = nil) {
        self.key = key
        self.messages = messages
        self.partitions = partitions
        self.values = values
    }

    /// The key as text; nil when no text of a scenario can be it: it is not UTF-8, or holds a NUL.
    public var text: String? { ByteText.writable(key) }
}
