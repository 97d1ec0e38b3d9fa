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

/// Where a report is written: a file anew as a whole, so that nobody reads half of one; a pipe or device in place.
struct ReportTarget {
    struct Problem: Error {
        let reason: String
    }

    private let path: String
    private let isInPlace: Bool
    /// Whether a file is there, perhaps behind a link, and would be replaced.
    private(set) var isFile = false
    private(set) var isFolder = false
    private(set) var isLinkToNowhere = false

    /// - Parameter path: what stands there now is kept where it is more than a file: a link, a pipe, a device.
    init(_ path: String) {
        var status = stat()
        if stat(path, &status) == 0 {
            let isFile = status.st_mode & S_IFMT == S_IFREG
            // Of these the names are not those of files, whatever they lead to.
            let isDescriptor = path.hasPrefix("/dev/") || path.hasPrefix("/proc/")
            isFolder = status.st_mode & S_IFMT == S_IFDIR
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

    /// Writes all of it.
    ///
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

    /// Opens it to be written bit by bit: a file begins anew, under its own name.
    ///
    /// - Returns: nil for a pipe that nobody has opened for reading yet.
    func open() throws(Problem) -> Int32? {
        // Appending: what a redirected stdout or stderr has already received is kept.
        let how = isInPlace ? O_APPEND | O_NONBLOCK : O_TRUNC
        while true {
            let descriptor = openFile(path, O_WRONLY | O_CREAT | O_CLOEXEC | how)
            if descriptor >= 0 { return descriptor }
            if errno == EINTR { continue }
            guard errno == ENXIO else { throw Problem(reason: String(cString: strerror(errno))) }
            return nil
        }
    }

    /// - Parameter descriptor: of what `open` opened.
    static func write(_ text: String, to descriptor: Int32, while isWanted: () -> Bool) throws(Problem) {
        switch Descriptor.write(text, to: descriptor, while: isWanted) {
        case nil: return
        case ETIMEDOUT?: throw Problem(reason: "nobody reads it")
        case let number?: throw Problem(reason: String(cString: strerror(number)))
        }
    }

    private func writeInPlace(_ text: String, while isWanted: () -> Bool) throws(Problem) {
        while true {
            if let descriptor = try open() {
                defer { close(descriptor) }
                return try Self.write(text, to: descriptor, while: isWanted)
            }
            guard isWanted() else { throw Problem(reason: "nobody reads it") }
            poll(nil, 0, 50)
        }
    }

    private static func withoutLinks(_ path: String) -> String {
        guard let real = realpath(path, nil) else { return path }
        defer { free(real) }
        return String(cString: real)
    }
}

/// The system's call, where a method has its name.
private func openFile(_ path: String, _ flags: Int32) -> Int32 { open(path, flags, 0o666) }
