import Testing

@testable import KrunPatterns

/// What regular expressions find, and what is said about those that are none.
@Suite("Patterns", .timeLimit(.minutes(3))) struct PatternTests {
    private static func finds(_ pattern: String, _ text: String) throws -> Bool {
        try Pattern(pattern).isFound(in: text, within: PatternBudget())
    }

    @Test(
        "what is found",
        arguments: [
            ("", ""), ("", "a"), ("a", "cab"), ("^a", "ab"), ("b$", "ab"), ("^$", ""), ("a.c", "abc"), ("a|b", "xb"),
            ("^(?:ab|cd)+$", "abcdab"), ("^a*$", "aaa"), ("^a*$", ""), ("^a+?$", "aa"), ("^ab?$", "a"),
            ("^a{2}$", "aa"),
            ("^a{2,}$", "aaaa"), ("^a{1,3}$", "aaa"), ("^a{,2}$", "a"), ("a{0}b", "b"), (#"^\d{3}-\d{4}$"#, "555-0199"),
            (#"^[a-f0-9]{8}$"#, "00ff12ab"), ("[^a]", "ab"), ("^[]a]+$", "]a"), ("^[a-]+$", "a-"),
            (#"^[\w.]+@\w+$"#, "a.b@c"),
            (#"\bcat\b"#, "a cat."), (#"\Bat"#, "cat"), (#"\s\S"#, " x"), (#"\D\W"#, "a-"), ("(?i)straße", "STRAßE"),
            ("(?i)é", "É"), ("a(?i)b", "aB"), ("(?i:a)b", "Ab"), ("(?s)a.b", "a\nb"), ("(?m)^b$", "a\nb\nc"),
            (#"\Aa\z"#, "a"), (#"a\Z"#, "a\n"), (#"\x41\u0042\x{43}"#, "ABC"), (#"\p{Lu}\p{L}\P{L}"#, "Éa1"),
            ("[[:digit:]]+", "7"), (#"^\{"id": \d+\}$"#, #"{"id": 12}"#), (#"^{"id":1}"#, #"{"id":1}"#),
            ("(?<year>[0-9]+)", "1999"),
            ("(?P<a>b)", "b"), ("(?#what it is)a", "a"), ("(a*)*b", "aab"), ("(a|aa)+$", "aaaaa"), ("(|a)+b", "b"),
            ("🙂+", "a🙂🙂"),
            ("x*", "y"), (#"[\]\\]"#, "\\"), (#"a\.b"#, "a.b"), ("a{", "a{"), ("a{b}", "a{b}"), (#"\t\n"#, "\t\n"),
        ])
    func found(_ pattern: String, _ text: String) throws {
        #expect(try Self.finds(pattern, text))
    }

    @Test(
        "what is not found",
        arguments: [
            ("a", ""), ("^a", "ba"), ("a$", "ab"), ("a$", "a\n"), ("a.c", "a\nc"), ("^a{2}$", "aaa"),
            ("^a{1,3}$", "aaaa"),
            ("[^a]", "aaa"), (#"\bcat\b"#, "concatenate"), ("(?i:a)b", "AB"), ("(?i)a(?-i)b", "aB"),
            ("a(?s:.)b.", "a\nb\n"),
            ("^b", "a\nb"), (#"\p{Lu}"#, "abc"), (#"[^\d]"#, "12"), ("(a|b){3}$", "ab"), ("é", "e\u{301}"),
            (#"\Z."#, "a"),
        ])
    func notFound(_ pattern: String, _ text: String) throws {
        #expect(try !Self.finds(pattern, text))
    }

    private static func fault(_ pattern: String) -> String {
        do throws(PatternFault) {
            _ = try Pattern(pattern)
            return "none"
        } catch {
            let scalars = Array(pattern.unicodeScalars)
            var found = String.UnicodeScalarView()
            found.append(contentsOf: scalars.dropFirst(error.offset).prefix(error.length))
            return "\(String(found).prefix(20)) <- \(error.label)"
        }
    }

    @Test(
        "what is wrong is told with its place",
        arguments: [
            ("a(b", "( <- expected a ) that closes this"), ("a)b", ") <- this ) closes nothing"),
            ("[a", "[ <- expected a ] that closes this"), ("*a", "* <- there is nothing to repeat before this"),
            ("a**", "* <- a repetition is repeated"), ("a*+", "*+ <- possessive repetition is not understood"),
            ("a(?=b)", "(?= <- looking ahead is not understood"),
            ("(?<!b)a", "(?<! <- looking behind is not understood"),
            (#"(a)\1"#, #"\1 <- a back reference is not understood"#),
            ("(?>a)", "(?> <- an atomic group is not understood"),
            ("a{1001}", "{1001} <- at most 1000 repetitions can be counted"),
            ("a{3,2}", "{3,2} <- the first number is above the second"),
            ("[z-a]", "z-a <- expected a range from a lower to a higher character"),
            ("[a&&b]", "&& <- && between sets is not understood"),
            ("[[a]]", "[ <- a set within a set is not understood"),
            (#"\q"#, #"\q <- this escape is not understood"#), ("a\\", "\\ <- expected a sign after the backslash"),
            (#"\p{Foo}"#, #"\p{Foo} <- expected a general category of Unicode in braces, such as {L}, {Lu} or {Nd}"#),
            ("(?x)a", "(?x <- expected one of i, m and s, or : for a group without a name"),
            (
                "((a{1000}){1000})",
                "((a{1000}){1000}) <- it is too large: with its repetitions written out it has more than 10000 parts"
            ),
        ])
    func faults(_ pattern: String, _ expected: String) {
        #expect(Self.fault(pattern) == expected)
    }

    @Test("no nesting and no length is more than it can bear")
    func depth() {
        #expect(Self.fault(String(repeating: "[", count: 2_100)) == "[ <- a set within a set is not understood")
        #expect(
            Self.fault(String(repeating: "(", count: 2_100))
                == "( <- groups are nested too deeply: more than 100 levels")
        for pattern in [String(repeating: "a", count: 90_000), String(repeating: "a|", count: 20_000)] {
            #expect(
                Self.fault(pattern).hasSuffix(
                    "it is too large: with its repetitions written out it has more than 10000 parts"))
        }
    }

    @Test("what is empty is not written out, however often it is repeated")
    func empty() throws {
        for pattern in [
            "((((){1000}){1000}){1000}){1000}", "(((a{0}){1000}){1000}){1000}", "((((?:)){1000}){1000}){1000}",
            "(((a{0}b{0}){1000}){1000}){1000}",
        ] {
            #expect(try Pattern(pattern).size == 1)
            #expect(try Self.finds(pattern, ""))
            #expect(try Self.finds("^x" + pattern + "y$", "xy"))
            #expect(try !Self.finds("^x" + pattern + "y$", "xay"))
        }
    }

    @Test("a text takes time in proportion to its length, whatever the pattern")
    func linear() throws {
        let text = String(repeating: "a", count: 4_000)
        for pattern in ["(a+)+$b", "(a|aa)+$b", "^(a?){30}a{30}b", "(.*)*x", "^(([a-z])+.)+[A-Z]([a-z])+$"] {
            #expect(try !Self.finds(pattern, text))
        }
    }

    @Test("looking stops when time is up, and when somebody wants the end")
    func budget() throws {
        let text = String(repeating: "a", count: 1_000_000)
        let pattern = try Pattern("(a{0,100}){0,20}b")
        let short = PatternBudget(.zero)
        #expect(throws: PatternBudget.Stop.outOfTime) { try pattern.isFound(in: text, within: short) }
        #expect(short.stop == .outOfTime)
        #expect(throws: PatternBudget.Stop.outOfTime) { try pattern.isFound(in: "b", within: short) }
        var looks = 0
        let interrupted = PatternBudget(.seconds(600)) {
            looks += 1
            return looks == 3
        }
        #expect(throws: PatternBudget.Stop.interrupted) { try pattern.isFound(in: text, within: interrupted) }
    }
}
