import Foundation
import Testing

@testable import krun

/// `krun watch` runs on every save, whichever way a file is saved, and says what changed.
@Suite(.gated, .timeLimit(.minutes(10)))
struct WatchTests {
    private static func scenario(expecting messages: Int) -> String {
        """
        {
          "name": "Orders arrive",
          "topics": [{ "name": "orders", "partitions": 1 }],
          "steps": [{ "produce": "orders", "messages": { "file": "data.jsonl" }, "expect": { "messages": \(messages) } }]
        }

        """
    }

    @Test func itRunsOnEverySave() async throws {
        let folder = try TemporaryFolder()
        let file = folder.url.appending(path: "a.json")
        let data = folder.url.appending(path: "data.jsonl")
        try Data("{\"value\":\"1\"}\n".utf8).write(to: data)
        try Data(Self.scenario(expecting: 1).utf8).write(to: file)
        let watch = try Terminal("krun watch a.json --compact", in: folder.url)
        defer { watch.send(SIGKILL) }
        let first = Volatile.normalised(try await watch.read(until: "Ctrl+C ends it"))
        #expect(first.hasSuffix("\n1 scenario: 1 passed (<time>)\nwatching 2 files in 1 folder; Ctrl+C ends it\n"))

        // A file that the scenario reads counts, and what is appended is a save.
        let handle = try FileHandle(forWritingTo: data)
        try handle.seekToEnd()
        try handle.write(contentsOf: Data("{\"value\":\"2\"}\n".utf8))
        try handle.close()
        #expect(
            Volatile.normalised(try await watch.read(until: "    step 1:")) == """

                ── data.jsonl was saved

                embedded broker, 3 brokers at 127.0.0.1:<port> (default; --brokers host:port for a real Kafka)

                ✗ a.json  Orders arrive  (<time>)
                ✗ 1  produce orders  2 messages to 1 partition, murmur2_random  <time>
                  invariants: 8 not judged (no-loss, no-duplicates, offset-order, single-owner, assigned-only, commit-not-ahead: nothing was read; key-affinity, per-key-order: no message with a key was placed on orders by the partitioner)

                error: another number of messages was acknowledged than expected
                 --> a.json:4:98
                  |
                  | produce orders                                                step 1 of 1
                4 |   "steps": [{ "produce": "orders", "messages": { "file": "data.jsonl" }, "expect": { "messages": 1 } }]
                  |                                                                                                  ^ actual: 2

                1 scenario: 1 failed (<time>)
                changed:
                  a.json  Orders arrive: passed → failed
                    step 1: messages 1 → 2, nullKey.messages 1 → 2, partitions.0.messages 1 → 2, partitions.0.last 0 → 1

                """)

        // A broken file is told, and forgets nothing.
        try Data("{".utf8).write(to: file)
        #expect(try await watch.read(until: "1 invalid").contains("error: the object is not closed"))

        // Another file that takes its place is a save, too.
        let new = folder.url.appending(path: "new.tmp")
        try Data(Self.scenario(expecting: 2).utf8).write(to: new)
        #expect(rename(new.path, file.path) == 0)
        let mended = try await watch.read(until: "Orders arrive: failed → passed")
        #expect(mended.contains("── a.json was saved\n"))

        // The same once more changes nothing.
        try Data(Self.scenario(expecting: 2).utf8).write(to: file)
        _ = try await watch.read(until: "changed: nothing")

        watch.send(SIGINT)
        let end = try await watch.end()
        #expect(end.text == "" && end.exitCode == 0)
    }

    /// What was drawn is drawn again, so that it is no change; and Ctrl+C while a scenario runs is an interruption.
    @Test func anInterruptedRunIsOne() async throws {
        let folder = try TemporaryFolder()
        let file = folder.url.appending(path: "a.json")
        func save(_ pause: String) throws {
            let text = """
                { "name": "A number", "topics": [{ "name": "numbers", "partitions": 1 }],
                  "steps": [{ "produce": "numbers", "count": 1, "value": "{{random 1 1000000000}}",
                              "expect": { "messages": 1 } }, { "pause": "\(pause)" }] }
                """
            try Data(text.utf8).write(to: file)
        }
        try save("1ms")
        let watch = try Terminal("krun watch .", in: folder.url)
        defer { watch.send(SIGKILL) }
        let first = try await watch.read(until: "Ctrl+C ends it")
        let seed = try #require(first.firstMatch(of: #/seed (\d+) /#)?.1)
        try save("2ms")
        let second = try await watch.read(until: "changed: nothing")
        #expect(second.contains("seed \(seed) "))
        try save("60s")
        _ = try await watch.read(until: "── a.json was saved")
        // It pauses once the line before is told; whichever part of the run the signal meets, it is an interruption.
        try await Task.sleep(for: .milliseconds(300))
        watch.send(SIGINT)
        let end = try await watch.end()
        #expect(end.exitCode == 130)
        #expect(end.text.contains("1 scenario: 1 interrupted"))
    }
}

/// Which files are watched, and what makes two states of them different.
@Suite struct WatchedFilesTests {
    @Test func whatIsNamedCounts() throws {
        let scratch = try TemporaryFolder()
        let root = scratch.url.path
        func make(_ name: String, _ text: String = "") throws {
            let url = scratch.url.appending(path: name)
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: url)
        }
        for name in [
            "a.json", "data/b.csv", "told.log", "s/c.json", "s/t/d.json", "s/report.json", "s/.e.json", "s/f.txt",
        ] {
            try make(name)
        }
        var files = WatchedFiles(
            paths: ["\(root)/a.json", "\(root)/s"], others: ["\(root)/absent.properties"],
            excluding: ["\(root)/s/report.json"])
        files.read = ["\(root)/data/b.csv", "\(root)/data/absent.csv"]
        let first = files.snapshot()
        #expect(
            first.files.keys.sorted() == ["a.json", "data/b.csv", "s/c.json", "s/t/d.json"].map { "\(root)/\($0)" })
        #expect(first.folders == [root, "\(root)/data", "\(root)/s", "\(root)/s/t"])
        #expect(files.sentence(first) == "4 files in 4 folders")
        #expect(files.snapshot() == first)

        try make("data/b.csv", "longer")
        try make("absent.properties")
        let second = files.snapshot()
        #expect(
            WatchedFiles.sentence(ofChangesFrom: first, to: second)
                == "\(root)/absent.properties and 1 more were saved")
        try FileManager.default.removeItem(at: scratch.url.appending(path: "data"))
        #expect(
            WatchedFiles.sentence(ofChangesFrom: second, to: files.snapshot()) == "\(root)/data/b.csv was deleted")
    }
}
