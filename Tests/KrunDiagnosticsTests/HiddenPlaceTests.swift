import KrunDiagnostics
import KrunSecrets
import Testing

/// A line of a file with a secret in it, as diagnostics show it.
@Suite("Secrets in lines of files") struct HiddenPlaceTests {
    private let secrets = Secrets(["correct-horse-battery"])

    private func shown(
        _ excerpt: String, _ column: Int, _ length: Int, from start: Int = 1, cut: Bool = false, width: Int? = nil
    ) -> String {
        let place = Place(
            file: "a.json", line: 1, column: column, length: length, path: "$", excerpt: excerpt,
            excerptColumn: start, isExcerptCut: cut)
        let diagnostic = Diagnostic(.failure, "no", at: place, label: "here").masked(by: secrets)
        return DiagnosticText(style: .plain, width: width).text(diagnostic)
            .split(separator: "\n").dropFirst(3).joined(separator: "\n")
    }

    @Test("what is left of it at either end of a part of a line is hidden")
    func cut() {
        #expect(
            shown("rse-battery\", \"n\": 7, \"s\": \"correct-horse-b", 118, 1, from: 100, cut: true) == """
                1 | …***", "n": 7, "s": "***…
                  |            ^ here
                """)
        #expect(
            shown("horse-batte", 110, 1, from: 105, cut: true) == """
                1 | …***…
                  |     ^ here
                """)
        #expect(
            shown("7273652d6261747465727922, 7, \"Y29ycmVjdC1ob3", 126, 1, from: 100, cut: true) == """
                1 | …***22, 7, "***…
                  |         ^ here
                """)
    }

    @Test("the carets are under what is shown, as many as that has signs, and the column is the file's")
    func carets() throws {
        #expect(
            shown("{ \"t\": \"correct-horse-battery\", \"n\": 7 }", 38, 1) == """
                1 | { "t": "***", "n": 7 }
                  |                    ^ here
                """)
        #expect(
            shown("{ \"t\": \"correct-horse-battery\", \"n\": 7 }", 8, 23) == """
                1 | { "t": "***", "n": 7 }
                  |        ^^^^^ here
                """)
        let place = Place(
            file: "a.json", line: 1, column: 38, length: 1, path: "$",
            excerpt: "{ \"t\": \"correct-horse-battery\", \"n\": 7 }")
        let masked = try #require(Diagnostic(.failure, "no", at: place).masked(by: secrets).place)
        #expect([masked.column, masked.length, masked.excerptColumn] == [38, 1, 1])
    }
}
