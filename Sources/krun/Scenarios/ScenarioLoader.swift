import KrunDiagnostics
import KrunScenario

/// Reads and checks the scenarios that a command line means.
struct ScenarioLoader {
    /// A file, a pipe or stdin, and what came of reading it; of one with cases, one of them.
    struct Entry {
        let input: NamedInput
        /// What was read; nil where nothing could be.
        let source: [UInt8]?
        let scenario: Result<Scenario, Diagnostics>
        /// Whether it is the first one of its file.
        let isFirstOfFile: Bool
        /// By which it was read.
        let overrides: ScenarioOverrides
        /// How many scenarios its file is, of which this is one.
        let siblings: Int
        /// The files that it named when it was read; nil for what is in no folder.
        let folderFiles: FolderFiles?
        /// Where only a part of all scenarios is run, which of all it is, from 1 on.
        var ordinal: Int?

        /// As it stands in reports.
        var file: String { input.name }

        var isSound: Bool { if case .success = scenario { true } else { false } }
    }

    let selection: SelectionOptions
    let overrides: ScenarioOverrides
    /// The files that `--variables-file` and `--secrets-file` name.
    let inputs: [String]
    let limits: LimitOptions

    init(selection: SelectionOptions, variables: VariableOptions, limits: LimitOptions) throws(Diagnostics) {
        self.selection = selection
        overrides = try variables.overrides()
        inputs = variables.files
        self.limits = limits
    }

    /// In the order of the command line, without those that the tags and names leave out.
    ///
    /// What was passed over in folders is told on stderr.
    ///
    /// - Parameters:
    ///   - toRun: whether a secret without a value is an error.
    ///   - files: the only ones that are meant, without links; nil for all that are found. Where none of them is found there is no entry.
    /// - Throws: usage diagnostics when the tags and names leave nothing, or when a variable or a secret is none of any file.
    func load(toRun: Bool = false, only files: Set<String>? = nil) throws(Diagnostics) -> [Entry] {
        var overrides = overrides
        overrides.passesOverUnknown = true
        var variables: Set<String> = []
        var secrets: Set<String> = []
        var isAnySound = false
        var tags: Set<String> = []
        var names: [String] = []
        try NamedInput.checkEachIsReadOnce(selection.paths)
        var found = ScenarioFiles.find(selection.paths, excluding: inputs, globs: selection.globs)
        if let files {
            found.files.removeAll { !files.contains(ScenarioFiles.resolved($0.path)) }
            if found.files.isEmpty { return [] }
        }
        for line in found.passedOver { Console.writeError(line + "\n") }
        let all = FileReading.all(found.files.map { (NamedInput($0.path), $0.problem) }) { [overrides] in
            read($0, $1, overrides, toRun: toRun)
        }
        let entries: [Entry] = all.flatMap { file -> [Entry] in
            let (input, source, folderFiles) = (file.input, file.source, file.folderFiles)
            let scenarios: [Scenario]
            switch file.scenarios {
            case .success(let read): scenarios = read
            case .failure(let error):
                return [
                    Entry(
                        input: input, source: source, scenario: .failure(error), isFirstOfFile: true,
                        overrides: overrides, siblings: 1, folderFiles: folderFiles)
                ]
            }
            isAnySound = true
            for scenario in scenarios {
                variables.formUnion(scenario.variableNames)
                secrets.formUnion(scenario.secretNames)
            }
            let meant = scenarios.filter { selection.includes($0) }
            for scenario in scenarios where meant.count < scenarios.count {
                tags.formUnion(scenario.tags)
                names.append(scenario.name)
            }
            return meant.enumerated().map { number, scenario in
                Entry(
                    input: input, source: source, scenario: .success(scenario), isFirstOfFile: number == 0,
                    overrides: overrides, siblings: scenarios.count, folderFiles: folderFiles)
            }
        }
        let unknown = overrides.commandLine.map(\.name).filter { !variables.contains($0) }
        let unknownSecrets = overrides.secrets.commandLine.map(\.name).filter { !secrets.contains($0) }
        if isAnySound, !unknown.isEmpty || !unknownSecrets.isEmpty {
            throw Diagnostics(
                unknown.map { unknownName($0, "variable", among: variables.sorted(), entries) }
                    + unknownSecrets.map { unknownName($0, "secret", among: secrets.sorted(), entries) })
        }
        if !entries.isEmpty { return entries }
        if !selection.names.isEmpty { throw Diagnostics(noSuchName(among: names)) }
        let notes =
            tags.isEmpty ? "no scenario has a tag" : "the scenarios have: \(tags.sorted().joined(separator: ", "))"
        throw Diagnostics(Diagnostic(.usage, "the tags leave no scenario", notes: [notes]))
    }

    private func read(
        _ input: NamedInput, _ problem: Diagnostics?, _ overrides: ScenarioOverrides, toRun: Bool
    ) -> FileReading {
        let folderFiles = input.folderFiles
        var source: [UInt8]?
        do throws(Diagnostics) {
            if let problem { throw problem }
            let bytes = try input.read()
            source = bytes
            let scenarios = try self.scenarios(bytes, of: input, folderFiles, overrides, toRun: toRun)
            return FileReading(input: input, source: source, scenarios: .success(scenarios), folderFiles: folderFiles)
        } catch {
            return FileReading(input: input, source: source, scenarios: .failure(error), folderFiles: folderFiles)
        }
    }

    private func noSuchName(among names: [String]) -> Diagnostic {
        let wanted = selection.names.map { "\"\($0.text)\"" }.joined(separator: " or ")
        let near = selection.names.lazy.compactMap { Spelling.nearest(to: $0.text, among: names) }.first
        let shown = names.prefix(3).joined(separator: "; ") + (names.count > 3 ? "; and \(names.count - 3) more" : "")
        let isTagged = !selection.tags.isEmpty || !selection.skippedTags.isEmpty
        return Diagnostic(
            .usage, "no scenario \(isTagged ? "that the tags leave " : "")has \(wanted) in its name",
            notes: [near.map { "did you mean \"\($0)\"?" } ?? "they are called: \(shown)"])
    }

    /// Those of a file, one of them for each of its cases.
    private func scenarios(
        _ bytes: [UInt8], of input: NamedInput, _ folderFiles: FolderFiles?, _ overrides: ScenarioOverrides, toRun: Bool
    ) throws(Diagnostics) -> [Scenario] {
        try LinkedFile.judge(input, as: "scenario") { () throws(Diagnostics) in
            let scenarios = try Scenario.decodeAll(
                bytes, file: input.name, overrides: overrides, files: folderFiles)
            for scenario in scenarios { try check(scenario, toRun: toRun) }
            return scenarios
        }
    }

    /// What is skipped or left out sends nothing.
    private func check(_ scenario: Scenario, toRun: Bool) throws(Diagnostics) {
        guard scenario.skip == nil, selection.includes(scenario) else { return }
        if var fault = scenario.fault(ofSendingMoreThan: Int64(limits.maxBytes.bytes)) {
            if !scenario.caseValues.isEmpty { fault.notes.append("in \(scenario.name)") }
            throw Diagnostics(fault)
        }
        if toRun, !scenario.missingSecrets.isEmpty { throw Diagnostics(scenario.missingSecrets) }
    }

    private func unknownName(_ name: String, _ kind: String, among names: [String], _ entries: [Entry]) -> Diagnostic {
        let whose = entries.count(where: \.isFirstOfFile) == 1 ? "of \(entries[0].file)" : "of these files"
        let note =
            Spelling.nearest(to: name, among: names).map { "did you mean \"\($0)\"?" }
            ?? (names.isEmpty ? "they have no \(kind)s" : "their \(kind)s: \(names.joined(separator: ", "))")
        return Diagnostic(.usage, "--\(kind) names \"\(name)\", which is no \(kind) \(whose)", notes: [note])
    }
}
