/// `{ "consume": "orders", … }`
public struct ConsumeStep: Sendable {
    /// At least one.
    public let topics: [String]
    /// nil: all partitions by assignment, without a group.
    public let group: String?
    /// The names of those that join: `1` … `N` where the file has a number; one without a group. Where the group has members of an earlier
    /// step, those read.
    public let memberNames: [String]
    /// Whether the names are the members' `group.instance.id`.
    public let isStatic: Bool
    /// Whether the members remain in the group when the step ends.
    public let stays: Bool
    /// Where reading begins.
    public let from: StartPoints
    /// When it ends.
    public let until: End
    /// How long it reads on after that, and nothing may come; nil for not at all.
    public let settle: Duration?
    /// What is read of transactions; that of the members, where they joined in an earlier step.
    public let isolation: Isolation
    /// What the group commits; `none` without a group.
    public let commit: Commit
    /// At most so many records a second for each member; nil for as many as come.
    public let rate: Int?
    /// nil for librdkafka's default.
    public let assignor: Assignor?
    /// In the order of the file.
    public let captures: [Capture]
    /// The file's and the step's tuning properties; the step's come last and win.
    public let client: [ClientProperty]
    /// Empty when the file expects nothing.
    public let expect: Expectation

    /// How many join, where the group has no members of an earlier step.
    public var members: Int { memberNames.count }

    /// When reading ends.
    public enum End: Sendable {
        /// Per partition max(end offset when the step started, last offset this scenario was acknowledged + 1).
        case end
        case messages(Int)
        /// Nothing has come for so long.
        case idle(Duration)
        /// So many records have been read that match.
        case matching(RecordMatcher, count: Int)

        /// Whether everything there is is read.
        package var isEnd: Bool { if case .end = self { true } else { false } }
    }

    /// `isolation.level`
    public enum Isolation: String, Hashable, Sendable, CaseIterable {
        case readUncommitted = "read_uncommitted"
        /// Records of transactions once these are committed, and nothing behind the first one that is open.
        case readCommitted = "read_committed"
    }

    /// When the group commits where it stands.
    public enum Commit: Hashable, Sendable {
        /// Once, when reading has ended.
        case end
        /// After every record.
        case each
        /// After so many records of a member; what is left over when reading ends is not committed.
        case every(Int)
        /// By a timer, so often, or every 5 s, as Kafka's clients do with `enable.auto.commit`; and when a member gives partitions up.
        case auto(Duration?)
        case none

        /// Those that a file says by a name alone.
        static let names = ["end", "each", "auto", "none"]

        init?(_ name: String) {
            switch name {
            case "end": self = .end
            case "each": self = .each
            case "auto": self = .auto(nil)
            case "none": self = .none
            default: return nil
            }
        }
    }

    /// The topics in a sentence, without more of them than anybody reads.
    package var topicNames: String {
        let names = topics.prefix(10).joined(separator: ", ")
        return topics.count > 10 ? "\(names) and \(topics.count - 10) more" : names
    }

    /// `partition.assignment.strategy`
    public enum Assignor: String, Hashable, Sendable, CaseIterable {
        case range
        case roundrobin
        case cooperativeSticky = "cooperative-sticky"
    }
}

/// How many members a step may have on a cluster: a client of librdkafka has a thread for each broker, used or not.
package enum MemberLimit {
    /// For brokers, of all members of a step; with more the machine does little else than to begin and end threads.
    static let threads = 5_000

    /// What is wrong with so many members on so many brokers; nil where nothing is.
    package static func fault(
        members: Int, brokers: Int
    ) -> (message: String, label: String, notes: [String])? {
        guard members * brokers > threads else { return nil }
        return (
            "\(members) members are too many on a cluster of \(brokers) brokers", "at most \(threads / brokers) here",
            [
                "each member has a thread for each broker: \(members * brokers) in all, and krun runs at most \(threads)",
                "fewer members, or a cluster of fewer brokers (\"embedded\": { \"brokers\": \(max(1, threads / members)) })",
            ]
        )
    }
}
