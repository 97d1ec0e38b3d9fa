import KrunDiagnostics
import KrunScenario

/// Reads and checks the scenarios that a command line means.
struct ScenarioLoader {
    /// A file, and what came of reading it.
    struct Entry {
        let file: String
        let scenario: Result<Scenario, Diagnostics>
    }

    let selection: SelectionOptions
    let overrides: ScenarioOverrides

    /// In the order of the command line, without those that the tags leave out.
    func load() -> [Entry] {
        ScenarioFiles.find(selection.paths).compactMap { path, problem in
            let scenario = Result { () throws(Diagnostics) in
                if let problem { throw problem }
                return try Scenario.decode(try ScenarioFiles.read(path), file: path, overrides: overrides)
            }
            if case .success(let scenario) = scenario, !selection.includes(tags: scenario.tags) { return nil }
            return Entry(file: path, scenario: scenario)
        }
    }
}
