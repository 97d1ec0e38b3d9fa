public import KrunOutcome

/// A format in which a run is told: outcomes go in, text comes out, nothing is printed here.
///
/// A caller hands over each scenario as it ends and writes what it gets back, then the same with the whole run.
public protocol Report {
    /// What can be written as soon as this scenario has ended; empty for a format that is written in one go.
    mutating func scenario(_ outcome: ScenarioOutcome) -> String

    /// What is left to write when the run is over.
    mutating func end(_ run: RunOutcome) -> String
}

extension Report {
    public mutating func scenario(_ outcome: ScenarioOutcome) -> String { "" }

    /// The whole text, for a run that is over already.
    public func whole(_ run: RunOutcome) -> String {
        var report = self
        let scenarios = run.scenarios.map { report.scenario($0) }
        return scenarios.joined() + report.end(run)
    }
}
