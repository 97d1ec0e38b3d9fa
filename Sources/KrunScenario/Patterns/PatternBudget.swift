/// How long patterns may be looked for, all together, and whether somebody wants the end meanwhile.
///
/// A value belongs to one thread.
public final class PatternBudget {
    /// Why looking was given up.
    public enum Stop: Error, Hashable, Sendable {
        case outOfTime
        case interrupted
    }

    /// What a scenario gets unless it is said.
    public static let usual: Duration = .seconds(10)

    public let duration: Duration
    /// Why looking was given up; nil while it was not. It is not taken up again.
    public private(set) var stop: Stop?
    private let isInterrupted: () -> Bool
    /// From when something was looked for first.
    private var deadline: ContinuousClock.Instant?
    private var unchecked = 0
    /// So many steps take far less than what anybody would notice.
    private static let stride = 1 << 16

    /// How long it is since something was looked for first.
    public var used: Duration { deadline.map { duration - ContinuousClock.now.duration(to: $0) } ?? .zero }

    /// - Parameter isInterrupted: asked now and then whether somebody wants the end.
    public init(_ duration: Duration = PatternBudget.usual, isInterrupted: @escaping () -> Bool = { false }) {
        self.duration = duration
        self.isInterrupted = isInterrupted
    }

    /// Takes note of work that was done.
    func spend(_ steps: Int) throws(Stop) {
        if let stop { throw stop }
        unchecked += steps
        if deadline != nil, unchecked < Self.stride { return }
        unchecked = 0
        let now = ContinuousClock.now
        let deadline = self.deadline ?? now.advanced(by: duration)
        self.deadline = deadline
        if isInterrupted() { stop = .interrupted } else if now >= deadline { stop = .outOfTime }
        if let stop { throw stop }
    }
}
