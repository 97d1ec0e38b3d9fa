import KrunScenario

/// One of the times that a scenario is run.
struct RunTurn {
    let entry: ScenarioLoader.Entry
    /// From 1 on; nil where each is run once.
    let repetition: Int?
    /// What its seeds are drawn with; nil where the scenario has one, or chance.
    let draw: UInt64?

    /// The seed of one of its attempts, from 1 on.
    func seed(attempt: Int) -> UInt64? {
        guard let draw, let repetition else { return nil }
        // Short enough to be typed again.
        return RunTurns.mixed(RunTurns.mixed(draw, UInt64(repetition)), UInt64(attempt)) & 0xFFFF_FFFF
    }
}

/// What is run one after the other: round after round, in the order of the command line or in a drawn one.
enum RunTurns {
    /// What is repeated in a drawn order has seeds that are drawn as well, so that one of `--seed` does not make all repetitions the same.
    ///
    /// - Parameter seed: what the order is drawn with; nil for that of the command line.
    static func all(_ entries: [ScenarioLoader.Entry], repetitions: Int, shuffledWith seed: UInt64?) -> [RunTurn] {
        let turns = (1...repetitions).flatMap { number in
            // What cannot be read is told once.
            entries.filter { number == 1 || $0.isSound }
                .map {
                    RunTurn(
                        entry: $0, repetition: repetitions == 1 || !$0.isSound ? nil : number,
                        draw: isSeedOpen($0) ? seed : nil)
                }
        }
        guard let seed else { return turns }
        return order(of: turns.count, with: seed).map { turns[$0] }
    }

    /// Whether no file says the seed, or the command line overrules it.
    private static func isSeedOpen(_ entry: ScenarioLoader.Entry) -> Bool {
        entry.overrides.seed != nil || (try? entry.scenario.get())?.seed == nil
    }

    /// A number that follows from both, and looks like any other.
    static func mixed(_ state: UInt64, _ number: UInt64) -> UInt64 {
        var mixed = state &+ number &* 0x9e37_79b9_7f4a_7c15
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ mixed >> 31
    }

    /// So many numbers in an order that is the same for the same seed, on every machine and with every version of Swift.
    static func order(of count: Int, with seed: UInt64) -> [Int] {
        var numbers = Array(0..<count)
        for last in stride(from: count - 1, to: 0, by: -1) {
            numbers.swapAt(last, Int(mixed(seed, UInt64(count - last)) % UInt64(last + 1)))
        }
        return numbers
    }
}
