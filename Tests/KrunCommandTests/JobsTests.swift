import Foundation
import Testing

/// However many scenarios run side by side, each ends as it would alone, and is told in its place.
@Suite(.gated, .timeLimit(.minutes(10)))
struct JobsTests {
    private static let scenarios = Fixture.tests.deletingLastPathComponent().appending(path: "scenarios/placement")

    @Test func jobsChangeNothing() async throws {
        let alone = try await CommandRun.krun([".", "--jobs", "1", "--compact", "--seed", "7"], in: Self.scenarios)
        #expect(alone.exitCode == 0)
        #expect(alone.output.components(separatedBy: "\n✓ ").count > 10)
        for jobs in ["2", "16"] {
            let beside = try await CommandRun.krun(
                [".", "--jobs", jobs, "--compact", "--seed", "7"], in: Self.scenarios)
            #expect(beside.exitCode == 0 && beside.error == alone.error)
            #expect(Volatile.normalised(beside.output) == Volatile.normalised(alone.output))
        }
    }

    /// Those that are running when one fails end as usual, and no other is begun.
    @Test func failFastLetsThoseThatAreRunningEnd() async throws {
        let folder = try TemporaryFolder()
        func save(_ name: String, _ steps: String) throws {
            let text = """
                { "name": "\(name)", "topics": [{ "name": "orders", "partitions": 1 }], "steps": [\(steps)] }
                """
            try Data(text.utf8).write(to: folder.url.appending(path: "\(name).json"))
        }
        let produce = #"{ "produce": "orders", "count": 1, "value": "", "expect": { "messages": 1 } }"#
        try save("a", produce.replacing(": 1 } }", with: ": 2 } }"))
        try save("b", #"{ "pause": "3s" }, "# + produce)
        try save("c", produce)
        try save("d", produce)
        let run = try await CommandRun.krun([".", "--jobs", "2", "--fail-fast"], in: folder.url)
        #expect(run.exitCode == 4)
        #expect(run.output.contains("\n✓ ./b.json  b   ("))
        #expect(run.output.contains("\nnot begun: 2 scenarios, ./a.json did not pass (--fail-fast)\n"))
        #expect(run.output.contains("\n4 scenarios: 1 passed, 1 failed, 2 skipped;"))
    }
}
