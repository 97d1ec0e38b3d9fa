import KrunDiagnostics
import KrunJSON
import Testing

/// Every way to get JSON wrong that has a sentence of its own: its text and its place.
@Suite struct SyntaxErrorTests {
    struct Example: CustomTestStringConvertible {
        var text: String
        /// As `summary` writes it.
        var summary: String

        init(_ text: String, _ summary: String) {
            self.text = text
            self.summary = summary
        }

        var testDescription: String { text.debugDescription }
    }

    @Test(arguments: examples)
    func everyMistakeIsExplained(_ example: Example) {
        #expect(summary(Array(example.text.utf8)) == example.summary)
    }

    static let examples = brackets + commas + words + strings
}
