import KrunDiagnostics
import KrunJSON

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

/// Finds the scenarios in a folder that a command line names: it stands for the JSON files in it and below whose top level has `steps`.
///
/// Hidden files and folders are left out, and so are packages that others wrote (`node_modules`) and links to folders, which may lead back.
struct ScenarioFolder {
    /// More files and folders than this are no folder of scenarios: it would be a disk that is walked.
    private static let entryLimit = 20_000
    private static let foreignFolders: Set<String> = ["node_modules"]
    /// So many of what was passed over are named.
    private static let shown = 3

    struct TooMany: Error {}

    /// As the command line has it.
    let path: String
    /// Files that the command line gives another meaning, without links.
    let excluded: Set<String>
    /// Which files are meant, by their paths from the folder; none for all.
    let globs: [PathPattern]
    private(set) var files: [ScenarioFiles.File] = []
    /// What was found, in order, and why it cannot be read where that is known; what is in the others is looked at in the end.
    private var candidates: [ScenarioFiles.File] = []
    /// JSON files without `steps`.
    private(set) var passedOver: [String] = []
    private var seen = 0

    init(_ path: String, excluding excluded: Set<String>, globs: [PathPattern] = []) {
        self.path = path
        self.excluded = excluded
        self.globs = globs
    }

    /// Searches; what is wrong with the folder as a whole is then its only entry.
    mutating func search() {
        let root = ScenarioFiles.resolved(path)
        guard root != "/" else {
            return fail("\(path) is the whole disk", "name the folder that has the scenarios")
        }
        do {
            try search(path, of: root)
        } catch {
            return fail(
                "\(path) has more than \(Self.entryLimit) files and folders in it",
                "name the folder that has the scenarios")
        }
        look()
        guard files.isEmpty else { return }
        if !globs.isEmpty {
            let patterns = globs.map { "'\($0.text)'" }.joined(separator: " or ")
            return fail(
                "\(path) has no scenario files like \(patterns)",
                "--glob is about paths from the folder; * stays within a name, ** is any folders", passedOverText)
        }
        let rule = "in a folder krun looks for files whose names end in .json and whose top level has \"steps\""
        fail("\(path) has no scenario files", rule, passedOverText)
    }

    private mutating func fail(_ title: String, _ notes: String?...) {
        files = [(path, Diagnostics(Diagnostic(.invalid, title, notes: notes.compactMap { $0 })))]
        passedOver = []
    }

    /// What was passed over, in a line; nil for nothing.
    var passedOverText: String? {
        guard !passedOver.isEmpty else { return nil }
        let names = passedOver.prefix(Self.shown).map { TerminalText.safe($0) }.joined(separator: ", ")
        let more = passedOver.count > Self.shown ? " and \(passedOver.count - Self.shown) more" : ""
        let files = passedOver.count == 1 ? "1 file" : "\(passedOver.count) files"
        return "passed over \(files) without \"steps\": \(names)\(more)"
    }

    /// Sorted by name.
    ///
    /// - Parameter root: the folder of the command line, without links: the excerpt of an error must not show what
    ///   stands in a file elsewhere, for whoever wrote the scenarios chose the link.
    private mutating func search(_ folder: String, of root: String) throws(TooMany) {
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: folder)
        } catch {
            let problem = Diagnostic(
                .invalid, "cannot look for scenarios in \(folder)", notes: [FileTrouble.reason(error)])
            return candidates.append((folder, Diagnostics(problem)))
        }
        seen += names.count
        guard seen <= Self.entryLimit else { throw TooMany() }
        let resolved = ScenarioFiles.resolved(folder)
        for name in names.sorted() where !name.hasPrefix(".") {
            let path = folder.hasSuffix("/") ? folder + name : folder + "/" + name
            let kind = Kind(of: path)
            guard kind.isFolder || name.hasSuffix(".json") else { continue }
            if kind.isFolder {
                if !kind.isLink, !Self.foreignFolders.contains(name) { try search(path, of: root) }
                continue
            }
            let target = kind.isLink ? ScenarioFiles.resolved(path) : "\(resolved)/\(name)"
            if excluded.contains(target) || !isMeant(path) { continue }
            var problem: Diagnostic?
            if kind.exists, kind.isLink, !target.hasPrefix(root + "/") {
                problem = Diagnostic(
                    .invalid, "\(path) is a link that leads out of the folder",
                    notes: ["name it on the command line if it is to be read"])
            }
            candidates.append((path, problem.map { Diagnostics($0) }))
        }
    }

    /// What stands under a name in a folder.
    private struct Kind {
        let isLink: Bool
        /// Of a link, this and the next are about what it leads to.
        let exists: Bool
        let isFolder: Bool

        init(of path: String) {
            var status = stat()
            var isThere = lstat(path, &status) == 0
            isLink = isThere && status.st_mode & S_IFMT == S_IFLNK
            if isLink { isThere = stat(path, &status) == 0 }
            exists = isThere
            isFolder = isThere && status.st_mode & S_IFMT == S_IFDIR
        }
    }

    private func isMeant(_ path: String) -> Bool {
        if globs.isEmpty { return true }
        let start = self.path.hasSuffix("/") ? self.path : self.path + "/"
        let inner = String(path.dropFirst(start.count))
        return globs.contains { $0.matches(inner) }
    }

    /// Takes the files that are meant as scenarios; one that cannot be read may be one, so that it is told what is wrong with it.
    private mutating func look() {
        let verdicts = SideBySide.map(candidates) { path, problem in
            Result { () throws(Diagnostics) in
                if let problem { throw problem }
                return Self.isScenario(try ScenarioFiles.read(path), path)
            }
        }
        for (path, verdict) in zip(candidates.map(\.path), verdicts) {
            switch verdict {
            case .success(true): files.append((path, nil))
            case .success(false): if !path.hasSuffix("/\(ProjectFile.name)") { passedOver.append(path) }
            case .failure(let problem): files.append((path, problem))
            }
        }
    }

    private static func isScenario(_ bytes: [UInt8], _ path: String) -> Bool {
        guard let document = try? JSONDocument.parse(bytes, file: path) else { return hasSteps(bytes) }
        return document.root.members.contains { $0.name == "steps" }
    }

    /// Whether a text that is not JSON has a member `steps`, in whatever quotes and encoding.
    private static func hasSteps(_ bytes: [UInt8]) -> Bool {
        let text = String(decoding: bytes.filter { $0 != 0 }, as: UTF8.self)
        return text.contains(/\bsteps\b["']?\s*:/)
    }
}

/// A file that is reached by a link out of the folder that has the link.
///
/// Whoever wrote the scenarios may have chosen the link, and where it leads to: to a file of credentials, or to the environment of
/// the process. So nothing of what stands there is shown.
enum LinkedFile {
    /// Whether some part of the path, the file itself or a folder before it, is a link that leads out of its folder.
    ///
    /// What stands directly in `/`, such as the `/tmp` of macOS, is the system's.
    static func leadsElsewhere(_ path: String) -> Bool {
        leadsElsewhere(path) { _, _ in true }
    }

    /// Whether to write a file of that name would write where a link leads that stands in the working folder or below it, or is the file
    /// itself: whoever wrote what is checked out there may have chosen it.
    static func writesElsewhere(_ path: String) -> Bool {
        guard !path.hasPrefix("/dev/"), !path.hasPrefix("/proc/"), let here = withoutLinks(".") else { return false }
        return leadsElsewhere(path) { folder, isLast in isLast || folder == here || folder.hasPrefix(here + "/") }
    }

    /// - Parameter isJudged: whether a link counts that stands in this folder, and is the last part of the path or not.
    private static func leadsElsewhere(_ path: String, isJudged: (_ folder: String, _ isLast: Bool) -> Bool) -> Bool {
        guard var folder = path.hasPrefix("/") ? "/" : withoutLinks(".") else { return false }
        let parts = path.split(separator: "/").filter { $0 != "." }
        for (index, part) in parts.enumerated() {
            if part == ".." {
                folder = String(folder[..<(folder.lastIndex(of: "/") ?? folder.startIndex)])
                if folder.isEmpty { folder = "/" }
                continue
            }
            let next = folder == "/" ? "/\(part)" : "\(folder)/\(part)"
            var status = stat()
            guard lstat(next, &status) == 0, status.st_mode & S_IFMT == S_IFLNK else {
                folder = next
                continue
            }
            guard let target = withoutLinks(next) ?? withoutLastLink(next, in: folder) else { return false }
            if folder != "/", target != folder, !target.hasPrefix(folder + "/"),
                isJudged(folder, index == parts.count - 1)
            {
                return true
            }
            folder = target
        }
        return false
    }

    /// Reads what stands in the file; what is wrong with it is told without showing anything of it where a link leads elsewhere.
    ///
    /// - Parameter what: what the file should be: `scenario`.
    static func judge<Value>(
        _ input: NamedInput, as what: String, _ body: () throws(Diagnostics) -> Value
    ) throws(Diagnostics) -> Value {
        let path = input.path
        do {
            return try body()
        } catch {
            guard !input.isDescriptor, leadsElsewhere(path) else { throw error }
            throw Diagnostics(
                Diagnostic(
                    error.all[0].kind, "\(path) is no \(what) that can be used",
                    notes: [
                        "a link leads to it from elsewhere, so nothing of what stands there is shown",
                        "name the file itself, not the link, to see what is wrong with it",
                    ]))
        }
    }

    /// What a link leads to where nothing is there yet; nil where its folder is not there either.
    private static func withoutLastLink(_ link: String, in folder: String) -> String? {
        guard let target = try? FileManager.default.destinationOfSymbolicLink(atPath: link),
            let name = target.split(separator: "/").last, name != ".."
        else { return nil }
        let parent = String(target.prefix(target.utf8.count - name.utf8.count))
        return withoutLinks(target.hasPrefix("/") ? parent : "\(folder)/\(parent)").map { "\($0)/\(name)" }
    }

    private static func withoutLinks(_ path: String) -> String? {
        guard let real = realpath(path, nil) else { return nil }
        defer { free(real) }
        return String(cString: real)
    }
}
