public import KrunOutcome

/// What is known of a scenario only while it runs: what its steps take from records, and what is drawn once for the whole run.
public struct LateValues: Sendable {
    /// A run that has begun.
    public struct Run: Hashable, Sendable {
        public let seed: UInt64
        /// Milliseconds since 1970: what `{{now}}` is outside of messages.
        public let startedAt: Int64

        public init(seed: UInt64, startedAt: Int64) {
            self.seed = seed
            self.startedAt = startedAt
        }
    }

    /// nil before it has begun.
    public var run: Run?
    /// By the step that took them.
    public var captured: [StepPath: [CapturedValue]] = [:]

    public init(run: Run? = nil) { self.run = run }
}
