import Foundation
import Testing

/// A file of secrets on the command line, and what of it is shown.
@Suite("A file of secrets", .timeLimit(.minutes(2))) struct SecretsFileTests {
    private static let scenario = """
        { "name": "test", "secrets": ["token"], "topics": [{ "name": "orders" }],
          "steps": [{ "produce": "orders", "messages": [{ "key": "{{token}}" }], "expect": { "messages": 2 } }] }
        """

    @Test("one that others may read is used, with a warning", arguments: [0o600, 0o640, 0o604])
    func mode(_ mode: Int) async throws {
        let folder = try TemporaryFolder()
        try Data(Self.scenario.utf8).write(to: folder.url.appending(path: "s.json"))
        let secrets = folder.url.appending(path: "secrets.json")
        try Data(#"{ "token": "hunter2-hunter2" }"#.utf8).write(to: secrets)
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: secrets.path)
        let run = try await CommandRun.krun(
            ["run", "s.json", "--secrets-file", "secrets.json", "--report", "json=report.json", "-v"], in: folder.url)
        #expect(run.exitCode == 4)
        let report = try String(contentsOf: folder.url.appending(path: "report.json"), encoding: .utf8)
        #expect(!(run.output + run.error + report).contains("hunter2"))
        #expect(report.contains("\"***\""))
        #expect(
            run.error.contains(
                """
                warning: secrets.json is a file of secrets that others on this machine may read or change
                  = chmod 600 leaves it to you
                """) == (mode != 0o600))
    }

    @Test("it is none of a folder's scenarios, and no report replaces it")
    func input() async throws {
        let folder = try TemporaryFolder()
        try Data(Self.scenario.utf8).write(to: folder.url.appending(path: "s.json"))
        try Data(#"{ "token": "hunter2-hunter2", "steps": "hunter3" }"#.utf8)
            .write(to: folder.url.appending(path: "secrets.json"))
        let check = try await CommandRun.krun(["check", ".", "--secrets-file", "secrets.json"], in: folder.url)
        #expect(check.exitCode == 0)
        #expect(check.output == "1 file checked: nothing is wrong\n")
        let run = try await CommandRun.krun(
            ["run", "s.json", "--secrets-file", "secrets.json", "--report", "json=secrets.json"], in: folder.url)
        #expect(run.exitCode == 1)
        #expect(run.error.contains("it is one of the files that are read"))
    }
}
