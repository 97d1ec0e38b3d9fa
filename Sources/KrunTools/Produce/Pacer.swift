/// When the next message may be sent, at so many per second.
package struct Pacer {
    /// How much of what was missed is made up for: a pause that took too long is, an input that was silent is not.
    private static let catchUp: Duration = .milliseconds(100)

    /// Messages per second that can be asked for.
    package static let rates = 0.001...1e9

    private let interval: Duration
    private var next: ContinuousClock.Instant

    /// - Parameter rate: within `rates`, or taken as the nearest that is.
    init(rate: Double, now: ContinuousClock.Instant = .now) {
        let rate = min(max(rate, Self.rates.lowerBound), Self.rates.upperBound)
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
