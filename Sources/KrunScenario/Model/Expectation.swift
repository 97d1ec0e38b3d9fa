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
