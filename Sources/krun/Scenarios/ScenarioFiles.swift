import KrunDiagnostics
import KrunJSON
import KrunScenario

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Finds the files that a command line names, and reads them.
enum ScenarioFiles {
    /// A file, and why it cannot be read where that is known already.
    typealias File = (path: String, problem: Diagnostics?)

    /// What a command line's files and folders come to.
    struct Found {
        /// One entry a file, in the order of the command line; what cannot be found is an entry too, so that it is reported in
        /// its place.
        var files: [File] = []
        /// A line for each folder with JSON files that are no scenarios.
        var passedOver: [String] = []
    }

    /// - Parameters:
    ///   - excluded: files that are none of a folder's scenarios, for the command line gives them another meaning.
    ///   - globs: which of a folder's files are meant; none for all.
    static func find(_ paths: [String], excluding excluded: [String] = [], globs: [PathPattern] = []) -> Found {
        var found = Found()
        let excluded = Set(excluded.map(resolved))
        for path in paths {
            if NamedInput(path).isStandardInput {
                found.files.append((path, nil))
                continue
            }
            var isFolder = false
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
                found.files.append((path, missing(path)))
                continue
            }
            guard isFolder else {
                found.files.append((path, nil))
                continue
            }
            var folder = ScenarioFolder(path, excluding: excluded, globs: globs)
            folder.search()
            found.files += folder.files
            if let text = folder.passedOverText { found.passedOver.append(text) }
        }
        return found
    }

    /// Reads a regular file, and nothing else: in a folder a pipe is nobody's to read, and a device may never begin.
    static func read(_ path: String, upTo limit: Int = JSONDocument.sizeLimit) throws(Diagnostics) -> [UInt8] {
        do {
            // Of a link, this is about what it leads to.
            let attributes = try FileManager.default.attributesOfItem(atPath: resolved(path))
            let type = attributes[.type] as? FileAttributeType
            if type == .typeSymbolicLink { throw missing(path) }
            guard type == .typeRegular else { throw Diagnostics(irregular(path, type)) }
            if let size = attributes[.size] as? Int, size > limit {
                throw JSONDocument.tooLarge(size: size, file: path, limit: limit)
            }
            return try [UInt8](Data(contentsOf: URL(filePath: path)))
        } catch let diagnostics as Diagnostics {
            throw diagnostics
        } catch let error as CocoaError where error.code == .fileReadNoSuchFile || error.code == .fileNoSuchFile {
            throw missing(path)
        } catch {
            throw Diagnostics(
                Diagnostic(.invalid, "cannot read \(path)", notes: [FileTrouble.reason(error)]))
        }
    }

    /// Whether others than its owner may read or write the file.
    static func isOpenToOthers(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && status.st_mode & 0o077 != 0
    }

    static func isThere(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

    /// Reads a file that an option names, so that its absence is a mistake of the command line.
    static func readNamed(_ path: String) throws(Diagnostics) -> [UInt8] {
        guard FileManager.default.fileExists(atPath: path) else {
            throw Diagnostics(missing(path).all.map { Diagnostic(.usage, $0.title, notes: $0.notes) })
        }
        return try read(path)
    }

    private static func irregular(_ path: String, _ type: FileAttributeType?) -> Diagnostic {
        if type == .typeDirectory { return Diagnostic(.invalid, "\(path) is a folder, where a file is expected") }
        return Diagnostic(
            .invalid, "\(path) is no regular file",
            notes: [
                "devices are not read, and pipes only as scenarios that the command line names: save it to a file first"
            ])
    }

    /// The path that is left when all links were followed.
    static func resolved(_ path: String) -> String {
        URL(filePath: path).resolvingSymlinksInPath().path
    }

    private static func missing(_ path: String) -> Diagnostics {
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        let name = path.split(separator: "/").last.map(String.init) ?? path
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.isEmpty ? "/" : folder)) ?? []
        var notes: [String] = []
        if names.contains(name) {
            notes.append("it is a link that leads nowhere, or its name is not UTF-8")
        } else if let near = Spelling.nearest(to: name, among: names.sorted()) {
            notes.append("there is \(folder == "." ? near : folder + "/" + near): is that the one you mean?")
        }
        let title = path.isEmpty ? "the name of a file is empty" : "there is no file or folder \(path)"
        return Diagnostics(Diagnostic(.invalid, title, notes: notes))
    }
}

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

/// Why a file could not be read or written, in words.
enum FileTrouble {
    static func reason(_ error: any Error) -> String {
        guard let error = error as? CocoaError else { return "\(error)" }
        switch error.code {
        case .fileReadNoPermission: return "you have no permission to read it"
        case .fileWriteNoPermission: return "you have no permission to write there"
        default: break
        }
        guard let cause = error.userInfo["NSUnderlyingError"] as? POSIXError else { return "\(error)" }
        return String(cString: strerror(cause.code.rawValue))
    }
}
