import KrunTools
import Testing

@Suite(.timeLimit(.minutes(1)))
struct RecordLineTests {
    private func text(_ bytes: [UInt8]?) -> String {
        var line: [UInt8] = []
        if let bytes {
            bytes.withUnsafeBytes { RecordLine.append($0, to: &line) }
        } else {
            RecordLine.append(nil, to: &line)
        }
        return String(decoding: line, as: UTF8.self)
    }

    @Test(arguments: [
        ("", #""""#), ("alice", #""alice""#), (#"a "b" \c"#, #""a \"b\" \\c""#), ("a\nb\r\tc", #""a\nb\r\tc""#),
        ("\u{1B}\u{7F}", #""\u001b\u007f""#), ("日本 é", #""日本 é""#), ("\r\n", #""\r\n""#),
        ("\u{85}\u{9B}2J", #""\u0085\u009b2J""#), ("a\u{202E}b\u{200B}c", #""a\u202eb\u200bc""#),
        ("\u{2028}\u{1D173}", #""\u2028\ud834\udd73""#), ("👩\u{200D}🚀 한", "\"👩\u{200D}🚀 한\""),
    ])
    func textIsAString(_ payload: String, _ json: String) {
        #expect(text(Array(payload.utf8)) == json)
    }

    @Test func whatIsNoTextIsBase64() {
        #expect(text([0xFF, 0xFE]) == #"{"base64":"//4="}"#)
        // Strings of the language must not have a NUL.
        #expect(text([0x61, 0]) == #"{"base64":"YQA="}"#)
    }

    @Test func nothingIsNull() {
        #expect(text(nil) == "null")
    }
}
