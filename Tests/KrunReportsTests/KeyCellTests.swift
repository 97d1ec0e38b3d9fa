import Testing

@testable import KrunReports

/// A key in a table cannot act on the terminal, nor be mistaken for another.
@Suite struct KeyCellTests {
    @Test(arguments: [
        ("alice", "alice"), ("", "\"\""), ("(null)", "\"(null)\""), ("0xff", "0xff"), (" padded ", "\" padded \""),
        ("\"quoted\"", #""\"quoted\"""#), ("a\u{1b}[2Jb", "\"a\\u001B[2Jb\""), ("two\nlines", #""two\nlines""#),
        (#"a\b"#, #"a\b"#), ("a\\\t", #""a\\\t""#), ("\u{E0041}", #""\uDB40\uDC41""#),
        (#"{"hex":"00"}"#, #""{\"hex\":\"00\"}""#),
        ("ab\u{202e}cd", "\"ab\\u202Ecd\""), ("a\tb", "\"a\\tb\""), ("咖啡", "咖啡"), ("👩‍💻", "👩‍💻"),
        ("{\"id\":1}", "{\"id\":1}"),
    ])
    func keys(_ key: String, _ text: String) {
        #expect(KeyCell.text(Array(key.utf8)) == text)
    }

    /// No string of a scenario can be these.
    @Test func aKeyThatIsNoTextIsShownAsAFileSaysIt() {
        #expect(KeyCell.text([0xFF, 0x00, 0x0A]) == #"{"hex":"ff000a"}"#)
        #expect(KeyCell.text([0, 0, 0, 0, 0, 0, 0, 42]) == #"{"hex":"000000000000002a"}"#)
    }

    @Test func longKeysAreShortened() {
        let letters = Array(repeating: UInt8(ascii: "k"), count: 60)
        #expect(KeyCell.text(letters) == String(repeating: "k", count: 39) + "…")
        #expect(
            KeyCell.text(Array(repeating: 0xFF, count: 60)) == #"{"hex":""# + String(repeating: "f", count: 40)
                + #"…"}"#)
    }
}
