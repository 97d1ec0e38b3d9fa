import Synchronization

/// When the first signal arrived.
final class FirstSignal: Sendable {
    private let arrived = Mutex<ContinuousClock.Instant?>(nil)

    /// - Returns: when the first one arrived; nil when this is the first.
    func note() -> ContinuousClock.Instant? {
        arrived.withLock { arrived in
            defer { arrived = arrived ?? .now }
            return arrived
        }
    }
}
