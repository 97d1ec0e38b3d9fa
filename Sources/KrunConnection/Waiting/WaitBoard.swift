import Synchronization

/// What is waited for just now: written by a run or a command, read by whoever shows it.
public final class WaitBoard: Sendable {
    public struct Wait: Sendable {
        /// Each wait has its own.
        public let number: Int
        /// Such as `step 2 of 3: consume orders as billing: reading`.
        public let what: String
        public let since: ContinuousClock.Instant
        /// Such as `1200 of 5000 messages`, as it is when it is asked for; empty where nothing is to be said.
        public let howFar: @Sendable () -> String
    }

    private struct State {
        var wait: Wait?
        var count = 0
    }

    private let state = Mutex(State())

    public init() {}

    /// Nil while nothing is waited for.
    public var current: Wait? { state.withLock { $0.wait } }

    /// Takes the place of what was waited for.
    package func begin(_ what: String, howFar: @escaping @Sendable () -> String = { "" }) {
        state.withLock { state in
            state.count += 1
            state.wait = Wait(number: state.count, what: what, since: .now, howFar: howFar)
        }
    }

    public func end() {
        state.withLock { $0.wait = nil }
    }
}
