import Testing

@testable import KrunReports

/// Nothing that a scenario or a message says can act on the terminal or be mistaken for something else.
@Suite struct VisibleTextTests {
    @Test(arguments: [
        ("alice", "alice"), ("", "\"\""), ("(null)", "\"(null)\""), ("0xff", "\"0xff\""), (" padded ", "\" padded \""),
        ("\"quoted\"", "\"\"quoted\"\""), ("a\u{1b}[2Jb", "\"a\\u{1b}[2Jb\""), ("two\nlines", "\"two\\nlines\""),
        ("ab\u{202e}cd", "\"ab\\u{202e}cd\""), ("咖啡", "咖啡"), ("👩‍💻", "👩‍💻"),
        ("{\"id\":1}", "{\"id\":1}"),
    ])
    func keys(_ key: String, _ text: String) {
        #expect(VisibleText.key(Array(key.utf8)) == text)
    }

    @Test func aKeyThatIsNotUTF8IsHexadecimal() {
        #expect(VisibleText.key([0xFF, 0x00, 0x0A]) == "0xff000a")
    }

    @Test func longKeysAreShortened() {
        let letters = Array(repeating: UInt8(ascii: "k"), count: 60)
        #expect(VisibleText.key(letters) == String(repeating: "k", count: 39) + "…")
        #expect(VisibleText.key(Array(repeating: 0xFF, count: 60)) == "0x" + String(repeating: "f", count: 37) + "…")
    }

    @Test(arguments: [("abc", 3), ("咖啡", 4), ("é", 1), ("e\u{301}", 1), ("☕️", 2), ("👩‍💻", 2), ("…", 1)])
    func widths(_ text: String, _ width: Int) {
        #expect(VisibleText.width(text) == width)
    }
}
