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

    /// - Parameter path: what stands there now is kept where it is more than a file: a link, a pipe, a device.
    init(_ path: String) {
        var status = stat()
        if stat(path, &status) == 0 {
            let isFile = status.st_mode & S_IFMT == S_IFREG
            // Of these the names are not those of files, whatever they lead to.
            let isDescriptor = path.hasPrefix("/dev/") || path.hasPrefix("/proc/")
            let isFolder = status.st_mode & S_IFMT == S_IFDIR
            isInPlace = !isFolder && (!isFile || isDescriptor)
            self.path = isInPlace ? path : ReportTarget.withoutLinks(path)
        } else {
            // A link to nowhere: the system creates what it leads to.
            isInPlace = lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
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
        do {
            try Data(text.utf8).write(to: URL(filePath: path), options: .atomic)
        } catch {
            throw Problem(reason: FileTrouble.reason(error))
        }
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
