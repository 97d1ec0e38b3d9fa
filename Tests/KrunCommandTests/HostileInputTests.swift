import Foundation
import Testing

/// Inputs whose sayings are too long to be kept whole.
@Suite(.gated, .timeLimit(.minutes(10)))
struct HostileInputTests {
    /// Some hundreds are shown, and the last line says how many are not.
    @Test func tenThousandErrors() async throws {
        let run = try await check(.manyErrors)
        #expect(run.error.hasSuffix("error: 9500 more errors of scenario.json are not shown\n\n"))
        #expect(run.output == "1 file checked: 10000 errors in 1\n")
        #expect(run.exitCode == 2)
        #expect(run.duration < CommandLineTests.patience)
    }

    /// A thousand are shown, and the last says how many are not.
    @Test func tenThousandDuplicates() async throws {
        let run = try await check(.manyDuplicates)
        #expect(run.output == "1 file checked: 1000 errors in 1\n")
        #expect(
            run.error.hasSuffix(
                """
                error: the name "a" stands twice in the same object
                    --> scenario.json:1005:1
                     |
                1005 | "a": 1,
                     | ^^^
                     |
                     = it stands first in line 5, column 54
                     = 8999 more duplicate names are not shown


                """))
        #expect(run.exitCode == 2)
        #expect(run.duration < CommandLineTests.patience)
    }

    private func check(_ recipe: Recipe) async throws -> CommandRun {
        let folder = try TemporaryFolder()
        try recipe.make(in: folder.url)
        let run = try await CommandRun.krun(["check", "scenario.json"], in: folder.url)
        withExtendedLifetime(folder) {}
        return run
    }
}
