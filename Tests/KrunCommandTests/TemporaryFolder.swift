import Foundation

/// A new folder, deleted with its owner.
final class TemporaryFolder: Sendable {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "krun-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit {
        Self.open(url)
        try? FileManager.default.removeItem(at: url)
    }

    /// A folder that a test closed to everybody cannot be deleted by an ordinary user; links are not followed.
    private static func open(_ folder: URL) {
        let manager = FileManager.default
        guard let attributes = try? manager.attributesOfItem(atPath: folder.path),
            attributes[.type] as? FileAttributeType == .typeDirectory
        else { return }
        try? manager.setAttributes([.posixPermissions: 0o700], ofItemAtPath: folder.path)
        for name in (try? manager.contentsOfDirectory(atPath: folder.path)) ?? [] { open(folder.appending(path: name)) }
    }
}
