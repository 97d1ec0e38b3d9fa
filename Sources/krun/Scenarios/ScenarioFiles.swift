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
        var status = stat()
        // To open a device may already do something.
        guard stat(path, &status) == 0 else { throw unreadable(path, errno) }
        try checkKind(status, path)
        // It may be another one by now.
        let file = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
        guard file >= 0 else { throw unreadable(path, errno) }
        defer { close(file) }
        guard fstat(file, &status) == 0 else { throw unreadable(path, errno) }
        try checkKind(status, path)
        let size = Int(status.st_size)
        guard size <= limit else { throw JSONDocument.tooLarge(size: size, file: path, limit: limit) }
        return try readAll(file, of: path, expecting: size, upTo: limit)
    }

    /// All that is left in an open file, whose size may be another by now, or be told by nobody, as in `/proc`.
    private static func readAll(
        _ file: Int32, of path: String, expecting size: Int, upTo limit: Int
    ) throws(Diagnostics) -> [UInt8] {
        var bytes: [UInt8] = []
        // With room for one more, so that the end of what is as long as expected is seen.
        var portion = size + 1
        while true {
            var failure: Int32 = 0
            let more = [UInt8](unsafeUninitializedCapacity: portion) { buffer, count in
                var got = -1
                repeat {
                    got = Descriptor.readOnce(file, UnsafeMutableRawBufferPointer(buffer))
                } while got < 0 && errno == EINTR
                if got < 0 { failure = errno }
                count = max(got, 0)
            }
            if failure != 0 { throw unreadable(path, failure) }
            if more.isEmpty { return bytes }
            bytes = bytes.isEmpty ? more : bytes + more
            guard bytes.count <= limit else {
                throw JSONDocument.tooLarge(size: bytes.count, file: path, limit: limit)
            }
            portion = 64 << 10
        }
    }

    private static func checkKind(_ status: stat, _ path: String) throws(Diagnostics) {
        switch status.st_mode & S_IFMT {
        case S_IFREG: return
        case S_IFDIR: throw Diagnostics(Diagnostic(.invalid, "\(path) is a folder, where a file is expected"))
        default:
            throw Diagnostics(
                Diagnostic(.invalid, "\(path) is no regular file", notes: [pipesAndDevices]))
        }
    }

    private static let pipesAndDevices =
        "devices are not read, and pipes only as scenarios that the command line names: save it to a file first"

    private static func unreadable(_ path: String, _ number: Int32) -> Diagnostics {
        switch number {
        case ENOENT, ENOTDIR, ELOOP: missing(path)
        default: Diagnostics(Diagnostic(.invalid, "cannot read \(path)", notes: [FileTrouble.reason(number)]))
        }
    }

    /// Whether others than its owner may read or write the file.
    static func isOpenToOthers(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && status.st_mode & 0o077 != 0
    }

    static func isThere(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

    /// Reads a file that an option names, so that its absence is a mistake of the command line.
    static func readNamed(_ path: String, upTo limit: Int = JSONDocument.sizeLimit) throws(Diagnostics) -> [UInt8] {
        guard FileManager.default.fileExists(atPath: path) else {
            throw Diagnostics(missing(path).all.map { Diagnostic(.usage, $0.title, notes: $0.notes) })
        }
        return try read(path, upTo: limit)
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

/// Why a file could not be read or written, in words.
enum FileTrouble {
    /// - Parameter number: what `errno` was.
    static func reason(_ number: Int32) -> String {
        switch number {
        case EACCES, EPERM: "you have no permission to read it"
        default: String(cString: strerror(number))
        }
    }

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
