import Dispatch

/// So many things a second, evenly.
struct Pace {
    /// What is due within this time is due now: no clock is waited for more often.
    private static let grain = Duration.milliseconds(1)
    /// After a pause what was missed in it is not made up for, but for so much: threads wake up late.
    private static let slack = Duration.milliseconds(100)

    private let interval: Duration
    private var nextDue = ContinuousClock.now
    private let never = DispatchSemaphore(value: 0)

    /// - Parameter rate: a second; at least 1.
    init(rate: Int) {
        interval = .seconds(1) / rate
    }

    /// Takes the turn of the next thing, which is done at once; where it is not due yet nothing is taken, and what is returned is how
    /// long that still is.
    mutating func takeTurn() -> Duration? {
        let now = ContinuousClock.now
        let left = now.duration(to: nextDue)
        if left > Self.grain { return left }
        nextDue = max(nextDue, now - Self.slack) + interval
        return nil
    }

    /// Gives a turn back with which nothing could be done.
    mutating func giveBack() { nextDue -= interval }

    /// Waits so long, but no longer than anybody who wants the end should.
    func wait(_ duration: Duration) {
        let slice = min(duration, .milliseconds(50))
        _ = never.wait(timeout: .now() + .nanoseconds(Int(slice / .nanoseconds(1))))
    }
}
