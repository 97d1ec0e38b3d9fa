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
        _ path: String, as what: String, _ body: () throws(Diagnostics) -> Value
    ) throws(Diagnostics) -> Value {
        do {
            return try body()
        } catch {
            guard leadsElsewhere(path) else { throw error }
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
