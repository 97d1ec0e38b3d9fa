import Foundation
import Testing

/// The course names each file in `scenarios/`, and no other, but for those of the cookbook, which names its own.
@Suite struct CourseTests {
    @Test func everyScenarioIsInTheCourse() throws {
        let named = try Self.named(in: "docs/course.md")
        let lessons = try Self.files().filter { !$0.hasPrefix("cookbook/") }
        #expect(named.sorted() == lessons)
    }

    @Test func everyScenarioOfTheCookbookAnswersAQuestion() throws {
        let named = try Self.named(in: "docs/cookbook.md")
        let files = try Self.files()
        #expect(named.subtracting(files).sorted() == [])
        let answers = files.filter { $0.hasPrefix("cookbook/") }
        #expect(answers.filter { !named.contains($0) } == [])
        #expect(answers.count >= 20)
    }

    /// The scenarios that a page links to, by their paths below `scenarios/`.
    private static func named(in page: String) throws -> Set<String> {
        let text = try String(contentsOf: Generated.root.appending(path: page), encoding: .utf8)
        return Set(text.matches(of: /\]\(\.\.\/scenarios\/([^)]*\.json)\)/).map { String($0.1) })
    }

    /// The files in `scenarios/`, by their paths below it.
    private static func files() throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: Generated.root.appending(path: "scenarios").path)
            .filter { $0.hasSuffix(".json") }.sorted()
    }
}
