import Foundation
import Testing

/// `krun partition` on pipes, and what its documentation shows.
@Suite(.gated, .timeLimit(.minutes(10)))
struct PartitionCommandTests {
    /// All have been answered before the pipe ends, in much less memory than they take.
    @Test func millionsOfLinesAreNotHeld() async throws {
        let folder = try TemporaryFolder()
        // 64 MiB.
        let run = try await CommandRun.run(
            URL(filePath: "/bin/sh"),
            [
                "-c",
                """
                awk 'BEGIN { for (i = 0; i < 1024; i++) { s = s "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef" }
                    for (i = 0; i < 1024; i++) print i s; fflush(); system("sleep 3") }' |
                { exec 3<&0; "$0" partition -n 3 --partitioner murmur2 <&3 > out & pid=$!; sleep 0.1
                  while [ "$(grep -c . out)" -lt 1025 ] && kill -0 $pid; do sleep 0.1; done
                  if [ -r /proc/$pid/status ]; then grep VmHWM /proc/$pid/status; fi; wait $pid; }
                grep -c . out
                """, try CommandRun.executable().path,
            ], in: folder.url)
        #expect(run.error == "")
        let lines = run.output.split(separator: "\n")
        // The titles, and all keys.
        #expect(lines.last == "1025")
        #if os(Linux)
            let peak = try #require(
                lines.first?.firstMatch(of: /VmHWM:\s+(\d+) kB/).flatMap { Int($0.1) }, "\(run.output)")
            // What was read is 64 MiB, beside the 30 that krun takes.
            #expect(peak < 60_000)
        #endif
    }

    @Test func theDocumentationShowsWhatItSays() async throws {
        let page = try String(
            contentsOf: LessonTests.documents.appending(path: "partitioning.md"), encoding: .utf8)
        let parts = page.components(separatedBy: "$ krun partition alice bob -n 6,12\n")
        try #require(parts.count == 2)
        let shown = try #require(parts[1].components(separatedBy: "```\n").first)
        let folder = try TemporaryFolder()
        let run = try await CommandRun.krun(["partition", "alice", "bob", "-n", "6,12"], in: folder.url)
        #expect(run.output == shown)
        let json = try await CommandRun.krun(
            ["partition", "bob", "-n", "6,12", "--partitioner", "fnv1a", "--output", "json"], in: folder.url)
        #expect(page.contains(json.output))
    }
}
