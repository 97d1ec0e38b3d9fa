import ArgumentParser
import KrunDiagnostics
import KrunJSON
import KrunReports
import KrunScenario

/// Which of several parts of the scenarios is run here.
struct Shard: Hashable {
    /// From 1 on.
    let part: Int
    let parts: Int

    private static let limit = 10_000

    /// - Returns: nil where these are no part of so many.
    init?(part: Int, parts: Int) {
        guard (1...Self.limit).contains(parts), (1...parts).contains(part) else { return nil }
        self.part = part
        self.parts = parts
    }

    /// Those of the scenarios that belong to this part, in their order: each belongs to exactly one part of all.
    ///
    /// Without durations they are dealt in turn, in the order of their files' names. With them the longest goes first, each to the part
    /// that has the least to do by then; one that has no duration counts as the median of the others.
    /// - Parameter durations: of each scenario, where it is known.
    static func members(of shard: Shard, names: [Name], durations: [Name: Duration]) -> [Int] {
        // The same scenario may be named twice.
        let sorted = names.indices.sorted { (names[$0], $0) < (names[$1], $1) }
        guard !durations.isEmpty else {
            return sorted.enumerated().filter { $0.offset % shard.parts == shard.part - 1 }.map(\.element).sorted()
        }
        let known = durations.values.sorted()
        let median = known[known.count / 2]
        let length = names.map { durations[$0] ?? median }
        let longestFirst = sorted.enumerated().sorted { one, other in
            length[one.element] == length[other.element]
                ? one.offset < other.offset : length[one.element] > length[other.element]
        }
        var loads = Array(repeating: Duration.zero, count: shard.parts)
        var counts = Array(repeating: 0, count: shard.parts)
        var members: [Int] = []
        for (_, index) in longestFirst {
            // Of those that have as much to do, the one with fewer scenarios: durations may be 0.
            let least = loads.indices.min { (loads[$0], counts[$0], $0) < (loads[$1], counts[$1], $1) } ?? 0
            loads[least] += length[index]
            counts[least] += 1
            if least == shard.part - 1 { members.append(index) }
        }
        return members.sorted()
    }

    /// What tells a scenario from others, in a report too.
    struct Name: Hashable, Comparable {
        let file: String
        let name: String

        init(file: String, name: String) {
            self.file = file.hasPrefix("./") ? String(file.dropFirst(2)) : file
            self.name = name
        }

        static func < (one: Name, other: Name) -> Bool { (one.file, one.name) < (other.file, other.name) }
    }
}

extension Shard {
    /// Those of the entries that belong to this part.
    func entries(of all: [ScenarioLoader.Entry], durations: [Name: Duration]) -> [ScenarioLoader.Entry] {
        let names = all.map { Name(file: $0.file, name: (try? $0.scenario.get().name) ?? "") }
        return Self.members(of: self, names: names, durations: durations).map { index in
            var entry = all[index]
            entry.ordinal = index + 1
            return entry
        }
    }

    /// What an earlier run took, from its JSON report: of several runs of a scenario the longest.
    ///
    /// - Throws: what is wrong with the file.
    static func durations(of file: String) throws(Diagnostics) -> [Name: Duration] {
        let limit = EarlierReport.sizeLimit
        let root = try JSONDocument.parse(
            try ScenarioFiles.readNamed(file, upTo: limit), file: file, sizeLimit: limit, allowsNUL: true
        ).root
        guard root["krun"] != nil, let scenarios = root["scenarios"], scenarios.kind == .array else {
            throw Diagnostics(
                Diagnostic(
                    .usage, "\(file) is no JSON report of krun",
                    notes: ["--durations takes what `krun run --report json=FILE` has written"]))
        }
        var durations: [Name: Duration] = [:]
        for scenario in scenarios.elements {
            guard let file = scenario["file"]?.string, let name = scenario["name"]?.string,
                let duration = (scenario["duration"]?.string).flatMap({ Duration(scenarioText: $0) }),
                ["passed", "failed", "error"].contains(scenario["status"]?.string)
            else { continue }
            let key = Name(file: file, name: name)
            durations[key] = max(duration, durations[key] ?? .zero)
        }
        return durations
    }
}

/// `--shard 2/3`, or `auto`.
enum ShardArgument: ExpressibleByArgument {
    case part(Shard)
    case automatic

    init?(argument: String) {
        if argument == "auto" {
            self = .automatic
            return
        }
        let numbers = argument.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
        guard numbers.count == 2, let part = numbers[0], let parts = numbers[1],
            let shard = Shard(part: part, parts: parts)
        else { return nil }
        self = .part(shard)
    }

    /// The part that is meant.
    ///
    /// - Throws: a usage diagnostic where the environment does not say it.
    func shard(environment: (String) -> String?) throws(Diagnostic) -> Shard {
        switch self {
        case .part(let shard): return shard
        case .automatic:
            // GitLab counts from 1, an indexed job of Kubernetes from 0 and does not tell how many there are.
            for (index, count, first) in [
                ("JOB_COMPLETION_INDEX", "JOB_COMPLETIONS", 0), ("CI_NODE_INDEX", "CI_NODE_TOTAL", 1),
            ] {
                guard let text = environment(index) else { continue }
                guard let total = environment(count) else {
                    throw Diagnostic(
                        .usage, "--shard auto: \(index) is set, \(count) is not",
                        notes: [
                            index == "CI_NODE_INDEX"
                                ? "it says how many parts there are"
                                : "Kubernetes does not set it: give the container a variable of that name with the number in `completions`"
                        ])
                }
                guard let number = Int(text), let parts = Int(total), number >= first,
                    let shard = Shard(part: number - first + 1, parts: parts)
                else {
                    throw Diagnostic(
                        .usage, "--shard auto: \(index)=\(text) and \(count)=\(total) name no part",
                        notes: ["\(index) goes from \(first) to \(first == 0 ? "one less than " : "")\(count)"])
                }
                return shard
            }
            // A job of GitLab that is not divided says only that it is the whole.
            if environment("CI_NODE_TOTAL") == "1", let whole = Shard(part: 1, parts: 1) { return whole }
            throw Diagnostic(
                .usage, "--shard auto: the environment names no part",
                notes: [
                    "it looks for JOB_COMPLETION_INDEX and JOB_COMPLETIONS, then for CI_NODE_INDEX and CI_NODE_TOTAL",
                    "elsewhere the part is named: --shard 2/3",
                ])
        }
    }
}
