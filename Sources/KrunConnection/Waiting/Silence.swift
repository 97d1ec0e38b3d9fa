/// When a cluster answered last, and what is worth telling of it; a pure state machine.
package struct Silence: Sendable {
    /// Told of a silence once it has lasted so long.
    package static let patience = Duration.seconds(6)

    package enum News: Hashable, Sendable {
        /// It has answered nothing for so long.
        case silent(for: Duration)
        /// It answers again, after so long.
        case answersAgain(after: Duration)
    }

    package private(set) var lastAnswer: ContinuousClock.Instant
    private var isTold = false

    package init(answeredAt now: ContinuousClock.Instant) {
        lastAnswer = now
    }

    package mutating func answered(at now: ContinuousClock.Instant) -> News? {
        defer {
            lastAnswer = max(lastAnswer, now)
            isTold = false
        }
        return isTold ? .answersAgain(after: now - lastAnswer) : nil
    }

    /// To be asked again and again while no answer comes.
    package mutating func look(at now: ContinuousClock.Instant) -> News? {
        let silence = now - lastAnswer
        guard !isTold, silence >= Self.patience else { return nil }
        isTold = true
        return .silent(for: silence)
    }
}
