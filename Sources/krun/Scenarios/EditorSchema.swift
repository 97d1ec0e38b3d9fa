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

/// A copy of the schema that scenarios can name for the editor: `.krun/scenario.schema.json` in their folder or in one above it.
enum EditorSchema {
    private static let file = ".krun/scenario.schema.json"

    /// The copy's path as a file may have it, relative to its own folder, which is there; nil where there is no copy up to where its
    /// repository begins.
    static func path(fromFolderOf file: String) -> String? {
        let folder = file.lastIndex(of: "/").map { String(file[...$0]) } ?? "./"
        guard let real = realpath(folder, nil) else { return nil }
        defer { free(real) }
        var parts = String(cString: real).split(separator: "/")
        var steps = ""
        while true {
            let here = "/" + parts.joined(separator: "/")
            var isFolder = false
            if FileManager.default.fileExists(atPath: "\(here)/\(Self.file)", isDirectory: &isFolder), !isFolder {
                // Editors take a path without a dot at its beginning for one from their own root.
                let path = (steps.isEmpty ? "./" : steps) + Self.file
                // And they know nothing of links on the way.
                let seen = URL(filePath: folder + path).absoluteURL.standardized.path
                return FileManager.default.fileExists(atPath: seen) ? path : nil
            }
            guard !parts.isEmpty, !FileManager.default.fileExists(atPath: "\(here)/.git") else { return nil }
            parts.removeLast()
            steps += "../"
        }
    }
}
