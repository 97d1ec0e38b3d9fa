/// The moment at which a budget runs out.
struct Deadline: Sendable {
    let budget: Duration
    let start: ContinuousClock.Instant

    init(after budget: Duration) {
        self.budget = budget
        start = .now
    }

    var elapsed: Duration { start.duration(to: .now) }
    /// Never below zero.
    var remaining: Duration { max(.zero, budget - elapsed) }
    var hasPassed: Bool { elapsed >= budget }
}
