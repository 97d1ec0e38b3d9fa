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
        /// Of the steps that wait, and of the run itself.
        var waits: [String?: Wait] = [:]
        var count = 0
    }

    private let state = Mutex(State())

    public init() {}

    /// What has been waited for longest; nil while nothing is.
    public var current: Wait? { state.withLock { $0.waits.values.min { $0.number < $1.number } } }

    /// Takes the place of what was waited for.
    ///
    /// - Parameter step: the path of the step that waits, beside others; nil for the run itself, when no step does.
    package func begin(
        _ what: String, of step: String? = nil, howFar: @escaping @Sendable () -> String = { "" }
    ) {
        state.withLock { state in
            state.count += 1
            if step == nil { state.waits.removeAll() }
            state.waits[nil] = nil
            state.waits[step] = Wait(number: state.count, what: what, since: .now, howFar: howFar)
        }
    }

    /// A step waits for nothing any more.
    package func end(of step: String) {
        state.withLock { $0.waits[step] = nil }
    }

    public func end() {
        state.withLock { $0.waits.removeAll() }
    }
}
