import KrunDiagnostics
import Testing

@Suite struct DiagnosticTextTests {
    private func place(
        _ excerpt: String, _ column: Int, _ length: Int = 1, line: Int = 14, from excerptColumn: Int = 1,
        cut: Bool = false
    ) -> Place {
        Place(
            file: "scenarios/orders.json", line: line, column: column, length: length, path: "$", excerpt: excerpt,
            excerptColumn: excerptColumn, isExcerptCut: cut)
    }

    private func text(_ diagnostic: Diagnostic) -> String {
        DiagnosticText(style: .plain).text(diagnostic)
    }

    private static let placement = Diagnostic(
        .failure, #"key "alice" is on another partition than expected"#,
        at: Place(
            file: "scenarios/orders.json", line: 14, column: 39, length: 1,
            path: "$.steps[1].expect.keys.alice.partition",
            excerpt: #"    "keys": { "alice": { "partition": 2 } }"#),
        context: .init(activity: "consume orders as baristas", position: "step 2 of 3"), label: "actual: 0",
        notes: [
            #"murmur2("alice") = 0x74504595, mod 3 = 0 with partitioner murmur2_random"#,
            "consistent_random (crc32) would have given 2: is that what produced the value you expected?",
        ])

    @Test func everythingThereIs() {
        #expect(
            text(Self.placement) == #"""
                error: key "alice" is on another partition than expected
                  --> scenarios/orders.json:14:39
                   |
                   | consume orders as baristas                                   step 2 of 3
                14 |     "keys": { "alice": { "partition": 2 } }
                   |                                       ^ actual: 0
                   |
                   = murmur2("alice") = 0x74504595, mod 3 = 0 with partitioner murmur2_random
                   = consistent_random (crc32) would have given 2: is that what produced the value you expected?
                """#)
    }

    @Test func everythingInColour() {
        let expected = #"""
            <1><31>error:<0><0> <1>key "alice" is on another partition than expected<0>
              <34>--><0> <36>scenarios/orders.json:14:39<0>
               <34>|<0>
               <34>|<0> consume orders as baristas                                   step 2 of 3
            <34>14<0> <34>|<0>     "keys": { "alice": { "partition": 2 } }
               <34>|<0>                                       <31>^ actual: 0<0>
               <34>|<0>
               <34>=<0> murmur2("alice") = 0x74504595, mod 3 = 0 with partitioner murmur2_random
               <34>=<0> consistent_random (crc32) would have given 2: is that what produced the value you expected?
            """#
        let coloured = DiagnosticText(style: .colour).text(Self.placement)
        #expect(visible(coloured) == expected)
    }

    @Test func aWarningIsYellow() {
        let warning = Diagnostic(.warning, "the topic orders is never read", at: place("x", 1), label: "here")
        #expect(
            text(warning) == """
                warning: the topic orders is never read
                  --> scenarios/orders.json:14:1
                   |
                14 | x
                   | ^ here
                """)
        #expect(
            visible(DiagnosticText(style: .colour).text(warning)) == """
                <1><33>warning:<0><0> <1>the topic orders is never read<0>
                  <34>--><0> <36>scenarios/orders.json:14:1<0>
                   <34>|<0>
                <34>14<0> <34>|<0> x
                   <34>|<0> <33>^ here<0>
                """)
    }

    /// Escape sequences as `<31>`, so that expected texts can be read.
    private func visible(_ text: String) -> String {
        text.split(separator: "\u{1B}[", omittingEmptySubsequences: false).enumerated().map { position, part in
            guard position > 0, let end = part.firstIndex(of: "m") else { return String(part) }
            return "<\(part[..<end])>\(part[part.index(after: end)...])"
        }.joined()
    }

    @Test func withoutAPlaceThereAreTitleAndNotes() {
        let diagnostic = Diagnostic(
            .usage, "there is no command rnu", context: .init(activity: "a", position: "b"), label: "x",
            notes: ["did you mean run?", "krun --help lists all"])
        #expect(
            text(diagnostic) == """
                error: there is no command rnu
                  = did you mean run?
                  = krun --help lists all
                """)
        #expect(text(Diagnostic(.usage, "there is nothing to run")) == "error: there is nothing to run")
    }

    @Test func anEmptyFileHasNoLineToShow() {
        let empty = Place(file: "a.json", line: 1, column: 1, length: 1, path: "", excerpt: "")
        #expect(
            text(Diagnostic(.invalid, "the file is empty", at: empty, notes: ["write {}"])) == """
                error: the file is empty
                 --> a.json:1:1
                  = write {}
                """)
        #expect(
            text(Diagnostic(.invalid, "something is missing", at: empty, label: "here")) == """
                error: something is missing
                 --> a.json:1:1
                  |
                1 |
                  | ^ here
                """)
    }

    @Test func theGutterIsAsWideAsTheLineNumber() {
        #expect(
            text(Diagnostic(.invalid, "t", at: place("[1 2]", 3, line: 1234), notes: ["n"])) == """
                error: t
                    --> scenarios/orders.json:1234:3
                     |
                1234 | [1 2]
                     |   ^
                     |
                     = n
                """)
    }

    @Test func aLongActivityKeepsTwoSpacesFromItsPosition() {
        let activity = "consume " + String(repeating: "o", count: 60)
        let diagnostic = Diagnostic(
            .failure, "t", at: place("x", 1), context: .init(activity: activity, position: "step 2 of 3"))
        #expect(
            text(diagnostic) == """
                error: t
                  --> scenarios/orders.json:14:1
                   |
                   | \(activity)  step 2 of 3
                14 | x
                   | ^
                """)
    }

    @Test func severalLinesAreIndented() {
        let diagnostic = Diagnostic(
            .failure, "t", at: place("\"a\": 1", 6), label: "expected 1\nor 2",
            notes: ["first\r\nsecond\n\nfourth", "next"])
        #expect(
            text(diagnostic) == """
                error: t
                  --> scenarios/orders.json:14:6
                   |
                14 | "a": 1
                   |      ^ expected 1
                   |        or 2
                   |
                   = first
                     second

                     fourth
                   = next
                """)
    }

    /// The line that is shown and the line of carets below, without their margins.
    private func shown(_ place: Place) -> [Substring] {
        text(Diagnostic(.invalid, "t", at: place)).split(separator: "\n").suffix(2).map { $0.dropFirst(5) }
    }

    @Test func caretsCountCells() {
        #expect(shown(place("\t\t\"key\": 1", 3, 5)) == ["  \"key\": 1", "  ^^^^^"])
        #expect(shown(place("\"日本\" x", 2, 2)) == ["\"日本\" x", " ^^^^"])
        #expect(shown(place("\"日本\" x", 6)) == ["\"日本\" x", "       ^"])
        #expect(shown(place("\"😀\" x", 5)) == ["\"😀\" x", "     ^"])
        #expect(shown(place("\"e\u{301}\" x", 6)) == ["\"e\u{301}\" x", "    ^"])
        #expect(shown(place("\"🇩🇪\" x", 6)) == ["\"🇩🇪\" x", "     ^"])
        #expect(shown(place("한글ｱＡ x", 6)) == ["한글ｱＡ x", "        ^"])
        #expect(shown(place("a\u{301}b", 2)) == ["a\u{301}b", " ^"])
    }

    @Test func aPlaceBehindTheEndOfTheLineIsShown() {
        #expect(shown(place("{ \"a\": 1", 9)) == ["{ \"a\": 1", "        ^"])
        #expect(shown(place("ab", 2, 100)) == ["ab", " ^"])
    }

    @Test func aShortenedLineIsMarked() {
        #expect(shown(place("1,2,x,3", 105, from: 101, cut: true)) == ["…1,2,x,3…", "     ^"])
        #expect(shown(place("1,2,x,3", 5, cut: true)) == ["1,2,x,3…", "    ^"])
        #expect(shown(place("1,2,x,3", 105, 50, from: 101)) == ["…1,2,x,3", "     ^^^"])
    }

    @Test func nothingSteersTheTerminal() {
        let nasty = "a\u{1B}[31m\u{7}\u{9B}\u{202E}\u{FEFF}\u{2028}\u{E0041}"
        let escaped = #"a\u001B[31m\u0007\u009B\u202E\uFEFF\u2028\u{E0041}"#
        var place = place(nasty, 2, 1, line: 3)
        place.file = nasty
        let diagnostic = Diagnostic(
            .invalid, nasty + "\n\t", at: place, context: .init(activity: nasty + "\n", position: nasty),
            label: nasty, notes: [nasty + "\t."])
        #expect(
            text(diagnostic) == #"""
                error: \#(escaped)\u000A 
                 --> \#(escaped):3:2
                  |
                  | \#(escaped)\u000A  \#(escaped)
                3 | \#(escaped)
                  |  ^^^^^^ \#(escaped)
                  |
                  = \#(escaped) .
                """#)
    }
}
