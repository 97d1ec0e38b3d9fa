import Foundation
import Testing

/// What the page about plans shows is what krun says.
@Suite struct PlanPageTests {
    @Test func theExampleIsReal() async throws {
        let root = Fixture.tests.deletingLastPathComponent()
        let page = try String(contentsOf: root.appending(path: "docs/plan.md"), encoding: .utf8)
        let block = try #require(page.firstMatch(of: /```\n\$ krun (plan [^\n]+)\n(.*?)```/.dotMatchesNewlines()))
        let run = try await CommandRun.krun(block.1.split(separator: " ").map(String.init), in: root)
        #expect(run.output == String(block.2))
        #expect(run.error == "")
        #expect(run.exitCode == 0)
    }
}
