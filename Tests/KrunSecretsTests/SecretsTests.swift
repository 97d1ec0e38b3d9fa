import KrunSecrets
import Testing

/// What is hidden, in which forms, and what is not.
@Suite("Secrets") struct SecretsTests {
    private let secrets = Secrets(["p\"a\\ss\nwö😀rd"])

    @Test(
        "a secret is found as it is and escaped",
        arguments: [
            "p\"a\\ss\nwö😀rd", #"p\"a\\ss\nwö😀rd"#, #"p\u0022a\u005Css\u000aw\u00f6\uD83D\ude00rd"#,
            #"p\\\"a\\\\ss\\nw\\u00F6\\uD83D\\uDE00rd"#, #"p\"a\\ss\u000Aw\u{F6}\u{1F600}rd"#,
            "p%22a%5Css%0Aw%C3%B6%F0%9F%98%80rd", "p%22a%5css%0aw%c3%b6%f0%9f%98%80rd",
        ])
    func escaped(_ form: String) {
        #expect(secrets.masked("x \(form) y") == "x *** y")
        #expect(secrets.masked(Array("x\(form)".utf8)) == Array("x***".utf8))
    }

    @Test("where each of its letters is escaped it is found too, also the letter of escapes")
    func allEscaped() {
        #expect(Secrets(["nu\\utu"]).masked(#"<\u006e\u0075\u005c\u0075\u0074\u0075>"#) == "<***>")
        #expect(Secrets(["uuuu"]).masked(#"<\u{75}\u{75}u\u0075>"#) == "<***>")
    }

    @Test(
        "a secret is found in base64 wherever it begins, with the signs that have some bits of it, and in hex",
        arguments: [
            ("aHVudGVyMi0+Pz4=", "***="), ("eGh1bnRlcjItPj8+", "e***"), ("eHhodW50ZXIyLT4/Pg==", "eH***=="),
            ("eHhodW50ZXIyLT4_Pg", "eH***"), ("aHVudGVy\r\nMi0+Pz4=", "***="),
            ("aHVudGVyMi0+Pz4hISE=", "***hISE="), ("0068756e746572322d3e3f3e00", "00***00"),
            ("68756E746572322D3E3F3E", "***"),
        ])
    func encoded(_ text: String, _ masked: String) {
        #expect(Secrets(["hunter2->?>"]).masked(text) == masked)
    }

    @Test(
        "what is cut is hidden as far as it is there",
        arguments: [
            ("key \"my-long-sec…\"", "key \"***…\""), ("…secret-value\" then", "…***\" then"),
            ("…long-sec…", "…***…"), ("6d792d6c6f6e67…", "***…"), ("bXktbG9uZy…", "***…"), ("my…", "my…"),
            ("…me", "…me"), ("my-long-sec", "my-long-sec"),
        ])
    func cut(_ text: String, _ masked: String) {
        #expect(Secrets(["my-long-secret-value"]).masked(text) == masked)
    }

    @Test("at the end of a text that may have been longer, a secret may be cut")
    func cutEnd() {
        let secrets = Secrets(["my-long-secret-value"])
        #expect(secrets.masked("login: my-long-sec", isCut: true) == "login: ***")
        #expect(secrets.masked("login: my-long-sec") == "login: my-long-sec")
    }

    @Test("at the beginning of one, too, and behind a line's beginning that is not shown")
    func cutBeginning() {
        let secrets = Secrets(["my-long-secret-value"])
        #expect(secrets.masked("t-value, x", isCutBefore: true) == "***, x")
        #expect(secrets.masked("t-value, x") == "t-value, x")
        #expect(secrets.masked("long-sec", isCut: true, isCutBefore: true) == "***")
        #expect(secrets.masked("6c7565", isCutBefore: true) == "6c7565", "three letters tell nothing")
        #expect(secrets.masked("76616c7565\"", isCutBefore: true) == "***\"")
        #expect(secrets.masked("dmFsdWU=", isCutBefore: true) == "***=")
    }

    @Test(
        "within an escape, what is left of it is hidden too",
        arguments: [
            (#"p\u00e4ss\u00…"#, "***…"), (#"p\u00e4ss\…"#, "***…"), (#"päss\"w\ud83d\ude…"#, "***…"),
            ("p%C3%A4ss%2…", "***…"), (#"…0e4ss\"w\ud83d\ude00rd-and"#, "…***"), (#"…e00rd-and"#, "…***"),
            (#"…ude00rd-and more"#, "…*** more"), (#"…%80rd-and"#, "…***"),
        ])
    func cutEscape(_ text: String, _ masked: String) {
        #expect(Secrets(["päss\"w😀rd-and"]).masked(text) == masked)
    }

    @Test("of secrets that overlap, or are parts of others, nothing stays")
    func overlapping() {
        #expect(Secrets(["abcdef", "defghij"]).masked("-abcdefghij-") == "-***-")
        #expect(
            Secrets(["hunter", "hunter2"]).masked("login with hunter2, key with hunter")
                == "login with ***, key with ***")
        #expect(Secrets(["aaaa"]).masked("aaaaaaa b aaaa") == "*** b ***")
        #expect(Secrets(["abcd", "efgh"]).masked("abcdefgh") == "******")
    }

    @Test("where nothing is to be hidden nothing changes")
    func nothing() {
        #expect(Secrets.none.masked("abc…") == "abc…")
        #expect(Secrets([""]).isEmpty)
        #expect(secrets.masked("p\"a\\ss\nword") == "p\"a\\ss\nword")
        #expect(secrets.masked([0xFF, 0, 0x70]) == [0xFF, 0, 0x70])
    }

    @Test("printing them shows none")
    func printing() {
        let secrets = Secrets(["hunter2"])
        var dumped = ""
        dump(secrets, to: &dumped)
        #expect("\(secrets) \(String(reflecting: secrets)) \(dumped)".contains("hunter2") == false)
        #expect("\(secrets)" == "secrets: 1")
        #expect(Secrets(["hunter2"]).union(Secrets(["wonderland"])) == Secrets(["wonderland", "hunter2"]))
    }
}
