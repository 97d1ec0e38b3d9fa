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

    public init() {}
}
