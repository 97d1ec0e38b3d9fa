import Synchronization

/// Says that somebody wants the run to end: Ctrl+C, SIGTERM, or a cancelled task.
///
/// Every wait of the runner looks at it at least ten times a second.
public final class Interruption: Sendable {
    private let requested = Atomic(false)

    public init() {}

    public var isRequested: Bool { requested.load(ordering: .relaxed) }

    public func request() {
        requested.store(true, ordering: .relaxed)
    }

    func check() throws(StepInterrupted) {
        if isRequested { throw StepInterrupted() }
    }
}

/// Thrown where a wait ended because of an `Interruption`.
struct StepInterrupted: Error {}
