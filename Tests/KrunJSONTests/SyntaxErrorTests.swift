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

// MARK: - Brackets

extension SyntaxErrorTests {
    static let brackets: [Example] = [
        // Brackets.
        Example(
            "{\n  \"a\": [1, 2",
            """
            2:8+1 $.a: the array is not closed
            ^ its ] is missing
            = the file ends in line 2
            """),
        Example(
            "{",
            """
            1:1+1 $: the object is not closed
            ^ its } is missing
            = the file ends in line 1
            """),
        Example(
            "{ \"a\"",
            """
            1:1+1 $: the object is not closed
            ^ its } is missing
            = the file ends in line 1
            """),
        Example(
            "{ \"a\":",
            """
            1:1+1 $: the object is not closed
            ^ its } is missing
            = the file ends in line 1
            """),
        Example(
            "{ \"a\": 1,",
            """
            1:1+1 $: the object is not closed
            ^ its } is missing
            = the file ends in line 1
            """),
        Example(
            "[",
            """
            1:1+1 $: the array is not closed
            ^ its ] is missing
            = the file ends in line 1
            """),
        Example(
            "[1, 2}",
            """
            1:6+1 $: the array is closed by }
            ^ ] is expected here
            = the array begins in line 1, column 1
            """),
        Example(
            "[\n1,\n  { \"a\": 1 ]",
            """
            3:12+1 $[1]: the object is closed by ]
            ^ } is expected here
            = the object begins in line 3, column 3
            """),
        Example(
            "[}",
            """
            1:2+1 $: the array is closed by }
            ^ ] is expected here
            = the array begins in line 1, column 1
            """),
        Example(
            "{} {}",
            """
            1:4+1 $: there is text after the end of the JSON value
            ^ the end of the file is expected here
            = the value of the file ends in line 1; a file holds one value
            """),
        Example(
            "{}}",
            """
            1:3+1 $: this } closes nothing
            ^ remove it
            = the value of the file ends in line 1
            """),
        Example(
            "[1]]",
            """
            1:4+1 $: this ] closes nothing
            ^ remove it
            = the value of the file ends in line 1
            """),
        Example(
            "1 x",
            """
            1:3+1 $: there is text after the end of the JSON value
            ^ the end of the file is expected here
            = the value of the file ends in line 1; a file holds one value
            """),
        Example(
            "]",
            """
            1:1+1 $: ] is not expected here
            ^ a value is expected
            """),
    ]
}
