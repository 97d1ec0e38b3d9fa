import KrunDiagnostics

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Names of files as GitHub knows them: from the root of the repository that a job has checked out, or else from the working folder.
enum RepositoryPath {
    /// Nil for what is no file below either.
    static func path(of file: String) -> String? {
        guard file != Place.standardInput, !NamedInput(file).isDescriptor else { return nil }
        let here = FileManager.default.currentDirectoryPath
        return path(of: file, from: here, roots: [Console.environment("GITHUB_WORKSPACE"), here].compactMap { $0 })
    }

    /// - Parameters:
    ///   - here: the working folder.
    ///   - roots: the first that the file lies below counts.
    static func path(of file: String, from here: String, roots: [String]) -> String? {
        let parts = plain(file.hasPrefix("/") ? file : "\(here)/\(file)")
        for root in roots where root.hasPrefix("/") {
            let root = plain(root)
            if parts.count > root.count, parts.starts(with: root) {
                return parts.dropFirst(root.count).joined(separator: "/")
            }
        }
        return nil
    }

    /// The parts of an absolute path, without `.` and `..`.
    private static func plain(_ path: String) -> [Substring] {
        path.split(separator: "/").reduce(into: []) { parts, part in
            switch part {
            case ".": break
            case "..": _ = parts.popLast()
            default: parts.append(part)
            }
        }
    }
}
