import KrunKafka
import KrunTools
import Testing

@testable import KrunTools

@Suite(.timeLimit(.minutes(1)))
struct RecordTextTests {
    private func line(
        topic: String? = nil, key: [UInt8]?, value: [UInt8]?, offset: Int64? = 12, headers: [RecordHeader] = []
    ) -> String {
        var line: [UInt8] = []
        func with(_ bytes: [UInt8]?, _ body: (UnsafeRawBufferPointer?) -> Void) {
            if let bytes { bytes.withUnsafeBytes { body($0) } } else { body(nil) }
        }
        with(key) { key in
            with(value) { value in
                RecordText.append(
                    topic: topic, partition: 3, offset: offset, key: key, value: value, headers: headers, to: &line)
            }
        }
        return String(decoding: line, as: UTF8.self)
    }

    @Test func aRecordIsALine() {
        #expect(
            line(key: Array("alice".utf8), value: Array("flat white".utf8))
                == "partition 3  offset 12  key alice  value flat white")
        #expect(
            line(topic: "orders", key: nil, value: nil, offset: nil)
                == "orders  partition 3  offset unknown  key (null)  value (null)")
    }

    @Test(arguments: [
        ("", "\"\""), (" a", "\" a\""), ("a ", "\"a \""), ("(null)", "\"(null)\""), ("(a)", "(a)"), ("0x1", "\"0x1\""),
        ("01", "01"), ("\"a", "\"\\\"a\""), ("a\tb", "\"a\\tb\""), ("a\nb", "\"a\\u000Ab\""), ("日本", "日本"),
    ])
    func textIsNotMistaken(_ text: String, _ shown: String) {
        #expect(line(key: nil, value: Array(text.utf8)) == "partition 3  offset 12  key (null)  value \(shown)")
    }

    @Test func bytesAreHexadecimal() {
        #expect(line(key: [0xFF, 0x0A], value: [0x61]) == "partition 3  offset 12  key 0xff0a  value a")
    }

    @Test func headersFollow() {
        let headers = [RecordHeader("source", Array("web".utf8)), RecordHeader("none", nil), RecordHeader("", [])]
        #expect(
            line(key: nil, value: [0x61], headers: headers)
                == "partition 3  offset 12  key (null)  value a  header source=web  header none=(null)  header \"\"=\"\""
        )
    }
}

@Suite(.timeLimit(.minutes(1)))
struct PlainBytesTests {
    private func appended(_ bytes: [UInt8], onTerminal: Bool) -> [UInt8] {
        var line = Array("> ".utf8)
        bytes.withUnsafeBytes { PlainBytes.append($0, onTerminal: onTerminal, to: &line) }
        return line
    }

    private static let hostile =
        Array("\u{1B}[2J a\tb\n\rå€😀\u{202E}\u{9B}\u{7F}".utf8) + [0x9B, 0xE2, 0x82, 0x41, 0, 0xFF]

    @Test func elsewhereTheyAreAsTheyAre() {
        #expect(appended(Self.hostile, onTerminal: false) == Array("> ".utf8) + Self.hostile)
    }

    @Test func nothingSteersATerminal() {
        let text = #"> \u001B[2J a"# + "\tb\n" + #"\u000Då€😀\u202E\u009B\u007F\x9B\xE2\x82A\u0000\xFF"#
        #expect(String(decoding: appended(Self.hostile, onTerminal: true), as: UTF8.self) == text)
        #expect(appended([], onTerminal: true) == Array("> ".utf8))
    }
}

@Suite(.timeLimit(.minutes(1)))
struct FormatStringTests {
    @Test func lettersAndEscapesAreRead() throws {
        #expect(
            try FormatString(#"%t/%p@%o %T %k(%K)=%s(%S) %h 100%%\n\t\\\x41"#).parts == [
                .topic, .text(Array("/".utf8)), .partition, .text(Array("@".utf8)), .offset, .text(Array(" ".utf8)),
                .timestamp, .text(Array(" ".utf8)), .key, .text(Array("(".utf8)), .keyLength, .text(Array(")=".utf8)),
                .value, .text(Array("(".utf8)), .valueLength, .text(Array(") ".utf8)), .headers,
                .text(Array(" 100%\n\t\\A".utf8)),
            ])
    }

    @Test(arguments: [
        ("%q", "%q means nothing; \(FormatString.letters)"),
        ("50%", "% at the end means nothing; \(FormatString.letters)"),
        (#"%s\q"#, #"\q means nothing; "# + FormatString.letters),
        (#"%s\"#, #"\ at the end means nothing; "# + FormatString.letters),
        (#"%s\x4"#, #"\x takes two hexadecimal digits"#),
    ])
    func mistakesAreTold(_ text: String, _ reason: String) {
        #expect(throws: FormatString.Problem(reason: reason)) { try FormatString(text) }
    }
}

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
