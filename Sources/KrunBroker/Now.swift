/// The time at which something is handled, given to every state machine of the broker, so that none of them looks at a clock.
package struct Now: Equatable, Sendable {
    /// Since the cluster started; never goes back. Timeouts are judged by it.
    package var uptime: Duration
    /// Milliseconds since 1970 in UTC, as Kafka's timestamps are.
    package var wallMilliseconds: Int64

    package init(uptime: Duration, wallMilliseconds: Int64) {
        self.uptime = uptime
        self.wallMilliseconds = wallMilliseconds
    }

    /// The same clock, later.
    package func advanced(by duration: Duration) -> Now {
        let (seconds, attoseconds) = duration.components
        return Now(
            uptime: uptime + duration,
            wallMilliseconds: wallMilliseconds + seconds * 1000 + attoseconds / 1_000_000_000_000_000)
    }
}
