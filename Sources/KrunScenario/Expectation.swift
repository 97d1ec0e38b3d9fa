public import KrunJSON

/// The `expect` block of a step: the same names as in its outcome; what is not mentioned is not judged.
public struct Expectation: Sendable {
    public var messages: Matcher?
    public var failed: Matcher?
    public var idle: Matcher?
    public var rebalances: Matcher?
    public var lag: Matcher?
    /// Its values are durations.
    public var duration: Matcher?
    /// In the order of the file. With one topic, the short form on the step itself is found here too.
    public var topics: [TopicExpectation]
    public var members: [MemberExpectation]

    public static let none = Expectation(topics: [], members: [])
}

public struct TopicExpectation: Sendable {
    /// The name in the file.
    public let topic: String
    public var partitions: [PartitionExpectation] = []
    public var keys: [KeyExpectation] = []
    public var nullKey: KeyExpectation?
    public var lag: Matcher?
}

public struct PartitionExpectation: Sendable {
    public let partition: Int32
    public var messages: Matcher?
    public var first: Matcher?
    public var last: Matcher?
    /// From `partitions.N.committed` and from the step's `committed`, whose shape is partition number → offset.
    public var committed: [Matcher] = []
    public var lag: Matcher?
    /// The member of the map, for its place.
    public let node: JSONNode
}

public struct KeyExpectation: Sendable {
    /// The key's text; empty for `nullKey`.
    public let key: String
    public var partition: Matcher?
    public var partitions: Matcher?
    public var messages: Matcher?
    /// Exactly these, in this order.
    public var values: ValuesExpectation?
    /// The member of the map, for its place.
    public let node: JSONNode
}

public struct ValuesExpectation: Sendable {
    public let values: [Matcher]
    public let node: JSONNode
}

public struct MemberExpectation: Sendable {
    /// `1` … `N`.
    public let name: String
    /// Exactly these, such as `orders/0`, in any order; or a matcher on how many there are.
    public var partitions: MemberPartitions?
    public var messages: Matcher?
    public let node: JSONNode

    public enum MemberPartitions: Sendable {
        case exactly([String], JSONNode)
        case count(Matcher)
    }
}

/// What a value must be.
public struct Matcher: Sendable {
    public indirect enum Rule: Sendable {
        case equals(Operand)
        case oneOf([Operand])
        /// A regular expression (Swift's own syntax) that must be found somewhere in the text; `^` and `$` anchor it.
        case matches(String)
        /// Both ends included; at least one is there.
        case range(min: Operand?, max: Operand?)
    }

    /// What a value is compared with.
    public enum Operand: Sendable {
        /// A literal of the file, its content untouched.
        case json(JSONNode)
        /// A duration, written as `"500ms"`.
        case duration(Duration, JSONNode)
    }

    public let rule: Rule
    /// The literal or the object, for its place.
    public let node: JSONNode
}
