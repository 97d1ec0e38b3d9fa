import Foundation
import Testing

/// krun's own scenarios, with mistakes in what they expect: a run with `--accept` makes them what they were.
@Suite(.gated, .timeLimit(.minutes(10)))
struct AcceptTests {
    @Test(arguments: [
        "basic.json", "offsets/resume.json", "offsets/rounds.json", "order/key-order.json",
        "placement/explicit-partitions.json", "topics/partitions-added.json", "topics/headers-and-tombstones.json",
    ])
    func whatWasMistakenIsPutRight(_ name: String) async throws {
        let source = Fixture.tests.deletingLastPathComponent().appending(path: "scenarios/\(name)")
        let text = try String(contentsOf: source, encoding: .utf8)
        // Names that only an expectation has.
        var mistakes = 0
        let numbers = text.replacing(/"(first|last|lag|failed|redelivered|moved|movedKeys|idle)": (\d+)/) { match in
            mistakes += 1
            return "\"\(match.1)\": \(Int(match.2)! + 1)"
        }
        let mistaken = numbers.replacing(/"values": \["/) { match in
            mistakes += 1
            return "\(match.0)not "
        }
        try #require(mistakes > 0)

        let folder = try TemporaryFolder()
        let file = folder.url.appending(path: "scenario.json")
        try Data(mistaken.utf8).write(to: file)
        let failed = try await CommandRun.krun(["scenario.json"], in: folder.url)
        #expect(failed.exitCode == 4, "\(failed.output)")
        #expect(try String(contentsOf: file, encoding: .utf8) == mistaken)
        let run = try await CommandRun.krun(["scenario.json", "--accept"], in: folder.url)
        #expect(try String(contentsOf: file, encoding: .utf8) == text, "\(run.output)")
        #expect(run.exitCode == 0)
        // Nothing is left to accept.
        let again = try await CommandRun.krun(["scenario.json", "--accept"], in: folder.url)
        #expect(again.exitCode == 0)
        #expect(!again.output.contains("accepted"))
    }

    @Test("of a file with cases nothing is accepted, as an expectation is one for all of them")
    func casesAreLeftAlone() async throws {
        let text = """
            {
              "name": "each case sends a number of its own",
              "cases": [{ "count": 2 }, { "count": 3 }],
              "topics": [{ "name": "t" }],
              "steps": [{ "produce": "t", "count": "{{count}}", "expect": { "messages": 2 } }]
            }

            """
        let folder = try TemporaryFolder()
        let file = folder.url.appending(path: "scenario.json")
        try Data(text.utf8).write(to: file)
        let run = try await CommandRun.krun(["run", "--accept", "scenario.json"], in: folder.url)
        #expect(run.exitCode == 4)
        #expect(
            run.output.contains(
                "nothing is accepted in scenario.json: an expectation is one for all of its cases\n"), "\(run.output)")
        #expect(!run.output.contains("accepted 1"))
        #expect(try String(contentsOf: file, encoding: .utf8) == text)
    }
}
