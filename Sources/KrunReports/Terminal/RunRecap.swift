import KrunDiagnostics
public import KrunOutcome

/// What is left to say of a run when all of its scenarios were told: which did not pass, which passed only now and then.
///
/// It keeps a line a scenario, not its outcome.
public struct RunRecap: Sendable {
    /// So many scenarios are named; the others are counted.
    private static let shown = 50

    /// One that did not pass.
    private struct Trouble: Hashable {
        let status: Status
        let file: String
        let name: String
        /// Such as `14:44`: where the file says what did not hold.
        let place: String?
    }

    /// All runs of one scenario.
    private struct Runs {
        let file: String
        let name: String
        var count = 0
        var passed = 0
        /// The first that did not pass.
        var failureSeed: UInt64?
        var failures = 0
        var rerun: String?

        var isFlaky: Bool { failures > 0 && passed > 0 }
    }

    private struct Key: Hashable {
        let file: String
        let name: String
    }

    public private(set) var totals = RunTotals()
    /// Each once, in the order in which they came.
    private var troubles: [Trouble] = []
    private var times: [Trouble: Int] = [:]
    private var runs: [Runs] = []
    private var indices: [Key: Int] = [:]
    /// How many were not begun, and why.
    private var unbegun: (count: Int, reason: String) = (0, "")
    private var sent = 0
    private var read = 0

    public init() {}

    /// - Parameter rerun: the command line that runs the scenario with a seed again; nil where there is none.
    public mutating func add(_ outcome: ScenarioOutcome, rerun: ((_ seed: UInt64?) -> String)?) {
        totals.add(outcome.status)
        let messages = outcome.messages
        sent += messages.sent
        read += messages.read
        if outcome.isUnbegun {
            let reason = outcome.status == .interrupted ? "interrupted" : outcome.skipReason ?? ""
            unbegun = (unbegun.count + 1, unbegun.count == 0 ? reason : unbegun.reason)
        }
        if [.failed, .error, .invalid].contains(outcome.status) {
            let diagnostics = outcome.allSteps.flatMap(\.diagnostics) + outcome.diagnostics
            let place = diagnostics.first { $0.kind != .warning && $0.place?.file == outcome.file }?.place
            let trouble = Trouble(
                status: outcome.status, file: outcome.file, name: outcome.name,
                place: place.map { "\($0.line):\($0.column)" })
            if times[trouble] == nil { troubles.append(trouble) }
            times[trouble, default: 0] += 1
        }
        let key = Key(file: outcome.file, name: outcome.name)
        let index = indices[key] ?? runs.count
        if index == runs.count {
            runs.append(Runs(file: outcome.file, name: outcome.name))
            indices[key] = index
        }
        let attempts =
            outcome.attempts.isEmpty
            ? [AttemptOutcome(status: outcome.status, seed: outcome.seed, duration: outcome.duration)]
            : outcome.attempts
        for attempt in attempts {
            runs[index].count += 1
            switch attempt.status {
            case .passed: runs[index].passed += 1
            case .failed, .error:
                runs[index].failures += 1
                guard runs[index].failures == 1 else { continue }
                runs[index].failureSeed = attempt.seed
                runs[index].rerun = rerun?(attempt.seed)
            case .skipped, .invalid, .interrupted: break
            }
        }
    }

    /// What stands in the last line beside how many ended how.
    func remarks(_ style: TextStyle) -> [String] {
        guard sent > 0 || read > 0 else { return [] }
        return ["\(Amounts.count(sent, "message")) sent", "\(Amounts.number(read)) read"]
    }

    /// What did not pass, each with its place, and how many were not begun.
    func troubleLines(_ style: TextStyle) -> [String] {
        var lines = troubles.isEmpty ? [] : [style.bold("not passed:")]
        for trouble in troubles.prefix(Self.shown) {
            let mark = style.marked(trouble.status == .error ? "!" : "✗", as: trouble.status)
            let place = trouble.place.map { ":\($0)" } ?? ""
            let name = trouble.name.isEmpty ? "" : "  \(TerminalText.safe(trouble.name))"
            let count = times[trouble, default: 1]
            let times = count == 1 ? "" : "  (\(Amounts.number(count)) times)"
            lines.append("  \(mark) \(style.cyan(TerminalText.safe(trouble.file) + place))\(name)\(times)")
        }
        if troubles.count > Self.shown { lines.append("  … and \(Amounts.number(troubles.count - Self.shown)) more") }
        if unbegun.count > 0 {
            let count = Amounts.count(unbegun.count, "scenario")
            lines.append("\(style.bold("not begun:")) \(count), \(TerminalText.safe(unbegun.reason))")
        }
        return lines
    }

    /// What passed at one time and not at another, with the seed of a failure and how to have it again.
    func flakyLines(_ style: TextStyle) -> [String] {
        let flaky = runs.filter(\.isFlaky)
        guard !flaky.isEmpty else { return [] }
        var lines = [style.bold("flaky:")]
        for runs in flaky.prefix(Self.shown) {
            let name = runs.name.isEmpty ? "" : "  \(TerminalText.safe(runs.name))"
            lines.append("  \(style.yellow("~")) \(style.cyan(TerminalText.safe(runs.file)))\(name)")
            let seed = runs.failureSeed.map { ", first with seed \($0)" } ?? ""
            let failed = "\(Amounts.number(runs.failures)) of \(Amounts.count(runs.count, "run")) did not pass"
            lines.append("    \(failed)\(seed)")
            if let rerun = runs.rerun { lines.append("    `\(TerminalText.safe(rerun))` runs it so again") }
        }
        if flaky.count > Self.shown { lines.append("  … and \(Amounts.number(flaky.count - Self.shown)) more") }
        return lines
    }
}
