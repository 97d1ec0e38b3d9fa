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
    ///
    /// - Throws: a usage diagnostic when the tags leave nothing.
    func load() throws(Diagnostic) -> [Entry] {
        var tags: Set<String> = []
        let entries: [Entry] = ScenarioFiles.find(selection.paths).compactMap { path, problem in
            let scenario = Result { () throws(Diagnostics) in
                if let problem { throw problem }
                return try Scenario.decode(try ScenarioFiles.read(path), file: path, overrides: overrides)
            }
            if case .success(let scenario) = scenario, !selection.includes(tags: scenario.tags) {
                tags.formUnion(scenario.tags)
                return nil
            }
            return Entry(file: path, scenario: scenario)
        }
        if !entries.isEmpty { return entries }
        throw Diagnostic(
            .usage, "the tags leave no scenario",
            notes: [
                tags.isEmpty ? "no scenario has a tag" : "the scenarios have: \(tags.sorted().joined(separator: ", "))"
            ])
    }
}
