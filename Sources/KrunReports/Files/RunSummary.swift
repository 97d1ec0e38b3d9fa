public import KrunOutcome

/// What the formats for CI servers need of a run.
public struct RunSummary: Hashable, Sendable {
    /// Of krun.
    public var version: String
    /// In the order in which they were named.
    public var scenarios: [ScenarioSummary]
    /// Milliseconds since 1970-01-01 UTC; 0 where it is not known.
    public var startedAt: Int64
    /// Wall-clock time of the whole run.
    public var duration: Duration

    public init(version: String, scenarios: [ScenarioSummary], startedAt: Int64, duration: Duration) {
        self.version = version
        self.scenarios = scenarios
        self.startedAt = startedAt
        self.duration = duration
    }

    public var totals: RunTotals { RunTotals(scenarios.lazy.map(\.status), duration: duration) }

    /// A scenario that passed at one time of the run and not at another.
    struct Flake {
        let file: String
        let name: String
        /// Of the file.
        let line: Int?
        /// How often it was run, and how often it did not pass.
        var runs = 0
        var failures = 0
        var hasPassed = false
        /// Of the first run that did not pass; nil where that had none.
        var seed: String?
        /// What was wrong then; nil where nothing is known.
        var reason: String?
    }

    /// What is flaky, in the order in which it comes first: what passed at a later attempt, or in one of several runs and not in another.
    var flakes: [Flake] {
        var flakes: [Flake] = []
        var positions: [[String]: Int] = [:]
        for scenario in scenarios {
            let identity = [scenario.file, scenario.name]
            let position = positions[identity] ?? flakes.count
            if position == flakes.count {
                flakes.append(Flake(file: scenario.file, name: scenario.name, line: scenario.line))
                positions[identity] = position
            }
            for attempt in scenario.allAttempts {
                flakes[position].runs += 1
                switch attempt.status {
                case .passed: flakes[position].hasPassed = true
                case .failed, .error:
                    flakes[position].failures += 1
                    guard flakes[position].failures == 1 else { continue }
                    (flakes[position].seed, flakes[position].reason) = (attempt.seed, attempt.reason)
                case .skipped, .invalid, .interrupted: break
                }
            }
        }
        return flakes.filter { $0.hasPassed && $0.failures > 0 }
    }

    /// The scenarios of each file, the files in the order in which they come first.
    var files: [(name: String, scenarios: [ScenarioSummary])] {
        var files: [(name: String, scenarios: [ScenarioSummary])] = []
        var positions: [String: Int] = [:]
        for scenario in scenarios {
            if let position = positions[scenario.file] {
                files[position].scenarios.append(scenario)
            } else {
                positions[scenario.file] = files.count
                files.append((scenario.file, [scenario]))
            }
        }
        return files
    }
}

/// A report that is made of summaries, so that it can be made of an earlier JSON report too.
public protocol SummaryReport: Report {
    /// Of krun, which the report names.
    var version: String { get }

    /// What can be written as soon as this scenario has ended; empty for a format that is written in one go.
    mutating func scenario(_ summary: ScenarioSummary) -> String

    /// What is left to write when the run is over.
    mutating func end(_ run: RunSummary) -> String
}

extension SummaryReport {
    public mutating func scenario(_ summary: ScenarioSummary) -> String { "" }

    public mutating func scenario(_ outcome: ScenarioOutcome) -> String { scenario(ScenarioSummary(outcome)) }

    public mutating func end(_ run: RunOutcome) -> String {
        end(
            RunSummary(
                version: version, scenarios: run.scenarios.map { ScenarioSummary($0) }, startedAt: run.startedAt,
                duration: run.duration))
    }

    /// The whole text, for a run that is over already.
    public func whole(_ run: RunSummary) -> String {
        var report = self
        let scenarios = run.scenarios.map { report.scenario($0) }
        return scenarios.joined() + report.end(run)
    }
}

/// Seconds with three decimals, and whole milliseconds: how the formats of others write durations.
enum ReportedTime {
    /// Such as `0.412`.
    static func seconds(_ duration: Duration) -> String {
        let milliseconds = milliseconds(duration)
        let decimals = String(1_000 + milliseconds % 1_000).dropFirst()
        return "\(milliseconds / 1_000).\(decimals)"
    }

    /// Rounded; never below zero.
    static func milliseconds(_ duration: Duration) -> Int64 {
        max(0, (Amounts.microseconds(duration) + 500) / 1_000)
    }
}
