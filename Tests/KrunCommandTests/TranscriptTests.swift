import Foundation
import KrunBroker
import Testing

/// Whole conversations with krun, compared whole with what is kept in `Tests/Transcripts`; `KRUN_RECORD=1` writes them instead.
@Suite(.gated, .timeLimit(.minutes(10)))
struct TranscriptTests {
    static let root = Fixture.root.deletingLastPathComponent().appending(path: "Transcripts")

    /// Never empty: without the folder there is a name that fails.
    static let names: [String] = {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: root.path)) ?? []
        let found = names.filter { !$0.hasPrefix(".") }.sorted()
        return found.isEmpty ? ["none-found"] : found
    }()

    @Test(arguments: names)
    func conversationsAreAsKept(_ name: String) async throws {
        let folder = Self.root.appending(path: name)
        let file = folder.appending(path: "transcript")
        let kept = String(decoding: try Data(contentsOf: file), as: UTF8.self)
        let scratch = try TemporaryFolder()
        let here = scratch.url.appending(path: "here")
        // Its files, and not their owner, whom only root may name.
        try FileManager.default.createDirectory(at: here, withIntermediateDirectories: false)
        for file in try FileManager.default.contentsOfDirectory(atPath: folder.path) where file != "transcript" {
            let copy = here.appending(path: file)
            try Data(contentsOf: folder.appending(path: file)).write(to: copy)
            let attributes = try FileManager.default.attributesOfItem(atPath: folder.appending(path: file).path)
            try FileManager.default.setAttributes(
                attributes.filter { $0.key == .posixPermissions }, ofItemAtPath: copy.path)
        }

        var transcript = Transcript(kept)
        let cluster = try transcript.brokers.map { try EmbeddedCluster(ClusterOptions(brokers: $0)) }
        defer { cluster?.close() }
        let programs = try CommandRun.executable().deletingLastPathComponent().path
        var environment = ["PATH": "\(programs):\(ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin")"]
        environment["KRUN_BROKERS"] = cluster?.bootstrapServers
        for (index, entry) in transcript.entries.enumerated() {
            guard case .command(let command, _) = entry else { continue }
            let run = try await CommandRun.run(
                URL(filePath: "/bin/sh"), ["-c", command], in: here, environment: environment)
            transcript.entries[index] = .command(command, saying: Transcript.saying(run))
        }
        guard transcript.text != kept else { return }
        if CommandLineTests.isRecording {
            try Data(transcript.text.utf8).write(to: file)
            Issue.record("wrote \(name)/transcript")
            return
        }
        Issue.record("\(name)/transcript differs; expected:\n\(kept)\nactual:\n\(transcript.text)")
    }
}
