import Foundation
import Testing

/// `krun schema` writes what is in the repository, from wherever it runs.
@Suite(.gated, .timeLimit(.minutes(10)))
struct SchemaCommandTests {
    private static let repository = Fixture.root.deletingLastPathComponent().deletingLastPathComponent()

    @Test(arguments: [([], "scenario"), (["--report"], "report")])
    func itIsTheFileByteForByte(_ options: [String], _ name: String) async throws {
        let folder = try TemporaryFolder()
        let run = try await CommandRun.krun(["schema"] + options, in: folder.url)
        #expect(run.exitCode == 0)
        #expect(run.error == "")
        let kept = try Data(contentsOf: Self.repository.appending(path: "schema/\(name).schema.json"))
        #expect(Data(run.output.utf8) == kept)
    }
}
