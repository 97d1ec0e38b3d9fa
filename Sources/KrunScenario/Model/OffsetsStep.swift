/// `{ "offsets": "billing", … }`: where a group stands, or is to go on.
public struct OffsetsStep: Sendable {
    public let group: String
    /// Empty for all of the file's topics that the group has committed in.
    public let topics: [String]
    /// nil to look only; `committed` is none of its points.
    public let reset: StartPoints?
    /// Empty when the file expects nothing.
    public let expect: OffsetsExpectation
}

/// The `expect` block of an offsets step: the same names as in its outcome; what is not mentioned is not judged.
public struct OffsetsExpectation: Sendable {
    /// Of their partitions only `committed` is set.
    public var topics: [TopicExpectation] = []
    /// The sum of the partitions' lags.
    public var lag: Matcher?
    /// Compared as text: with it the step must fail so.
    public var error: Matcher?

    public static let none = OffsetsExpectation()

    public init() {}
}
