import Testing

@testable import KrunDiagnostics

/// Diagnostics in a terminal of some width: the caret stands under what it points to, whatever is left out.
@Suite struct DiagnosticWidthTests {
    private static let line =
        #"    { "consume": "orders", "group": "billing", "expect": { "keys": { "客户-alice": { "partition": 2 }, "bob": { "partition": 1 } } } }"#

    private func diagnostic(_ part: String, label: String, notes: [String] = []) throws -> Diagnostic {
        let range = try #require(Self.line.firstRange(of: part))
        let column = Self.line[..<range.lowerBound].unicodeScalars.count + 1
        return Diagnostic(
            .failure, "key \"客户-alice\" is on another partition than expected, and so is its friend",
            at: Place(
                file: "orders.json", line: 14, column: column, length: part.unicodeScalars.count, path: "$",
                excerpt: Self.line, excerptColumn: 1, isExcerptCut: false),
            context: .init(activity: "consume orders as billing", position: "step 2 of 3"), label: label, notes: notes)
    }

    @Test func atSixtyColumns() throws {
        let text = DiagnosticText(style: .plain, width: 60).text(
            try diagnostic(
                "客户-alice", label: "actual: 0",
                notes: ["murmur2(\"客户-alice\") = 0x74504595, mod 3 = 0 with partitioner murmur2_random"]))
        #expect(
            text == """
                error: key "客户-alice" is on another partition than
                  expected, and so is its friend
                  --> orders.json:14:71
                   |
                   | consume orders as billing                   step 2 of 3
                14 | …ing", "expect": { "keys": { "客户-alice": { "partiti…
                   |                               ^^^^^^^^^^ actual: 0
                   |
                   = murmur2("客户-alice") = 0x74504595, mod 3 = 0 with
                     partitioner murmur2_random
                """)
    }

    @Test func atEightyColumns() throws {
        let text = DiagnosticText(style: .plain, width: 80).text(
            try diagnostic("\"partition\": 1", label: "actual: 2, where it is not expected at all"))
        #expect(
            text == """
                error: key "客户-alice" is on another partition than expected, and so is its
                  friend
                  --> orders.json:14:111
                   |
                   | consume orders as billing                                    step 2 of 3
                14 | …ys": { "客户-alice": { "partition": 2 }, "bob": { "partition": 1 } } } }
                   |                                                    ^^^^^^^^^^^^^^
                   |                                  actual: 2, where it is not expected at all
                """)
    }

    @Test func atTwoHundredColumnsItIsAsInAFile() throws {
        let whole = try diagnostic("2", label: "actual: 0", notes: ["why"])
        #expect(
            DiagnosticText(style: .plain, width: 200).text(whole) == DiagnosticText(style: .plain).text(whole))
    }

    /// Whatever the width, no line is wider, and what stands above the caret is what it points to.
    @Test(arguments: [30, 40, 60, 80, 100, 133, 200])
    func theCaretPointsAtTheSame(_ width: Int) throws {
        let scalars = Array(Self.line.unicodeScalars)
        for start in scalars.indices {
            for length in [1, 3, 20] where start + length <= scalars.count {
                let place = Place(
                    file: "o.json", line: 7, column: start + 1, length: length, path: "$", excerpt: Self.line,
                    excerptColumn: 1, isExcerptCut: false)
                let text = DiagnosticText(style: .plain, width: width).text(
                    Diagnostic(.failure, "not so", at: place, label: "here"))
                let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
                #expect(lines.allSatisfy { TerminalText.cells($0) <= width }, "\(start) \(length)\n\(text)")
                let source = try #require(lines.first { $0.hasPrefix("7 |") })
                let carets = try #require(lines.first { $0.contains("^") })
                let before = TerminalText.cells(String(carets.prefix { $0 != "^" }))
                var cells = 0
                let pointed = source.unicodeScalars.drop { scalar in
                    defer { cells += TerminalText.cells(String(scalar)) }
                    return cells < before
                }
                #expect(pointed.first == scalars[start], "\(start) \(length)\n\(text)")
            }
        }
    }
}
