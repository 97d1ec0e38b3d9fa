import KrunDiagnostics
import KrunJSON

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Finds the files that a command line names, and reads them.
enum ScenarioFiles {
    /// One entry a file, in the order of the command line; folders are searched for `*.json`, sorted by name.
    ///
    /// What cannot be found is an entry too, so that it is reported in its place.
    static func find(_ paths: [String]) -> [(path: String, problem: Diagnostics?)] {
        paths.flatMap { path -> [(path: String, problem: Diagnostics?)] in
            var isFolder = false
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
                return [(path, missing(path))]
            }
            guard isFolder else { return [(path, nil)] }
            let files: [(path: String, problem: Diagnostics?)]
            do {
                files = try scenarios(below: path, of: resolved(path))
            } catch {
                let problem = Diagnostic(
                    .invalid, "cannot look for scenarios in \(path)", notes: [FileTrouble.reason(error)])
                return [(path, Diagnostics(problem))]
            }
            guard !files.isEmpty else {
                let problem = Diagnostic(
                    .invalid, "\(path) has no scenario files",
                    notes: ["in a folder krun looks for files whose names end in .json"])
                return [(path, Diagnostics(problem))]
            }
            return files
        }
    }

    /// Reads a regular file: a pipe may never end, and a device may never begin.
    static func read(_ path: String) throws(Diagnostics) -> [UInt8] {
        do {
            // Of a link, this is about what it leads to.
            let attributes = try FileManager.default.attributesOfItem(atPath: resolved(path))
            let type = attributes[.type] as? FileAttributeType
            if type == .typeSymbolicLink { throw missing(path) }
            guard type == .typeRegular else { throw Diagnostics(irregular(path, type)) }
            if let size = attributes[.size] as? Int, size > JSONDocument.sizeLimit {
                throw JSONDocument.tooLarge(size: size, file: path)
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
            .invalid, "\(path) is no regular file", notes: ["pipes and devices are not read: save it to a file first"])
    }

    /// The folder's `*.json` and those of the folders in it, sorted by name. Hidden ones are left out, and so are
    /// links to folders, which may lead back.
    ///
    /// - Parameter root: the folder of the command line, without links: the excerpt of an error must not show what
    ///   stands in a file elsewhere, for whoever wrote the scenarios chose the link.
    /// - Throws: why a folder cannot be listed.
    private static func scenarios(
        below folder: String, of root: String
    ) throws -> [(path: String, problem: Diagnostics?)] {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
        return try names.sorted().filter { !$0.hasPrefix(".") }.flatMap { name in
            let path = folder.hasSuffix("/") ? folder + name : folder + "/" + name
            var isFolder = false
            let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
            let type = try? FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType
            if isFolder { return type == .typeSymbolicLink ? [] : try scenarios(below: path, of: root) }
            guard name.hasSuffix(".json") else { return [] }
            if exists, type == .typeSymbolicLink, !resolved(path).hasPrefix(root.hasSuffix("/") ? root : root + "/") {
                let problem = Diagnostic(
                    .invalid, "\(path) is a link that leads out of the folder",
                    notes: ["name it on the command line if it is to be read"])
                return [(path, Diagnostics(problem))]
            }
            return [(path, nil)]
        }
    }

    /// The path that is left when all links were followed.
    private static func resolved(_ path: String) -> String {
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
