/// How many scenarios of a run ended how: all that is left of those that no report asks for any more.
public struct RunTotals: Hashable, Sendable {
    private var counts: [Status: Int] = [:]
    /// Wall-clock time of the whole run.
    public var duration: Duration

    public init(_ statuses: some Sequence<Status> = [], duration: Duration = .zero) {
        self.duration = duration
        for status in statuses { add(status) }
    }

    public mutating func add(_ status: Status) { counts[status, default: 0] += 1 }

    public func count(_ status: Status) -> Int { counts[status, default: 0] }

    /// How many scenarios there were.
    public var scenarios: Int { counts.values.reduce(0, +) }

    /// How they ended, each way once, in the order in which `Status` names them.
    public var statuses: [Status] { Status.allCases.filter { count($0) > 0 } }
}
