/// When the next message may be sent, at so many per second.
struct Pacer {
    /// How much of what was missed is made up for: a pause that took too long is, an input that was silent is not.
    private static let catchUp: Duration = .milliseconds(100)

    private let interval: Duration
    private var next: ContinuousClock.Instant

    init(rate: Double, now: ContinuousClock.Instant = .now) {
        interval = .nanoseconds(Int64(1e9 / rate))
        next = now
    }

    /// How long to wait until the next message, which is taken as sent then.
    mutating func delay(now: ContinuousClock.Instant = .now) -> Duration {
        next = max(next, now - Self.catchUp)
        defer { next += interval }
        return max(.zero, next - now)
    }
}
