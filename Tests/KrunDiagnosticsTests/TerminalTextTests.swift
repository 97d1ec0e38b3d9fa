import KrunDiagnostics
import Testing

@Suite struct TerminalTextTests {
    @Test(arguments: [
        ("plain ~", "plain ~"), ("größe 日本 😀 e\u{301}", "größe 日本 😀 e\u{301}"), ("a\tb", "a b"),
        ("a\r\nb", #"a\u000D\u000Ab"#), ("\u{0}\u{7F}\u{85}", #"\u0000\u007F\u0085"#),
        ("\u{200B}\u{2066}\u{AD}", #"\u200B\u2066\u00AD"#), ("👩\u{200D}💻", "👩\u{200D}💻"),
    ])
    func textIsMadeSafe(_ text: String, _ expected: String) {
        #expect(TerminalText.safe(text).unicodeScalars.elementsEqual(expected.unicodeScalars))
    }

    @Test(arguments: [
        ("", 0), ("abc", 3), ("é", 1), ("e\u{301}", 1), ("日本", 4), ("한", 2), ("\u{1112}\u{1161}\u{11AB}", 2), ("ｱ", 1),
        ("Ａ", 2), ("😀", 2), ("✓✗…→", 4), ("⌚", 2), ("🇩🇪", 2), ("𠀀", 2), ("\u{200D}", 0),
    ])
    func cellsAreCounted(_ text: String, _ expected: Int) {
        #expect(TerminalText.cells(text) == expected)
    }

    @Test func stylesWrapText() {
        #expect(TextStyle.plain.bold(TextStyle.plain.red("x")) == "x")
        let style = TextStyle.colour
        #expect(style.bold("x") == "\u{1B}[1mx\u{1B}[0m")
        #expect(
            [style.dim("x"), style.red("x"), style.green("x"), style.yellow("x"), style.blue("x"), style.cyan("x")]
                == [2, 31, 32, 33, 34, 36].map { "\u{1B}[\($0)mx\u{1B}[0m" })
        #expect(style.red("") == "")
    }
}
