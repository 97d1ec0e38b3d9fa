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

    @Test func aFieldIsExplained() async throws {
        let folder = try TemporaryFolder()
        let run = try await CommandRun.krun(["schema", "consume.settle"], in: folder.url)
        #expect(run.exitCode == 0)
        #expect(
            run.output == """
                consume.settle: A field of a consume step.

                  settle  a duration, 1ms to 1h
                      How long after its end the step reads on: nothing more may come. Since 0.2.
                      Left out: not at all.

                """)
    }

    @Test func shellsCompleteTheNamesOfTheTable() async throws {
        let folder = try TemporaryFolder()
        for shell in ["bash", "zsh", "fish"] {
            let run = try await CommandRun.krun(["--generate-completion-script", shell], in: folder.url)
            #expect(run.exitCode == 0)
            for name in ["scenario.steps", "consume.until", "expectKey.values"] { #expect(run.output.contains(name)) }
        }
    }
}
