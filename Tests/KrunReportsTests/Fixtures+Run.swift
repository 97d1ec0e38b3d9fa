import Foundation
import KrunDiagnostics
import KrunOutcome

@testable import KrunReports

extension Fixtures {
    /// One scenario of each way to end, and one more of the first one's file.
    static var run: RunOutcome {
        var another = passed
        another.name += " [customer=bob]"
        another.seed = 43
        another.line = 2
        return RunOutcome(
            scenarios: [passed, failed, error, skipped, invalid, interrupted, another], startedAt: 1_717_243_200_000,
            duration: .milliseconds(136_000))
    }

    /// One that passed at the third attempt, of the third of several runs.
    static var flaky: ScenarioOutcome {
        var scenario = passed
        scenario.file = "scenarios/flaky.json"
        scenario.name = "Now and then"
        scenario.repetition = 3
        scenario.attempts = [
            AttemptOutcome(
                status: .failed, seed: 17, duration: .milliseconds(5), reason: "key \"alice\" is elsewhere"),
            AttemptOutcome(status: .error, seed: nil, duration: .milliseconds(6)),
            AttemptOutcome(status: .passed, seed: 19, duration: .milliseconds(7)),
        ]
        return scenario
    }

    /// One that failed whenever it was run, which was twice.
    static var failedTwice: ScenarioOutcome {
        var scenario = failed
        (scenario.file, scenario.name, scenario.steps) = ("scenarios/never.json", "Never", [])
        scenario.diagnostics = [.init(.failure, "now elsewhere")]
        scenario.attempts = [
            AttemptOutcome(status: .failed, seed: 17, duration: .milliseconds(5), reason: "<elsewhere>\nfar"),
            AttemptOutcome(status: .failed, seed: 42, duration: .milliseconds(412), reason: "now elsewhere"),
        ]
        return scenario
    }

    /// Names and texts that mean something to somebody.
    static var hostile: ScenarioOutcome {
        var scenario = ScenarioOutcome(
            file: "a \"b\"/c.d.json", name: "# <x> & ]]> \u{1B}[31m\u{FFFF}\n| `*` \\ \u{202E} ::error::",
            status: .failed)
        scenario.line = 1
        scenario.seed = 1
        scenario.steps = [
            StepOutcome(
                path: StepPath(1), title: "produce <\u{1}>\n--- ...", status: .failed, duration: .zero, result: nil,
                diagnostics: [.init(.failure, "```` <b>\u{7} ]]>", notes: ["...", "one\ntwo"])])
        ]
        scenario.stepCount = 1
        return scenario
    }

    static func summary(_ outcomes: [ScenarioOutcome]) -> RunSummary {
        RunSummary(
            version: "1.2.3", scenarios: outcomes.map { ScenarioSummary($0) }, startedAt: 1_717_243_200_000,
            duration: .milliseconds(1_500))
    }
}

/// What `docs/reports.md` shows.
enum DocumentedExample {
    /// The first block of that language; one that fails where there is none.
    static func text(_ language: String) throws -> String {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let page = try String(contentsOf: root.appending(path: "docs/reports.md"), encoding: .utf8)
        let parts = page.components(separatedBy: "```\(language)\n")
        return parts.count > 1 ? parts[1].components(separatedBy: "```\n")[0] : "no example"
    }
}
