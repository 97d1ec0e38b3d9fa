public import KrunDiagnostics
public import KrunJSON

/// The `expect` block of a step: the same names as in its outcome; what is not mentioned is not judged.
public struct Expectation: Sendable {
    /// How many were acknowledged, or read.
    public var messages: Matcher?
    /// How many were refused, or ran out of time; of a produce step.
    public var failed: Matcher?
    /// With which the step must fail; of a produce step.
    public var error: ErrorExpectation?
    /// How many members had no partition when reading began.
    public var idle: Matcher?
    /// How many there were after reading had begun.
    public var rebalances: Matcher?
    /// How many records the group had read in an earlier step.
    public var redelivered: Matcher?
    /// How many keys moved because partitions were added; of a produce step.
    public var movedKeys: Matcher?
    /// The sum of the lags of all partitions.
    public var lag: Matcher?
    /// How many a second.
    public var rate: Matcher?
    public var latency: LatencyExpectation?
    /// Its values are durations.
    public var duration: Matcher?
    /// Records that must be there, or all that may be.
    public var records: RecordsExpectation?
    /// In the order of the file. With one topic, the short form on the step itself is found here too.
    public var topics: [TopicExpectation]
    /// In the order of the file.
    public var members: [MemberExpectation]

    /// Nothing is expected.
    public static let none = Expectation(topics: [], members: [])

    /// Whether some messages of a produce step are expected not to arrive.
    package var expectsFailures: Bool {
        if error != nil { return true }
        guard let failed else { return false }
        if case .equals(.json(let node)) = failed.rule, node.integer == 0 { return false }
        return true
    }
}

/// How long acknowledgements took, or how old records were when they were read; all values are durations.
public struct LatencyExpectation: Sendable {
    public var p50: Matcher?
    public var p95: Matcher?
    public var p99: Matcher?
    public var max: Matcher?
}

/// What must be seen of one topic.
public struct TopicExpectation: Sendable {
    /// The name in the file.
    public let topic: String
    /// In the order of the file.
    public var partitions: [PartitionExpectation] = []
    /// In the order of the file.
    public var keys: [KeyExpectation] = []
    /// Of the messages without a key.
    public var nullKey: KeyExpectation?
    /// The sum of the lags of its partitions.
    public var lag: Matcher?
    /// Who must have placed every message that has a key.
    public var placedBy: PlacementExpectation?
}

/// Who must have placed every message of a topic that has a key, whoever wrote it.
public struct PlacementExpectation: Sendable {
    /// One that looks at keys.
    public let partitioner: Partitioner
    /// The name in the file, for its place.
    public let node: JSONNode
}

/// What must be seen of one partition.
public struct PartitionExpectation: Sendable {
    /// Its number.
    public let partition: Int32
    /// How many of the step stand in it.
    public var messages: Matcher?
    /// The offset of the first of them; `null` where there is none.
    public var first: Matcher?
    /// The offset of the last of them; `null` where there is none.
    public var last: Matcher?
    /// From `partitions.N.committed` and from the step's `committed`, whose shape is partition number → offset.
    public var committed: [Matcher] = []
    /// End offset − committed offset.
    public var lag: Matcher?
    /// The member of the map, for its place.
    public let node: JSONNode
}

/// What must be seen of one key, or of the messages without a key.
public struct KeyExpectation: Sendable {
    /// The key's bytes; empty for `nullKey`.
    public let key: [UInt8]
    /// The one that all of them are on.
    public var partition: Matcher?
    /// How many they are on.
    public var partitions: Matcher?
    /// How many have it.
    public var messages: Matcher?
    /// Exactly these, in this order.
    public var values: ValuesExpectation?
    /// What is expected: a member of the map, or an entry of the list.
    public let node: JSONNode
    /// Where the file says the key.
    public var keyPlace: Place { keyNode?.place ?? node.keyPlace }
    /// The `key` of an entry of the list.
    let keyNode: JSONNode?

    init(key: [UInt8], node: JSONNode, keyNode: JSONNode? = nil) {
        self.key = key
        self.node = node
        self.keyNode = keyNode
    }
}

/// The values of one key.
public struct ValuesExpectation: Sendable {
    /// There are no others.
    public let values: [Matcher]
    /// Whether they may come in any order rather than in this one.
    public let anyOrder: Bool
    /// The list, for its place.
    public let node: JSONNode
}

/// What must be seen of one member of a group.
public struct MemberExpectation: Sendable {
    /// `1` … `N`.
    public let name: String
    /// Exactly these, such as `orders/0`, in any order; or a matcher on how many there are.
    public var partitions: MemberPartitions?
    /// How many records it read.
    public var messages: Matcher?
    /// The member of the map, for its place.
    public let node: JSONNode

    /// Which partitions a member has, or how many.
    public enum MemberPartitions: Sendable {
        case exactly([String], JSONNode)
        case count(Matcher)
    }
}
