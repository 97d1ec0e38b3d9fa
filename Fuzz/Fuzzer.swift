/// Makes inputs and has targets run them.
struct Fuzzer {
    private struct Pool {
        var target: any FuzzTarget
        var seeds: [[UInt8]]
    }

    private let seed: UInt64
    private var pools: [Pool] = []
    /// Each pool's index as often as its target's weight says.
    private var wheel: [Int] = []

    init(seed: UInt64, corpus: Corpus?) throws {
        self.seed = seed
        for target in allTargets {
            var random = SplitMix64(seed: seed)
            let seeds = try (corpus?.read(target) ?? []) + target.seeds(&random)
            wheel += Array(repeating: pools.count, count: target.weight)
            pools.append(Pool(target: target, seeds: seeds))
        }
    }

    /// Runs one input, which nothing but the seed, its number and the corpus decides on.
    func run(_ number: Int) -> Verdict {
        var random = SplitMix64(seed: seed, input: number)
        let pool = pools[wheel[random.below(wheel.count)]]
        var input = pool.seeds[random.below(pool.seeds.count)]
        // One of eight goes unchanged: what is right has to be accepted.
        var changes = random.below(8)
        if changes > 0, random.below(6) == 0 {
            pool.target.change(&input, &random)
            changes /= 2
        }
        for _ in 0..<(changes + 1) / 2 {
            Mutator.mutate(&input, other: pool.seeds[random.below(pool.seeds.count)], &random)
        }
        return pool.target.run(input, &random)
    }
}
