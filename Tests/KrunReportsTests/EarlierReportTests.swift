import KrunDiagnostics
import KrunJSON
import KrunOutcome
import Testing

@testable import KrunReports

/// What other reports need of a run is in its JSON report.
@Suite struct EarlierReportTests {
    private func read(_ run: RunOutcome, file: String = "run.json") throws -> EarlierReport {
        try EarlierReport(Array(JSONReport.text(run, version: "1.2.3").utf8), file: file)
    }

    @Test func allReportsAreTheSameFromIt() throws {
        var nested = Fixtures.failed
        nested.name = "nested"
        let inner = StepOutcome(
            path: StepPath(3).appending(1).appending(2), title: "produce orders", status: .failed,
            duration: .microseconds(12_345), result: .pause, diagnostics: [Fixtures.misplacedKey])
        nested.steps[2].result = .together([[inner], []])
        var run = Fixtures.run
        run.scenarios += [nested, Fixtures.hostile, Fixtures.flaky, Fixtures.failedTwice]
        let earlier = try read(run)
        let summary = RunSummary(
            version: "1.2.3", scenarios: run.scenarios.map { ScenarioSummary($0) }, startedAt: run.startedAt,
            duration: run.duration)
        #expect(JUnitReport(version: "1").whole(earlier.summary) == JUnitReport(version: "1").whole(summary))
        #expect(TAPReport(version: "1").whole(earlier.summary) == TAPReport(version: "1").whole(summary))
        #expect(CTRFReport(version: "1").whole(earlier.summary) == CTRFReport(version: "1").whole(summary))
        let github = GitHubReport { $0 }
        #expect(github.summary(earlier.summary) == github.summary(summary))
        for (read, made) in zip(earlier.summary.scenarios, summary.scenarios) {
            #expect(github.annotations(read) == github.annotations(made))
        }
        #expect(earlier.text == JSONReport.text(run, version: "1.2.3"))
    }

    /// Of format 1, too: fields that came later may be missing.
    @Test func aReportOfAnEarlierKrun() throws {
        var text = JSONReport.text(RunOutcome(scenarios: [Fixtures.invalid], duration: .seconds(1)), version: "0")
        for name in ["text", "endColumn", "sentence"] {
            text = text.replacing(try Regex(",\n *\"\(name)\": [^\n]*?(?=,?\n)"), with: "")
        }
        let problem = try #require(
            try EarlierReport(Array(text.utf8), file: "old.json").summary.scenarios[0].problems.first)
        #expect(
            problem.text == """
                error: unknown field "topic"
                 --> scenarios/typo.json:3:3
                  |
                3 |
                  | ^ did you mean topics?
                """)
        #expect(problem.diagnostic.place?.length == 1)
    }

    /// Whoever wrote it: it is refused with a place, or every report can be made of it.
    @Test func whateverStandsInIt() throws {
        var step = Fixtures.failed.steps[1]
        step.result = .together([[step]])
        var scenario = Fixtures.failed
        (scenario.steps, scenario.topics, scenario.invariants) = ([step], [], [])
        (scenario.repetition, scenario.attempts) = (2, Fixtures.flaky.attempts)
        let run = RunOutcome(scenarios: [scenario, Fixtures.skipped], startedAt: 5, duration: .seconds(1))
        let kept = Array(JSONReport.text(run, version: "1.2.3").utf8)
        let ranges = ranges(of: try read(run).root)
        var (taken, refused) = (0, 0)
        for other in [
            "null", "-1", "9223372036854775807", "1e300", "\"\"", "\"x\"", "\"1e9ms\"", "[]", "[1]", "{}", "true",
        ] {
            for range in ranges {
                var bytes = kept
                bytes.replaceSubrange(range, with: Array(other.utf8))
                do throws(Diagnostics) {
                    let report = try EarlierReport(bytes, file: "run.json")
                    let summary = report.summary
                    _ = JUnitReport(version: "1").whole(summary)
                    _ = TAPReport(version: "1").whole(summary)
                    _ = CTRFReport(version: "1").whole(summary)
                    let github = GitHubReport { $0 }
                    _ = summary.scenarios.map { github.annotations($0) } + [github.summary(summary)]
                    _ = try MergedReport([report], version: "1").text
                    taken += 1
                } catch {
                    #expect(error.all.allSatisfy { $0.place?.file == "run.json" })
                    refused += 1
                }
            }
        }
        #expect(taken > 100 && refused > 100, "\(taken) taken, \(refused) refused")
    }

    /// Where each value stands, also those within others.
    private func ranges(of node: JSONNode) -> [Range<Int>] {
        [node.sourceRange] + (node.elements + node.members.map(\.value)).flatMap { ranges(of: $0) }
    }

    // MARK: Merging

    private func scenario(_ file: String, _ name: String = "n", _ status: Status = .passed) -> ScenarioOutcome {
        ScenarioOutcome(file: file, name: name, status: status)
    }

    private func merged(_ parts: [[ScenarioOutcome]]) throws -> EarlierReport {
        let reports = try parts.enumerated().map { number, scenarios in
            try read(
                RunOutcome(scenarios: scenarios, startedAt: 1_000 - Int64(number), duration: .seconds(number + 1)),
                file: "part-\(number + 1).json")
        }
        return try EarlierReport(Array(MergedReport(reports, version: "9").text.utf8), file: "merged")
    }

    /// As the folder is searched: `a/b.json` and `a/c.json` come between `a.json`'s folder and what follows.
    @Test func theOrderIsThatOfTheWhole() throws {
        let whole = try merged([
            [scenario("s/a/x.json"), scenario("s/b.json", "1"), scenario("s/b.json", "2"), scenario("s/z.json")],
            [], [scenario("s/a-b.json"), scenario("s/c.json", "n", .failed)],
        ])
        #expect(
            whole.summary.scenarios.map { "\($0.file) \($0.name)" } == [
                "s/a/x.json n", "s/a-b.json n", "s/b.json 1", "s/b.json 2", "s/c.json n", "s/z.json n",
            ])
        #expect(whole.summary.duration == .seconds(3))
        #expect(whole.summary.startedAt == 998)
        #expect(whole.summary.version == "9")
        #expect(whole.root["totals"]?["scenarios"]?.integer == 6)
        #expect(whole.root["totals"]?["failed"]?.integer == 1)
    }

    /// Who named files in another order gets them in that order.
    @Test func eachReportKeepsItsOrder() throws {
        let whole = try merged([[scenario("c.json"), scenario("a.json")], [scenario("b.json")]])
        #expect(whole.summary.scenarios.map(\.file) == ["b.json", "c.json", "a.json"])
    }

    /// Parts that were balanced by durations have them in no order of their own.
    @Test func partsOfARunHaveTheOrderOfTheRun() throws {
        func part(_ ordinals: [Int], round: Int? = nil) -> [ScenarioOutcome] {
            ordinals.map { ordinal in
                var outcome = scenario(ordinal < 3 ? "z.json" : "a.json", "\(ordinal)")
                (outcome.ordinal, outcome.repetition) = (ordinal, round)
                return outcome
            }
        }
        #expect(
            try merged([part([2, 4, 5]), part([1, 3])]).summary.scenarios.map(\.name) == ["1", "2", "3", "4", "5"])
        let rounds = try merged([
            part([1, 3], round: 1) + part([1, 3], round: 2), part([2], round: 1) + part([2], round: 2),
        ])
        #expect(rounds.summary.scenarios.map(\.name) == ["1", "2", "3", "1", "2", "3"])
    }

    /// As JSON has it: a key of eight bytes may have zeros.
    @Test func textsMayHaveZeros() throws {
        let earlier = try read(RunOutcome(scenarios: [scenario("a.json", "a\0b")], duration: .seconds(1)))
        #expect(earlier.summary.scenarios.map(\.name) == ["a\0b"])
        #expect(try EarlierReport(Array(earlier.text.utf8), file: "again").text == earlier.text)
    }

    @Test func oneIsTheSame() throws {
        let run = RunOutcome(scenarios: Fixtures.run.scenarios, startedAt: 5, duration: .seconds(1))
        #expect(try MergedReport([read(run)], version: "1.2.3").text == JSONReport.text(run, version: "1.2.3"))
    }

    @Test func aScenarioOfTwoReports() throws {
        #expect {
            try merged([
                [scenario("a.json"), scenario("a.json")], [scenario("b.json"), scenario("a.json"), scenario("", "")],
            ])
        } throws: { error in
            let all = (error as? Diagnostics)?.all ?? []
            return all.map(\.title) == ["the scenario \"n\" of a.json stands in part-1.json and in part-2.json"]
                && all[0].place?.path == "$.scenarios[1]"
                && all[0].notes.first?.hasPrefix("it stands first in part-1.json:") == true
        }
    }
}
