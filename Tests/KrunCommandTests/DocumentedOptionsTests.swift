import Foundation
import Testing

/// What the pages about running many and the examples of CI servers tell to type are commands and options that there are.
@Suite(.gated, .timeLimit(.minutes(10)))
struct DocumentedOptionsTests {
    private static let repository = Fixture.tests.deletingLastPathComponent()

    @Test(arguments: [
        "docs/running.md", "docs/habits.md", "docs/topics-and-groups.md", "docs/recording.md", "docs/services.md",
        "docs/ci.md", "docs/ci/github.yml", "docs/ci/gitlab-ci.yml", "docs/ci/Jenkinsfile", "docs/ci/k8s-job.yaml",
        "packaging/action/run.sh", "packaging/gitlab/krun.gitlab-ci.yml",
    ])
    func commandsTakeTheOptionsThatAreShown(_ name: String) async throws {
        let help = try await CommandHelp.read()
        let page = try String(contentsOf: Self.repository.appending(path: name), encoding: .utf8)
            // A list of words in YAML is a command line, too.
            .replacing(#"command: ["krun", "#, with: "krun ")
            // The action and the template run what they are told here.
            .replacing("  arguments: --", with: "  krun run --").replacing("KRUN_ARGUMENTS: --", with: "krun run --")
            .replacing(#"", ""#, with: " ").replacing("\"", with: "")
        var checked = 0
        for command in page.matches(of: /\bkrun ([a-z][^`'#\n]*)/) {
            // What is behind -- is another command's.
            let words = command.1.split { " ,[]".contains($0) }.map(String.init).prefix { $0 != "--" }
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
        let page = try String(contentsOf: Self.repository.appending(path: "docs/running.md"), encoding: .utf8)
        let run = try #require(help.options["run"])
        let others = try #require(help.options["check"]).union(try #require(help.options["topics list"]))
        let elsewhere: Set<String> = ["--accept", "--keep", "--embedded"]
        let missing = run.subtracting(others).subtracting(elsewhere).filter { !page.contains($0) }
        #expect(missing == [])
    }
}
