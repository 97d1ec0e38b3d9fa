import KrunScenario

/// In which order scenarios begin that run side by side: those that have to wait longest are not to be begun last, when nobody is left to run
/// beside them.
enum RunOrder {
    /// Below this it is not worth leaving the order of the command line.
    private static let threshold = Duration.seconds(1)

    /// The numbers of the turns, each once, in the order in which they are to begin.
    static func of(_ turns: [RunTurn]) -> [Int] {
        let waits = turns.map { turn in
            (try? turn.entry.scenario.get()).map { leastDuration(of: $0.steps) } ?? .zero
        }
        let (long, short) = (
            turns.indices.filter { waits[$0] >= threshold }, turns.indices.filter { waits[$0] < threshold }
        )
        return long.sorted { waits[$0] == waits[$1] ? $0 < $1 : waits[$0] > waits[$1] } + short
    }

    /// What steps one after the other take at least, as far as the file says it.
    static func leastDuration(of steps: [Step]) -> Duration {
        steps.reduce(.zero) { $0 + leastDuration(of: $1) }
    }

    /// A session that somebody is missed after, where the file does not say it: as on the embedded broker.
    private static let session = Duration.milliseconds(1_500)

    private static func leastDuration(of step: Step) -> Duration {
        switch step.action {
        case .pause(let duration): duration
        case .together(let branches): branches.map { leastDuration(of: $0) }.max() ?? .zero
        case .repeat(let rounds): rounds.reduce(.zero) { $0 + leastDuration(of: $1) }
        case .group(let group):
            switch group.change {
            case .none, .members: .zero
            case .crash: session
            case .stall(_, let duration): duration ?? session * 3 / 2
            }
        case .produce(let produce): produce.pacedDuration
        case .consume, .transaction, .offsets, .topic, .fault: .zero
        }
    }
}
