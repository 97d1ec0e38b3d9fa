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
    /// The file that `--variables-file` names.
    let variablesFile: String?
    let limits: LimitOptions

    init(selection: SelectionOptions, variables: VariableOptions, limits: LimitOptions) throws(Diagnostics) {
        self.selection = selection
        overrides = try variables.overrides()
        variablesFile = variables.variablesFile
        self.limits = limits
    }

    /// In the order of the command line, without those that the tags leave out.
    ///
    /// What was passed over in folders is told on stderr.
    ///
    /// - Throws: usage diagnostics when the tags leave nothing, or when a variable is none of any file.
    func load() throws(Diagnostics) -> [Entry] {
        var overrides = overrides
        overrides.passesOverUnknown = true
        var variables: Set<String> = []
        var isAnySound = false
        var tags: Set<String> = []
        let found = ScenarioFiles.find(selection.paths, excluding: variablesFile)
        for line in found.passedOver { Console.writeError(line + "\n") }
        let entries: [Entry] = found.files.compactMap { path, problem in
            let scenario = Result { () throws(Diagnostics) in
                if let problem { throw problem }
                let bytes = try ScenarioFiles.read(path)
                return try LinkedFile.judge(path, as: "scenario") { () throws(Diagnostics) in
                    try checked(Scenario.decode(bytes, file: path, overrides: overrides))
                }
            }
            if case .success(let scenario) = scenario {
                isAnySound = true
                variables.formUnion(scenario.variableNames)
            }
            if case .success(let scenario) = scenario, !selection.includes(tags: scenario.tags) {
                tags.formUnion(scenario.tags)
                return nil
            }
            return Entry(file: path, scenario: scenario)
        }
        let unknown = overrides.commandLine.map(\.name).filter { !variables.contains($0) }
        if isAnySound, !unknown.isEmpty {
            throw Diagnostics(unknown.map { unknownVariable($0, among: variables.sorted(), entries) })
        }
        if !entries.isEmpty { return entries }
        let notes =
            tags.isEmpty ? "no scenario has a tag" : "the scenarios have: \(tags.sorted().joined(separator: ", "))"
        throw Diagnostics(Diagnostic(.usage, "the tags leave no scenario", notes: [notes]))
    }

    /// What is skipped or left out sends nothing.
    private func checked(_ scenario: Scenario) throws(Diagnostics) -> Scenario {
        if scenario.skip == nil, selection.includes(tags: scenario.tags),
            let fault = scenario.fault(ofSendingMoreThan: Int64(limits.maxBytes.bytes))
        {
            throw Diagnostics(fault)
        }
        return scenario
    }

    private func unknownVariable(_ name: String, among names: [String], _ entries: [Entry]) -> Diagnostic {
        let whose = entries.count == 1 ? "of \(entries[0].file)" : "of these files"
        let note =
            Spelling.nearest(to: name, among: names).map { "did you mean \"\($0)\"?" }
            ?? (names.isEmpty ? "they have no variables" : "their variables: \(names.joined(separator: ", "))")
        return Diagnostic(.usage, "--variable names \"\(name)\", which is no variable \(whose)", notes: [note])
    }
}
