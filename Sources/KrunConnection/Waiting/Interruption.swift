import Dispatch
import Synchronization

/// Says that somebody wants the run to end: Ctrl+C, SIGTERM, or a cancelled task.
///
/// Every wait of the runner looks at it at least ten times a second.
public final class Interruption: Sendable {
    private let start = ContinuousClock.now
    /// When, in nanoseconds after `start`; 0 for never. Without a lock, for signals' handlers.
    private let requested = Atomic<Int64>(0)

    /// Requested with it, but not it with this one.
    private let outer: Interruption?

    public init() { outer = nil }

    /// One that ends less: it is requested whenever `outer` is, and may be alone.
    package init(within outer: Interruption) { self.outer = outer }

    public var isRequested: Bool { requested.load(ordering: .relaxed) != 0 || outer?.isRequested == true }

    public func request() {
        let now = max(1, Int64((ContinuousClock.now - start) / .nanoseconds(1)))
        _ = requested.compareExchange(expected: 0, desired: now, ordering: .relaxed)
    }

    /// Does nothing for so long, or until it is requested.
    package func sleep(_ duration: Duration) {
        let end = ContinuousClock.now + duration
        while !isRequested, ContinuousClock.now < end {
            let wait = min(end - .now, .milliseconds(50))
            _ = DispatchSemaphore(value: 0).wait(timeout: .now() + .microseconds(max(1, Int(wait / .microseconds(1)))))
        }
    }

    /// How long ago it was requested first; nil while nobody did.
    package var age: Duration? {
        let requested = requested.load(ordering: .relaxed)
        let age = requested == 0 ? nil : ContinuousClock.now - (start + .nanoseconds(requested))
        return [age, outer?.age].compactMap(\.self).max()
    }
}
