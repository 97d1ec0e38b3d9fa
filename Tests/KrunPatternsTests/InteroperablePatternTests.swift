import Testing

@testable import KrunPatterns

/// I-Regexp, RFC 9485: what matches, and what is no such expression.
@Suite(.timeLimit(.minutes(1))) struct InteroperablePatternTests {
    private static func matches(_ pattern: String, _ text: String) throws -> Bool {
        try InteroperablePattern(pattern, matchesWhole: true).isFound(in: text, within: PatternBudget())
    }

    @Test(arguments: [
        ("", ""), ("a", "a"), ("a|b|", ""), ("(ab)+", "abab"), ("a?b*c+", "cc"), ("a{2}", "aa"), ("a{2,}", "aaaa"),
        ("a{1,2}", "aa"), ("a{0}b", "b"), (".", "x"), (".", "\u{2028}"), (".", "\u{85}"), (".", "🙂"), ("[a-c]", "b"),
        ("[^a-c]", "d"), ("[-a]", "-"), ("[a-]", "-"), ("[^-a]", "b"), (#"[\-\]]+"#, "]-"), (#"[.*+?]"#, "*"),
        (#"\."#, "."), (#"\n\r\t"#, "\n\r\t"), (#"\p{Lu}\P{Lu}"#, "Éa"), (#"[\p{Nd}x]+"#, "7x٣"), (#"\p{L}"#, "日"),
        ("^a$", "a"), (#"\$"#, "$"), ("a|b", "b"), ("é", "é"), ("&~#,-", "&~#,-"), (#"\^\|\(\)\{\}\[\\"#, "^|(){}[\\"),
    ])
    func found(_ pattern: String, _ text: String) throws {
        #expect(try Self.matches(pattern, text))
    }

    @Test(arguments: [
        ("a", ""), ("a", "ab"), ("a", "ba"), ("a|b", "ab"), (".", "\n"), (".", "\r"), (".", ""), ("[^a]", ""),
        ("a{2}", "aaa"),
        (#"\p{Lu}"#, "a"), ("é", "e\u{301}"), ("A", "a"),
    ])
    func notFound(_ pattern: String, _ text: String) throws {
        #expect(try !Self.matches(pattern, text))
    }

    @Test func anywhere() throws {
        let pattern = try InteroperablePattern("b+|^c", matchesWhole: false)
        for (text, isFound) in [("abba", true), ("ca", true), ("ac", false), ("", false)] {
            #expect(try pattern.isFound(in: text, within: PatternBudget()) == isFound)
        }
    }

    @Test(arguments: [
        (#"a\d"#, #"1+2 <- I-Regexp has no such escape"#), (#"\w"#, "0+2 <- I-Regexp has no such escape"),
        (#"\b"#, "0+2 <- I-Regexp has no such escape"), (#"\u0041"#, "0+2 <- I-Regexp has no such escape"),
        ("(?:a)", "0+2 <- I-Regexp has one kind of group only"), ("(a", "0+1 <- expected a ) that closes this"),
        ("a)", "1+1 <- this ) closes nothing"), ("[a", "0+1 <- expected a ] that closes this"),
        ("[]", "0+1 <- expected what the brackets hold"), ("[^]", "0+1 <- expected what the brackets hold"),
        ("[a-c-e]", "4+1 <- a - here says nothing"),
        ("[c-a]", "1+3 <- expected a range from a lower to a higher character"),
        ("[[a]]", "1+1 <- a set within a set is not understood"),
        ("*a", "0+1 <- there is nothing to repeat before this"),
        ("a|+", "2+1 <- there is nothing to repeat before this"), ("a**", "2+1 <- a repetition is repeated"),
        ("a+?", "2+1 <- a repetition is repeated"), ("a{", "1+1 <- expected {n}, {n,} or {n,m}"),
        ("a{,2}", "1+1 <- expected {n}, {n,} or {n,m}"), ("a{2,1}", "1+5 <- the first number is above the second"),
        ("a}", "1+1 <- this } closes nothing"), ("a]", "1+1 <- this ] closes nothing"),
        ("\\", "0+1 <- expected a sign after the backslash"),
        (#"\p{Xx}"#, "0+6 <- expected a general category of Unicode in braces, such as {L}, {Lu} or {Nd}"),
        (#"\p{Cs}"#, "0+6 <- expected a general category of Unicode in braces, such as {L}, {Lu} or {Nd}"),
        (#"\pL"#, "0+2 <- expected a general category of Unicode in braces, such as {L}, {Lu} or {Nd}"),
    ])
    func faults(_ pattern: String, _ expected: String) {
        do throws(PatternFault) {
            _ = try InteroperablePattern(pattern, matchesWhole: true)
            Issue.record("\(pattern) was read")
        } catch {
            #expect("\(error.offset)+\(error.length) <- \(error.label)" == expected)
        }
    }

    @Test func bounds() throws {
        let deep = String(repeating: "(", count: 101) + String(repeating: ")", count: 101)
        for pattern in ["(a{999}){999}", "a{99999999999999999999}", deep, String(repeating: "a", count: 100_000)] {
            #expect(throws: PatternFault.self) { try InteroperablePattern(pattern, matchesWhole: false) }
        }
        let slow = try InteroperablePattern("((a{0,40}){0,40})*b", matchesWhole: false)
        let budget = PatternBudget(.milliseconds(20))
        #expect(throws: PatternBudget.Stop.outOfTime) {
            try slow.isFound(in: String(repeating: "a", count: 100_000), within: budget)
        }
    }
}
