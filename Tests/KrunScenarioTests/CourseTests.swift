import Foundation
import Testing

/// The course names each file in `scenarios/`, and no other.
@Suite struct CourseTests {
    @Test func everyScenarioIsInTheCourse() throws {
        let root = Generated.root
        let text = try String(contentsOf: root.appending(path: "docs/course.md"), encoding: .utf8)
        let named = text.matches(of: /\]\(\.\.\/scenarios\/([^)]*\.json)\)/).map { String($0.1) }
        let files = try FileManager.default.subpathsOfDirectory(atPath: root.appending(path: "scenarios").path)
            .filter { $0.hasSuffix(".json") }
        #expect(Set(named).sorted() == files.sorted())
    }
}
