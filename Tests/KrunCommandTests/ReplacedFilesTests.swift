import Foundation
import Testing

/// Scenario files that may not be written stay as they are.
@Suite(.gated, .timeLimit(.minutes(10)))
struct ReplacedFilesTests {
    private static let text = "{\"steps\":[],\"name\":\"a\"}"

    /// To put another file in its place would only take a permission of the folder's.
    @Test(.disabled(if: geteuid() == 0, "root may write everywhere"))
    func aFileThatIsReadOnly() async throws {
        let folder = try TemporaryFolder()
        let file = folder.url.appending(path: "a.json")
        try Data(Self.text.utf8).write(to: file)
        try FileManager.default.setAttributes([.posixPermissions: 0o400], ofItemAtPath: file.path)
        let run = try await CommandRun.krun(["fmt", "a.json"], in: folder.url)
        #expect(run.error == "error: cannot write a.json\n  = you have no permission to write it\n")
        #expect(run.output == "1 file: 1 not written\n")
        #expect(run.exitCode == 1)
        #expect(try String(contentsOf: file, encoding: .utf8) == Self.text)
    }

    @Test(.disabled(if: geteuid() == 0, "root may write everywhere"))
    func aFolderThatIsClosed() async throws {
        let folder = try TemporaryFolder()
        let closed = folder.url.appending(path: "closed")
        try FileManager.default.createDirectory(at: closed, withIntermediateDirectories: false)
        try Data(Self.text.utf8).write(to: closed.appending(path: "a.json"))
        try FileManager.default.setAttributes([.posixPermissions: 0o500], ofItemAtPath: closed.path)
        let run = try await CommandRun.krun(["fmt", "closed"], in: folder.url)
        #expect(
            run.error == "error: cannot write closed/a.json\n  = you have no permission to write in its folder\n")
        #expect(run.exitCode == 1)
    }

    /// A file that is formatted already is not touched: not even when it was changed last is another.
    @Test func whatIsFormattedIsNotWritten() async throws {
        let folder = try TemporaryFolder()
        let file = folder.url.appending(path: "a.json")
        try Data(Self.text.utf8).write(to: file)
        func identity() throws -> [AnyHashable?] {
            let attributes = try FileManager.default.attributesOfItem(atPath: file.path)
            return [attributes[.systemFileNumber] as? AnyHashable, attributes[.modificationDate] as? AnyHashable]
        }
        let before = try identity()
        #expect(
            try await CommandRun.krun(["fmt", "."], in: folder.url).output
                == "formatted ./a.json\n1 file: 1 formatted\n")
        let after = try identity()
        #expect(before != after)
        #expect(try await CommandRun.krun(["fmt", "."], in: folder.url).output == "1 file: nothing to format\n")
        #expect(try identity() == after)
        // And nothing is left beside it.
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == ["a.json"])
    }
}
