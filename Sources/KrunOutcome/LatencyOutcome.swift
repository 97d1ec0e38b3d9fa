/// How long something took, of many; each within 1 % of what it was.
public struct LatencyOutcome: Hashable, Sendable {
    /// Half of them took no longer.
    public var p50: Duration
    /// 95 of 100 took no longer.
    public var p95: Duration
    /// 99 of 100 took no longer.
    public var p99: Duration
    /// The longest.
    public var max: Duration

    public init(p50: Duration, p95: Duration, p99: Duration, max: Duration) {
        self.p50 = p50
        self.p95 = p95
        self.p99 = p99
        self.max = max
    }
}
