import Foundation
import Testing

/// `krun schema` writes what is in the repository, from wherever it runs.
@Suite(.gated, .timeLimit(.minutes(10)))
struct SchemaCommandTests {
    private static let repository = Fixture.root.deletingLastPathComponent().deletingLastPathComponent()

    @Test func itIsTheFileByteForByte() async throws {
        let folder = try TemporaryFolder()
        let run = try await CommandRun.krun(["schema"], in: folder.url)
        #expect(run.exitCode == 0)
        #expect(run.error == "")
        let kept = try Data(contentsOf: Self.repository.appending(path: "schema/scenario.schema.json"))
        #expect(Data(run.output.utf8) == kept)
    }
}
