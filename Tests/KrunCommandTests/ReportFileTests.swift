import Foundation
import Testing

/// Where `--report json=FILE` writes, and what becomes of what was there.
@Suite(.gated, .timeLimit(.minutes(10)))
struct ReportFileTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        // Runs without a broker, and needs none.
        try Data("{}".utf8).write(to: folder.url.appending(path: "scenario.json"))
    }

    @Test func aLinkIsFollowed() async throws {
        let (link, target) = (folder.url.appending(path: "link"), folder.url.appending(path: "target"))
        try Data("old".utf8).write(to: target)
        try FileManager.default.createSymbolicLink(atPath: link.path, withDestinationPath: "target")
        let run = try await krun("link")
        #expect(run.exitCode == 2)
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link.path) == "target")
        #expect(try String(contentsOf: target, encoding: .utf8).hasPrefix("{"))
    }

    @Test func aLinkToNowhereIsFollowed() async throws {
        let (link, target) = (folder.url.appending(path: "link"), folder.url.appending(path: "target"))
        try FileManager.default.createSymbolicLink(atPath: link.path, withDestinationPath: "target")
        _ = try await krun("link")
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link.path) == "target")
        #expect(try String(contentsOf: target, encoding: .utf8).hasPrefix("{"))
    }

    /// Whoever wrote what is checked out may have chosen where it leads.
    @Test(arguments: ["../outside/target", "../outside/new", "folder/target"])
    func aLinkToElsewhereIsNotFollowed(_ path: String) async throws {
        let outside = folder.url.deletingLastPathComponent().appending(path: "outside-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: outside, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: outside) }
        try Data("old".utf8).write(to: outside.appending(path: "target"))
        let isFolder = path == "folder/target"
        try FileManager.default.createSymbolicLink(
            atPath: folder.url.appending(path: isFolder ? "folder" : "link").path,
            withDestinationPath: isFolder
                ? outside.path : path.replacing("../outside", with: "../\(outside.lastPathComponent)"))
        let name = isFolder ? path : "link"
        let run = try await krun(name)
        #expect(
            run.error == """
                error: cannot write the report \(name)
                  = a link leads from there to a file elsewhere, which would be replaced
                  = name the file that is meant, not the link

                """)
        #expect(run.exitCode == 1)
        #expect(try String(contentsOf: outside.appending(path: "target"), encoding: .utf8) == "old")
        #expect(try FileManager.default.contentsOfDirectory(atPath: outside.path) == ["target"])
    }

    @Test func otherFilesThatAreReadAreNotOverwritten() async throws {
        for (name, option) in [("variables.json", "--variables-file"), ("client.properties", "--config")] {
            let file = folder.url.appending(path: name)
            let text = option == "--config" ? "linger.ms=5\n" : "{}"
            try Data(text.utf8).write(to: file)
            let run = try await CommandRun.krun(
                ["scenario.json", option, name, "--report", "json=\(name)"], in: folder.url)
            #expect(
                run.error
                    == "error: cannot write the report \(name)\n  = it is one of the files that are read\n")
            #expect(run.exitCode == 1)
            #expect(try String(contentsOf: file, encoding: .utf8) == text)
        }
    }

    @Test func aPipeIsWrittenInPlace() async throws {
        let pipe = folder.url.appending(path: "pipe")
        try #require(mkfifo(pipe.path, 0o600) == 0)
        // For reading and writing, so that opening does not wait.
        let reader = open(pipe.path, O_RDWR | O_NONBLOCK)
        try #require(reader >= 0)
        defer { close(reader) }
        let run = try await krun("pipe")
        #expect(run.exitCode == 2)
        var first: UInt8 = 0
        #expect(read(reader, &first, 1) == 1)
        #expect(first == UInt8(ascii: "{"))
        #expect(try type(of: pipe) != .typeRegular)
    }

    @Test func aReportThatCannotBeWrittenHidesNoVerdict() async throws {
        // Always there, and takes nothing.
        guard FileManager.default.fileExists(atPath: "/dev/full") else { return }
        let run = try await krun("/dev/full")
        #expect(run.error == "error: cannot write the report /dev/full\n  = No space left on device\n")
        #expect(run.exitCode == 2)
        #expect(try type(of: URL(filePath: "/dev/full")) == .typeCharacterSpecial)
    }

    /// What only its owner could read stays so; a new one is as the process makes files.
    @Test func theModeStays() async throws {
        let report = folder.url.appending(path: "report")
        try Data("old".utf8).write(to: report)
        for mode in [0o600, 0o640, 0o664] {
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: report.path)
            _ = try await krun("report")
            let attributes = try FileManager.default.attributesOfItem(atPath: report.path)
            #expect(attributes[.posixPermissions] as? Int == mode)
            #expect(try String(contentsOf: report, encoding: .utf8).hasPrefix("{"))
        }
        let run = try await CommandRun.run(
            URL(filePath: "/bin/sh"),
            ["-c", "umask 027; \"$0\" scenario.json --report json=new", CommandRun.executable().path], in: folder.url)
        #expect(run.exitCode == 2)
        let attributes = try FileManager.default.attributesOfItem(atPath: folder.url.appending(path: "new").path)
        #expect(attributes[.posixPermissions] as? Int == 0o640)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder.url.path).sorted() == [
                "new", "report", "scenario.json",
            ])
    }

    /// By whatever name.
    @Test(arguments: ["scenario.json", "./scenario.json", "link", "hard"])
    func aScenarioThatIsRunIsNotOverwritten(_ name: String) async throws {
        let scenario = folder.url.appending(path: "scenario.json")
        if name == "link" {
            try FileManager.default.createSymbolicLink(
                atPath: folder.url.appending(path: name).path, withDestinationPath: "scenario.json")
        }
        if name == "hard" {
            try FileManager.default.linkItem(at: scenario, to: folder.url.appending(path: name))
        }
        let run = try await krun(name)
        let note =
            name == "scenario.json"
            ? "it is one of the files that are run" : "it is scenario.json, one of the files that are run"
        #expect(run.error == "error: cannot write the report \(name)\n  = \(note)\n")
        #expect(run.exitCode == 1)
        #expect(try String(contentsOf: scenario, encoding: .utf8) == "{}")
    }

    private func krun(_ report: String) async throws -> CommandRun {
        try await CommandRun.krun(["scenario.json", "--report", "json=\(report)"], in: folder.url)
    }

    private func type(of url: URL) throws -> FileAttributeType? {
        try FileManager.default.attributesOfItem(atPath: url.path)[.type] as? FileAttributeType
    }
}
