/// The moment at which a budget runs out.
package struct Deadline: Sendable {
    package let budget: Duration
    let start: ContinuousClock.Instant

    package init(after budget: Duration) {
        self.budget = budget
        start = .now
    }

    package var elapsed: Duration { start.duration(to: .now) }
    /// Never below zero.
    package var remaining: Duration { max(.zero, budget - elapsed) }
    package var hasPassed: Bool { elapsed >= budget }
}
