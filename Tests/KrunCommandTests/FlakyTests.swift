import Foundation
import Testing

/// A scenario that passes now and then is found out, and what is said of it brings the failure back.
@Suite(.gated, .timeLimit(.minutes(10)))
struct FlakyTests {
    /// Holds for about one seed in three.
    private static let scenario = """
        { "name": "A number is small", "topics": [{ "name": "numbers", "partitions": 1 }],
          "steps": [{ "produce": "numbers", "count": 1, "key": "{{random 1 3}}", "value": "",
                      "expect": { "keys": { "1": { "messages": 1 } } } }] }
        """

    private struct Report: Decodable {
        struct Scenario: Decodable {
            struct Attempt: Decodable {
                let status: String
                let seed: String
                let reason: String?
            }
            let status: String
            let seed: String
            let repetition: Int?
            let attempts: [Attempt]?
        }
        let scenarios: [Scenario]
    }

    @Test func anAttemptThatFailedIsTold() async throws {
        let folder = try TemporaryFolder()
        try Data(Self.scenario.utf8).write(to: folder.url.appending(path: "a.json"))
        // One in three passes at once, which tells nothing.
        for _ in 0..<40 {
            let run = try await CommandRun.krun(
                ["a.json", "--retry", "100", "--report", "json=run.json"], in: folder.url)
            let outcome = try #require(try Self.report(folder).scenarios.first)
            #expect(run.exitCode == 0 && outcome.status == "passed")
            guard let attempts = outcome.attempts else {
                #expect(!run.output.contains("flaky"))
                continue
            }
            #expect(
                attempts.dropLast().allSatisfy { $0.status == "failed" && $0.reason == "key \"1\" was not sent" })
            #expect(attempts.last?.status == "passed" && attempts.last?.seed == outcome.seed)
            #expect(run.output.contains(", passed at the \(attempts.count)"))
            let seed = attempts[0].seed
            #expect(run.output.contains("  attempt 1: failed (seed \(seed)): key \"1\" was not sent\n"))
            let command = "`krun a.json --seed \(seed)` runs it so again"
            #expect(
                run.output.contains(
                    """
                    flaky:
                      ~ a.json  A number is small
                        \(attempts.count - 1) of \(attempts.count) runs did not pass, first with seed \(seed)
                        \(command)

                    """), "\(run.output)")
            let again = try await CommandRun.krun(["a.json", "--seed", seed], in: folder.url)
            #expect(again.exitCode == 4)
            return
        }
        Issue.record("it passed at once forty times")
    }

    @Test func repetitionsDrawSeedsOfTheirOwn() async throws {
        let folder = try TemporaryFolder()
        try Data(Self.scenario.utf8).write(to: folder.url.appending(path: "a.json"))
        let run = try await CommandRun.krun(
            ["a.json", "--repeat", "30", "--report", "json=run.json"], in: folder.url)
        let scenarios = try Self.report(folder).scenarios
        #expect(scenarios.map(\.repetition) == (1...30).map { $0 })
        #expect(Set(scenarios.map(\.seed)).count == 30)
        let failed = scenarios.filter { $0.status == "failed" }
        #expect(run.exitCode == 4)
        let seed = try #require(failed.first?.seed)
        #expect(
            run.output.contains("    \(failed.count) of 30 runs did not pass, first with seed \(seed)\n"),
            "\(run.output)")
        let again = try await CommandRun.krun(
            ["a.json", "--repeat", "2", "--seed", seed, "--report", "json=run.json"], in: folder.url)
        #expect(again.exitCode == 4 && !again.output.contains("flaky"))
        #expect(try Self.report(folder).scenarios.map(\.seed) == [seed, seed])
    }

    /// Of one seed for all repetitions nobody would learn anything new.
    @Test func inADrawnOrderTheSeedsAreDrawnWithTheOneThatIsSaid() async throws {
        let folder = try TemporaryFolder()
        try Data(Self.scenario.utf8).write(to: folder.url.appending(path: "a.json"))
        var seeds: [[String]] = []
        for _ in 1...2 {
            let run = try await CommandRun.krun(
                ["a.json", "--repeat", "20", "--shuffle", "--seed", "7", "--report", "json=run.json"], in: folder.url)
            #expect(run.exitCode == 4)
            #expect(
                run.error.contains(
                    "the order and the seeds are drawn with seed 7 (--repeat 20 --shuffle --seed 7 has them again)\n"))
            seeds.append(try Self.report(folder).scenarios.map(\.seed))
        }
        #expect(seeds[0] == seeds[1] && Set(seeds[0]).count == 20)
        let failed = try #require(try Self.report(folder).scenarios.first { $0.status == "failed" })
        let again = try await CommandRun.krun(["a.json", "--seed", failed.seed], in: folder.url)
        #expect(again.exitCode == 4)
    }

    private static func report(_ folder: TemporaryFolder) throws -> Report {
        try JSONDecoder().decode(Report.self, from: Data(contentsOf: folder.url.appending(path: "run.json")))
    }
}
