/// What a fault brought about.
public struct FaultOutcome: Hashable, Sendable {
    /// As in the file: `lose-acknowledgement`.
    public var fault: String
    /// How often it has struck: requests that suffered; 1 where it is no matter of requests and something was changed, 0 where all was so already. Of one
    /// that lasts it is told when that is over.
    public var applied = 0
    /// Whether it will strike no more.
    public var isOver = true
    /// Of one that heals: those that it ended, in the order in which they began.
    public var healed: [Healed] = []
    public var duration: Duration = .zero

    public init(fault: String) {
        self.fault = fault
    }

    /// A fault that was ended.
    public struct Healed: Hashable, Sendable {
        /// Of the step that began it.
        public var path: StepPath
        public var fault: String
        /// How often it had struck.
        public var applied: Int

        public init(path: StepPath, fault: String, applied: Int) {
            self.path = path
            self.fault = fault
            self.applied = applied
        }
    }
}
