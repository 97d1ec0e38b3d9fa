import Synchronization

/// What is waited for just now: written by a run or a command, read by whoever shows it.
public final class WaitBoard: Sendable {
    /// How many messages a step has done.
    public struct Amount: Hashable, Sendable {
        /// Acknowledged or failed, or read.
        public var done: Int
        /// How many it will be; nil where that is not known.
        public var total: Int?
        /// Those of `done` that failed.
        public var failed = 0

        public init(done: Int, total: Int? = nil, failed: Int = 0) {
            self.done = done
            self.total = total
            self.failed = failed
        }
    }

    public struct Wait: Sendable {
        /// Each wait has its own.
        public let number: Int
        /// Such as `step 2 of 3: consume orders as billing: reading`.
        public let what: String
        public let since: ContinuousClock.Instant
        /// Such as `1200 of 5000 messages`, as it is when it is asked for; empty where nothing is to be said.
        public let howFar: @Sendable () -> String
        /// The same as a number; nil where no messages are sent or read.
        public let amount: @Sendable () -> Amount?
        /// Why the Kafka does not answer, in few words; empty while it does.
        public let trouble: @Sendable () -> String
        /// Whether it is a wait for something; otherwise it only says what is being done.
        public let isWait: Bool
    }

    private struct State {
        /// Of the steps that wait, and of the run itself.
        var waits: [String?: Wait] = [:]
        var count = 0
    }

    private let state = Mutex(State())

    public init() {}

    /// What has been waited for longest; nil while nothing is.
    public var current: Wait? { all.first { $0.isWait } }

    /// What is being done, and has been for longest first: a step that waits for nothing is there, too.
    public var all: [Wait] { state.withLock { $0.waits.values.sorted { $0.number < $1.number } } }

    /// Takes the place of what was waited for.
    ///
    /// - Parameters:
    ///   - step: the path of the step that waits, beside others; nil for the run itself, when no step does.
    ///   - isWait: whether something is waited for; otherwise it is only what the step does.
    package func begin(
        _ what: String, of step: String? = nil, isWait: Bool = true,
        howFar: @escaping @Sendable () -> String = { "" }, amount: @escaping @Sendable () -> Amount? = { nil },
        trouble: @escaping @Sendable () -> String = { "" }
    ) {
        state.withLock { state in
            state.count += 1
            if step == nil { state.waits.removeAll() }
            state.waits[nil] = nil
            state.waits[step] = Wait(
                number: state.count, what: what, since: .now, howFar: howFar, amount: amount, trouble: trouble,
                isWait: isWait)
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
