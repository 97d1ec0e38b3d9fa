import Foundation

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

/// The command line.
struct Options {
    var seed: UInt64 = 1
    var from = 0
    var inputs = 100_000
    var corpus: String?
    var lastInput = "krun-fuzz.last"
    var writesCorpus = false

    static let usage = """
        usage: krun-fuzz [--seed S] [--from N] [--inputs N] [--corpus FOLDER] [--last FILE]
               krun-fuzz --write-corpus --corpus FOLDER

        Input N of seed S is the same on every run with the same corpus. FILE always says which input is being run,
        as the options that run it alone.
        """

    /// - Returns: nil if the arguments make no sense.
    init?(_ arguments: some Sequence<String>) {
        var rest = Array(arguments)[...]
        while let name = rest.popFirst() {
            if name == "--write-corpus" {
                writesCorpus = true
                continue
            }
            guard let value = rest.popFirst() else { return nil }
            switch name {
            case "--seed": guard let number = UInt64(value) else { return nil }; seed = number
            case "--from": guard let number = Int(value), number >= 0 else { return nil }; from = number
            case "--inputs": guard let number = Int(value), number >= 0 else { return nil }; inputs = number
            case "--corpus": corpus = value
            case "--last": lastInput = value
            default: return nil
            }
        }
    }
}

/// A file that says which input is being run; what it says survives the process.
struct LastInput {
    private let file: FileHandle

    init(path: String) throws {
        try Data().write(to: URL(fileURLWithPath: path))
        file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    }

    func note(seed: UInt64, input: Int) {
        // Padded, so that a shorter number leaves nothing of a longer one.
        let number = String(input)
        let padding = String(repeating: " ", count: 20 - number.count)
        var text = "--seed \(seed) --from \(number) --inputs 1\(padding)\n"
        text.withUTF8 { _ = pwrite(file.fileDescriptor, $0.baseAddress, $0.count, 0) }
    }
}

/// How many inputs were accepted and refused, by heading.
struct Tally {
    private var counts: [String: (accepted: Int, refused: Int)] = [:]
    private(set) var inputs = 0

    mutating func count(_ verdict: Verdict) {
        inputs += 1
        if verdict.isAccepted {
            counts[verdict.heading, default: (0, 0)].accepted += 1
        } else {
            counts[verdict.heading, default: (0, 0)].refused += 1
        }
    }

    /// A line for each heading, in order.
    var lines: [String] {
        let width = counts.keys.map(\.count).max() ?? 0
        return counts.sorted { $0.key < $1.key }.map { heading, count in
            let name = heading.padded(to: width)
            return "\(name)  \(String(count.accepted).padded(to: 9, left: true)) accepted"
                + "  \(String(count.refused).padded(to: 9, left: true)) refused"
        }
    }
}

extension String {
    fileprivate func padded(to width: Int, left: Bool = false) -> String {
        let padding = String(repeating: " ", count: max(0, width - count))
        return left ? padding + self : self + padding
    }
}
