/// One of the times that a scenario is run.
struct RunTurn {
    let entry: ScenarioLoader.Entry
    /// From 1 on; nil where each is run once.
    let repetition: Int?
}

/// What is run one after the other: round after round, in the order of the command line or in a drawn one.
enum RunTurns {
    /// - Parameter seed: what the order is drawn with; nil for that of the command line.
    static func all(_ entries: [ScenarioLoader.Entry], repetitions: Int, shuffledWith seed: UInt64?) -> [RunTurn] {
        let turns = (1...repetitions).flatMap { number in
            // What cannot be read is told once.
            entries.filter { number == 1 || $0.isSound }
                .map { RunTurn(entry: $0, repetition: repetitions == 1 || !$0.isSound ? nil : number) }
        }
        guard let seed else { return turns }
        return order(of: turns.count, with: seed).map { turns[$0] }
    }

    /// So many numbers in an order that is the same for the same seed, on every machine and with every version of Swift.
    static func order(of count: Int, with seed: UInt64) -> [Int] {
        var numbers = Array(0..<count)
        var state = seed
        for last in stride(from: count - 1, to: 0, by: -1) {
            state &+= 0x9e37_79b9_7f4a_7c15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
            mixed ^= mixed >> 31
            numbers.swapAt(last, Int(mixed % UInt64(last + 1)))
        }
        return numbers
    }
}
