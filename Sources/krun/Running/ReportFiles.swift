import ArgumentParser
import KrunDiagnostics

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

/// The reports that were asked for besides the one on the terminal.
struct ReportFiles {
    private let options: [ReportOption]

    /// - Parameters:
    ///   - scenarios: the files that are run.
    ///   - inputs: others that are read; no report must replace one or the other.
    /// - Throws: a usage diagnostic where a file could not be written later on.
    init(_ options: [ReportOption], keeping scenarios: [String], _ inputs: [String]) throws(Diagnostic) {
        self.options = options
        for option in options where option.file != "-" {
            if LinkedFile.writesElsewhere(option.file) {
                throw Diagnostic(
                    .usage, "cannot write the report \(option.file)",
                    notes: [
                        "a link leads from there to a file elsewhere, which would be replaced",
                        "name the file that is meant, not the link",
                    ])
            }
            // Found out now, not after the run.
            do {
                try ReportTarget(option.file).prepare()
            } catch {
                throw Diagnostic(.usage, "cannot write the report \(option.file)", notes: [error.reason])
            }
            for (files, use) in [(scenarios, "run"), (inputs, "read")] {
                guard let input = files.first(where: { ReportTarget(option.file).isSame(as: $0) }) else { continue }
                let name = input == option.file ? "" : " \(NamedInput(input).name),"
                throw Diagnostic(
                    .usage, "cannot write the report \(option.file)",
                    notes: ["it is\(name) one of the files that are \(use)"])
            }
        }
    }

    /// Whether a report goes to stdout.
    var usesOutput: Bool { options.contains { $0.file == "-" } }

    /// Writes all that can be written.
    ///
    /// - Parameters:
    ///   - text: the report in that format.
    ///   - isWanted: whether to go on waiting for the reader of a pipe.
    /// - Returns: what is wrong with the others.
    func write(_ text: (ReportOption.Format) -> String, while isWanted: () -> Bool) -> [Diagnostic] {
        options.compactMap { option -> Diagnostic? in
            let text = text(option.format)
            if option.file == "-" {
                Console.writeDocument(text)
                return nil
            }
            do throws(ReportTarget.Problem) {
                try ReportTarget(option.file).write(text, while: isWanted)
                return nil
            } catch {
                return Diagnostic(.usage, "cannot write the report \(option.file)", notes: [error.reason])
            }
        }
    }
}

/// `--report json=FILE`
struct ReportOption: ExpressibleByArgument {
    enum Format: String, CaseIterable {
        case json
    }

    let format: Format
    /// `-` is stdout.
    let file: String

    init?(argument: String) {
        guard let given = NameAndValue(argument: argument), let format = Format(rawValue: given.name),
            !given.value.isEmpty
        else { return nil }
        self.format = format
        // Otherwise what people read would be mixed with it.
        file = given.value == "/dev/stdout" ? "-" : given.value
    }
}

/// Where a report is written: a file anew as a whole, so that nobody reads half of one; a pipe or device in place.
struct ReportTarget {
    struct Problem: Error {
        let reason: String
    }

    private let path: String
    private let isInPlace: Bool
    /// Whether a file is there, perhaps behind a link, and would be replaced.
    private(set) var isFile = false
    private(set) var isLinkToNowhere = false

    /// - Parameter path: what stands there now is kept where it is more than a file: a link, a pipe, a device.
    init(_ path: String) {
        var status = stat()
        if stat(path, &status) == 0 {
            let isFile = status.st_mode & S_IFMT == S_IFREG
            // Of these the names are not those of files, whatever they lead to.
            let isDescriptor = path.hasPrefix("/dev/") || path.hasPrefix("/proc/")
            let isFolder = status.st_mode & S_IFMT == S_IFDIR
            isInPlace = !isFolder && (!isFile || isDescriptor)
            self.isFile = isFile && !isDescriptor
            self.path = isInPlace ? path : ReportTarget.withoutLinks(path)
        } else {
            // A link to nowhere: the system creates what it leads to.
            isInPlace = lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
            isLinkToNowhere = isInPlace
            self.path = path
        }
    }

    /// Creates the folder, where it is missing, and finds out whether writing can succeed.
    func prepare() throws(Problem) {
        if isInPlace {
            guard access(path, F_OK) != 0 || access(path, W_OK) == 0 else {
                throw Problem(reason: String(cString: strerror(errno)))
            }
            return
        }
        var isFolder = false
        if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder {
            throw Problem(reason: "that is a folder")
        }
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        if FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), !isFolder {
            throw Problem(reason: "\(folder) is no folder")
        }
        do {
            if !folder.isEmpty {
                try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            }
        } catch {
            throw Problem(reason: FileTrouble.reason(error))
        }
        guard FileManager.default.isWritableFile(atPath: folder.isEmpty ? "/" : folder) else {
            throw Problem(reason: "you have no permission to write in its folder")
        }
    }

    /// - Parameter isWanted: whether to go on waiting for the reader of a pipe.
    func write(_ text: String, while isWanted: () -> Bool) throws(Problem) {
        if isInPlace { return try writeInPlace(text, while: isWanted) }
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        var name = Array((parts.dropLast() + [".\(parts.last ?? "").XXXXXX"]).joined(separator: "/").utf8CString)
        let descriptor = mkstemp(&name)
        guard descriptor >= 0 else { throw Problem(reason: String(cString: strerror(errno))) }
        var problem = Descriptor.write(text, to: descriptor) { true }
        if problem == nil, !keepAccess(descriptor) { problem = errno }
        close(descriptor)
        if problem == nil, rename(name, path) != 0 { problem = errno }
        guard let problem else { return }
        unlink(name)
        throw Problem(reason: String(cString: strerror(problem)))
    }

    /// Whoever could read the file that is replaced can read the new one, and nobody else; a file that was not there is as the process makes them.
    private func keepAccess(_ descriptor: Int32) -> Bool {
        var status = stat()
        guard stat(path, &status) == 0 else {
            let mask = umask(0)
            umask(mask)
            return fchmod(descriptor, 0o666 & ~mask) == 0
        }
        // Who may not give a file away keeps it; then its group must not get more than it had.
        let isGiven = fchown(descriptor, status.st_uid, status.st_gid) == 0
        let mode = status.st_mode & 0o777
        return fchmod(descriptor, isGiven || status.st_gid == getegid() ? mode : mode & ~0o070) == 0
    }

    /// Whether this is the same file as that one, by whatever names.
    func isSame(as other: String) -> Bool {
        var (mine, theirs) = (stat(), stat())
        guard stat(path, &mine) == 0, stat(other, &theirs) == 0 else { return false }
        return mine.st_dev == theirs.st_dev && mine.st_ino == theirs.st_ino
    }

    private func writeInPlace(_ text: String, while isWanted: () -> Bool) throws(Problem) {
        var descriptor: Int32
        repeat {
            // Appending: what a redirected stdout or stderr has already received is kept.
            descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_NONBLOCK | O_CLOEXEC, 0o666)
            if descriptor >= 0 { break }
            // A pipe nobody has opened for reading yet.
            guard errno == ENXIO || errno == EINTR else { throw Problem(reason: String(cString: strerror(errno))) }
            guard isWanted() else { throw Problem(reason: "nobody reads it") }
            poll(nil, 0, 50)
        } while true
        defer { close(descriptor) }
        switch Descriptor.write(text, to: descriptor, while: isWanted) {
        case nil: return
        case ETIMEDOUT?: throw Problem(reason: "nobody reads it")
        case let number?: throw Problem(reason: String(cString: strerror(number)))
        }
    }

    private static func withoutLinks(_ path: String) -> String {
        guard let real = realpath(path, nil) else { return path }
        defer { free(real) }
        return String(cString: real)
    }
}
