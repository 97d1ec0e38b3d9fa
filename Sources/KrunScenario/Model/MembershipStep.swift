/// `{ "group": "billing", … }`: who is in a group from now on.
public struct MembershipStep: Sendable {
    public let group: String
    /// What members that join subscribe to; empty to leave it as an earlier step said.
    public let topics: [String]
    public let change: Change
    /// nil to leave it as an earlier step said, or to librdkafka.
    public let assignor: ConsumeStep.Assignor?
    /// Whether members are static, their names being their `group.instance.id`; nil to leave it as an earlier step said.
    public let isStatic: Bool?
    /// What members that join read of transactions; nil where no step has said it.
    public let isolation: ConsumeStep.Isolation?
    /// The file's and the step's tuning properties for members that join; the step's come last and win.
    public let client: [ClientProperty]
    /// Whether the step has tuning properties of its own; otherwise members join as an earlier step said.
    public let saysClient: Bool
    /// Empty when the file expects nothing.
    public let expect: MembershipExpectation

    public enum Change: Hashable, Sendable {
        /// Nobody comes or goes: the step waits until the group is stable.
        case none
        /// The whole: who is new joins, who is not named leaves. Each name once.
        case members([String])
        /// These stop without a word, and the group has to notice; at least one.
        case crash([String])
        /// The member does not poll for so long; nil for longer than it may.
        case stall(String, Duration?)
    }

    /// The names of so many members: `1` … `N`.
    package static func names(_ count: Int) -> [String] { (0..<count).map { "\($0 + 1)" } }
}

/// The `expect` block of a group step: the same names as in its outcome; what is not mentioned is not judged.
public struct MembershipExpectation: Sendable {
    public var members: [MemberExpectation] = []
    public var idle: Matcher?
    public var moved: Matcher?
    public var revoked: Matcher?
    public var generation: Matcher?
    public var rebalances: Matcher?
    /// Compared as text.
    public var state: Matcher?
    /// Its values are durations.
    public var duration: Matcher?
    /// Compared as text: with it the step must fail so.
    public var error: Matcher?

    public static let none = MembershipExpectation()

    public init() {}

    /// Whether anything is expected at all.
    public var isEmpty: Bool {
        members.isEmpty
            && [idle, moved, revoked, generation, rebalances, state, duration, error].allSatisfy { $0 == nil }
    }
}
