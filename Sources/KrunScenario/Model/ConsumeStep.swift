/// `{ "consume": "orders", … }`
public struct ConsumeStep: Sendable {
    /// At least one.
    public let topics: [String]
    /// nil: all partitions by assignment, without a group.
    public let group: String?
    /// 1 without a group.
    public let members: Int
    public let from: Start
    public let until: End
    public let commit: Commit
    /// nil for librdkafka's default.
    public let assignor: Assignor?
    /// The file's and the step's tuning properties; the step's come last and win.
    public let client: [ClientProperty]
    /// Empty when the file expects nothing.
    public let expect: Expectation

    public enum Start: String, Hashable, Sendable, CaseIterable {
        /// Where the group stopped; where nothing is committed, the earliest record.
        case committed
        case earliest
        case latest
    }

    public enum End: Hashable, Sendable {
        /// Per partition max(end offset when the step started, last offset this scenario was acknowledged + 1).
        case end
        case messages(Int)
        /// Nothing has come for so long.
        case idle(Duration)
    }

    public enum Commit: String, Hashable, Sendable, CaseIterable {
        /// Once, when reading has ended.
        case end
        case none
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
