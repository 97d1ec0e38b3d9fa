import Foundation
import Testing

/// What the pages about running many and the examples of CI servers tell to type are commands and options that there are.
@Suite(.gated, .timeLimit(.minutes(10)))
struct DocumentedOptionsTests {
    private static let documents = Fixture.tests.deletingLastPathComponent().appending(path: "docs")

    @Test(arguments: [
        "running.md", "habits.md", "topics-and-groups.md", "recording.md", "ci.md", "ci/github.yml", "ci/gitlab-ci.yml",
        "ci/Jenkinsfile", "ci/k8s-job.yaml",
    ])
    func commandsTakeTheOptionsThatAreShown(_ name: String) async throws {
        let help = try await CommandHelp.read()
        let page = try String(contentsOf: Self.documents.appending(path: name), encoding: .utf8)
            // A list of words in YAML is a command line, too.
            .replacing(#"command: ["krun", "#, with: "krun ").replacing(#"", ""#, with: " ").replacing("\"", with: "")
        var checked = 0
        for command in page.matches(of: /\bkrun ([a-z][^`'#\n]*)/) {
            let words = command.1.split { " ,[]".contains($0) }.map(String.init)
            let options = words.filter { $0.hasPrefix("--") }
            guard let first = words.first, !options.isEmpty else { continue }
            let path = ["\(first) \(words.dropFirst().first ?? "")", first].first { help.options[$0] != nil } ?? "run"
            for option in options {
                checked += 1
                #expect(help.options[path]?.contains(option) == true, "\(name): krun \(path) takes no \(option)")
            }
        }
        #expect(checked > 0)
    }

    /// Each option that only runs have stands on their page.
    @Test func thePageHasEveryOption() async throws {
        let help = try await CommandHelp.read()
        let page = try String(contentsOf: Self.documents.appending(path: "running.md"), encoding: .utf8)
        let run = try #require(help.options["run"])
        let others = try #require(help.options["check"]).union(try #require(help.options["topics list"]))
        let elsewhere: Set<String> = ["--accept", "--keep", "--embedded"]
        let missing = run.subtracting(others).subtracting(elsewhere).filter { !page.contains($0) }
        #expect(missing == [])
    }
}
