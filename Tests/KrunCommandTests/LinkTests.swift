import Foundation
import KrunBroker
import Testing

/// Links that whoever wrote the scenarios may have chosen: nothing is shown of what they lead to, and nothing is written through them unasked.
@Suite(.gated, .timeLimit(.minutes(10)))
struct LinkTests {
    private static let secret = "AWS_SECRET_ACCESS_KEY = wJalrXUtnFEMI\n"
    private static let notes = """
          = a link leads to it from elsewhere, so nothing of what stands there is shown
          = name the file itself, not the link, to see what is wrong with it

        """

    private let folder: TemporaryFolder
    private let work: URL

    /// A folder `work` with one of scenarios, and beside it what is nobody's business.
    init() throws {
        folder = try TemporaryFolder()
        work = folder.url.appending(path: "work")
        try FileManager.default.createDirectory(
            at: work.appending(path: "sc"), withIntermediateDirectories: true)
        let home = folder.url.appending(path: "home")
        try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
        try Data(Self.secret.utf8).write(to: home.appending(path: "credentials"))
        try Data(Self.secret.utf8).write(to: home.appending(path: "steps.json"))
        try Data(#"{ "steps": [ AWS_SECRET ] }"#.utf8).write(to: home.appending(path: "scenario.json"))
    }

    private func link(_ path: String, to target: String) throws {
        try FileManager.default.createSymbolicLink(
            atPath: work.appending(path: path).path, withDestinationPath: target)
    }

    private func krun(_ arguments: String...) async throws -> CommandRun {
        let run = try await CommandRun.krun(
            arguments, in: work, environment: ["AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI"])
        #expect(!(run.output + run.error).contains("AWS_SECRET"))
        #expect(!(run.output + run.error).contains("wJalr"))
        return run
    }

    @Test(arguments: ["../../home/credentials", "/proc/self/environ"])
    func aFileThatIsNamed(_ target: String) async throws {
        try link("sc/x.json", to: target)
        let run = try await krun("check", "sc/x.json")
        #expect(run.error == "error: sc/x.json is no scenario that can be used\n\(Self.notes)\n")
        #expect(run.output == "1 file checked: 1 error in 1\n")
        #expect(run.exitCode == 2)
        #expect(try await krun("sc/x.json").exitCode == 2)
        #expect(try await krun("check", work.path + "/sc/../sc/x.json").exitCode == 2)
    }

    @Test func aFolderThatIsALink() async throws {
        try link("scenarios", to: "../home")
        let named = try await krun("check", "scenarios/credentials")
        #expect(named.error == "error: scenarios/credentials is no scenario that can be used\n\(Self.notes)\n")
        let all = try await krun("check", "scenarios")
        #expect(
            all.error == """
                passed over 1 file without "steps": scenarios/steps.json
                error: scenarios/scenario.json is no scenario that can be used
                \(Self.notes)

                """)
        #expect(all.exitCode == 2)
    }

    @Test func aFileOfVariables() async throws {
        try link("variables.json", to: "../home/credentials")
        let run = try await krun("check", "sc", "--variables-file", "variables.json")
        #expect(run.error == "error: variables.json is no file of variables that can be used\n\(Self.notes)")
        #expect(run.exitCode == 2)
    }

    /// Inside its folder a link is as good as a name.
    @Test func aLinkThatStays() async throws {
        try Data("{ x }".utf8).write(to: work.appending(path: "sc/real.json"))
        try link("sc/x.json", to: "real.json")
        let run = try await CommandRun.krun(["check", "sc/x.json"], in: work)
        #expect(run.error.contains(" --> sc/x.json:1:3\n"))
        #expect(run.error.contains("1 | { x }\n"))
    }

    @Test func recordingDoesNotReplaceWhatALinkLeadsTo() async throws {
        let cluster = try EmbeddedCluster(ClusterOptions(brokers: 1))
        try cluster.createTopic("orders", partitions: 1)
        let target = folder.url.appending(path: "home/credentials")
        try link("out.json", to: "../home/credentials")
        try link("new.json", to: "../home/new")
        let record = ["record", "--topic", "orders", "--brokers", cluster.bootstrapServers]
        let run = try await CommandRun.krun(record + ["-o", "out.json"], in: work)
        #expect(run.error == "error: out.json is there already\n  = --force replaces it\n")
        #expect(run.exitCode == 1)
        #expect(try String(contentsOf: target, encoding: .utf8) == Self.secret)
        let new = try await CommandRun.krun(record + ["-o", "new.json"], in: work)
        #expect(
            new.error == """
                error: new.json is a link to a file that is not there
                  = --force makes the file that it leads to

                """)
        #expect(new.exitCode == 1)
        let forced = try await CommandRun.krun(record + ["-o", "out.json", "--force"], in: work)
        #expect(forced.exitCode == 0)
        #expect(try String(contentsOf: target, encoding: .utf8).hasPrefix("{"))
        cluster.close()
    }
}
