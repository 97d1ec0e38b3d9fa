import KrunDiagnostics
import KrunJSON

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
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

    /// - Parameter excluded: a file that is none of a folder's scenarios, for the command line gives it another meaning.
    static func find(_ paths: [String], excluding excluded: String? = nil) -> Found {
        var found = Found()
        let excluded = Set([excluded].compactMap { $0 }.map(resolved))
        for path in paths {
            var isFolder = false
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
                found.files.append((path, missing(path)))
                continue
            }
            guard isFolder else {
                found.files.append((path, nil))
                continue
            }
            var folder = ScenarioFolder(path, excluding: excluded)
            folder.search()
            found.files += folder.files
            if let text = folder.passedOverText { found.passedOver.append(text) }
        }
        return found
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
