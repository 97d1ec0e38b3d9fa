import Foundation
import Testing

/// What is left of the reports of a run that did not come to its end.
@Suite(.gated, .timeLimit(.minutes(10)))
struct RunReportsTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        let topics = #""topics": [{ "name": "orders", "partitions": 1 }]"#
        let produce = #"{ "produce": "orders", "messages": [{ "value": "espresso" }] }"#
        try write("one.json", #"{ "name": "one", \#(topics), "steps": [\#(produce)] }"#)
        try write("two.json", #"{ "name": "two", \#(topics), "steps": [\#(produce), { "pause": "10m" }] }"#)
        try write(
            "three.json", #"{ "name": "three {{token}}", "secrets": ["token"], \#(topics), "steps": [\#(produce)] }"#)
    }

    private func write(_ name: String, _ text: String) throws {
        try Data(text.utf8).write(to: folder.url.appending(path: name))
    }

    private func text(_ name: String) -> String {
        (try? String(contentsOf: folder.url.appending(path: name), encoding: .utf8)) ?? ""
    }

    /// Runs all three, waits until the first has ended, and ends krun with that signal in the second.
    private func end(with number: Int32) async throws -> Int32 {
        let process = Process()
        process.executableURL = try CommandRun.executable()
        process.arguments = [
            "one.json", "two.json", "three.json", "--jobs", "1", "--compact", "--secret", "token=hunter2-hunter2",
        ]
        for (format, file) in [("tap", "run.tap"), ("junit", "junit.xml"), ("ctrf", "ctrf.json"), ("json", "run.json")]
        {
            process.arguments? += ["--report", "\(format)=out/\(file)"]
        }
        process.currentDirectoryURL = folder.url
        process.environment = CommandRun.surroundings()
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        let (ends, end) = AsyncStream<Void>.makeStream()
        process.terminationHandler = { _ in end.finish() }
        try process.run()
        let deadline = ContinuousClock.now + .seconds(60)
        while !text("out/run.tap").contains("\nok 1 - one.json: one\n"), ContinuousClock.now < deadline {
            try await Task.sleep(for: .milliseconds(20))
        }
        kill(process.processIdentifier, number)
        for await _ in ends {}
        return process.terminationStatus
    }

    @Test func aKilledRunLeavesAReadableTAP() async throws {
        #expect(try await end(with: SIGKILL) == SIGKILL)
        #expect(text("out/run.tap") == "TAP version 13\n# krun 0.1.0\nok 1 - one.json: one\n")
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder.url.appending(path: "out").path) == ["run.tap"])
    }

    @Test func anInterruptedRunsReportsAreWhole() async throws {
        #expect(try await end(with: SIGINT) == 130)
        let tap = text("out/run.tap").split(separator: "\n").filter {
            $0.hasPrefix("ok") || $0.hasPrefix("not") || $0.hasPrefix("1..")
        }
        #expect(
            tap == ["ok 1 - one.json: one", "not ok 2 - two.json: two", "not ok 3 - three.json: three ***", "1..3"])
        let junit = text("out/junit.xml")
        #expect(junit.hasSuffix("</testsuites>\n"))
        #expect(
            junit.hasPrefix(
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"krun\" tests=\"3\" failures=\"0\" errors=\"2\" "
            ))
        let ctrf = try JSONSerialization.jsonObject(with: Data(text("out/ctrf.json").utf8)) as? [String: Any]
        let results = ctrf?["results"] as? [String: Any]
        let tests = results?["tests"] as? [[String: Any]] ?? []
        #expect(tests.map { $0["rawStatus"] as? String } == ["passed", "interrupted", "interrupted"])
        #expect(tests.map { $0["line"] as? Int } == [1, 1, 1])
        // Not run, and hidden all the same.
        #expect(!(junit + text("out/run.tap") + text("out/ctrf.json") + text("out/run.json")).contains("hunter2"))
        let merged = try await CommandRun.krun(["report", "out/run.json", "--to", "tap=-"], in: folder.url)
        #expect(merged.output == text("out/run.tap"))
    }

    /// Who reads a pipe gets each line as it is written.
    @Test func aPipeIsWrittenToAsTheRunGoesOn() async throws {
        let run = try await CommandRun.run(
            URL(filePath: "/bin/sh"),
            [
                "-c",
                "mkfifo pipe; \"$0\" one.json three.json --compact --report tap=pipe > said & head -n 3 pipe; wait $!; echo $?",
                CommandRun.executable().path,
            ], in: folder.url)
        #expect(run.output.hasPrefix("TAP version 13\n# krun 0.1.0\nok 1 - one.json: one\n"))
    }
}
