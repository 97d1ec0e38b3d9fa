import KrunJSON
import Testing

@Suite(.timeLimit(.minutes(1)))
struct PlainJSONCursorTests {
    private func with<Result>(_ text: String, _ body: (inout PlainJSONCursor) -> Result) throws -> Result {
        let bytes = Array(text.utf8)
        return try bytes.withUnsafeBytes { bytes in
            var cursor = try #require(PlainJSONCursor(bytes))
            return body(&cursor)
        }
    }

    private func string(_ text: String) throws -> String? {
        try with(text) { cursor in
            var content = Array("before".utf8)
            guard let range = cursor.takeString(to: &content), cursor.isAtEnd() else { return nil }
            return String(decoding: content[range], as: UTF8.self)
        }
    }

    @Test func nothingHasNoCursor() {
        #expect(PlainJSONCursor(UnsafeRawBufferPointer(start: nil, count: 0)) == nil)
    }

    @Test(arguments: [
        (#""""#, ""), (#""a""#, "a"), (#"  "exactly8" "#, "exactly8"),
        (#""more than eight bytes""#, "more than eight bytes"),
        (#""\"\\\/\b\f\n\r\t\u00E9\u65e5\uD83D\ude00""#, "\"\\/\u{8}\u{C}\n\r\té日😀"), (#""12345é78é""#, "12345é78é"),
        ("\"\u{7F}\"", "\u{7F}"),
    ])
    func strings(_ text: String, _ content: String) throws {
        #expect(try string(text) == content)
    }

    @Test(arguments: [
        "a", "\"a", "\"", "\"\\", "\"\\\"", "\"a\tb\"", "\"1234567\u{1}\"", #""\x""#, #""\u00""#, #""\u0000""#,
        #""\ud83d""#,
        #""\ude00""#, #""\ud83d\u0041""#, #""\u00g0""#,
    ])
    func noStrings(_ text: String) throws {
        #expect(try string(text) == nil)
    }

    @Test func noUTF8NoString() {
        for bytes: [UInt8] in [[0xFF], [0xC3], [0xC3, 0x5C, 0x6E], [0xED, 0xA0, 0x80], [0xC0, 0x80]] {
            ([0x22] + bytes + [0x22]).withUnsafeBytes { bytes in
                var content: [UInt8] = []
                var cursor = PlainJSONCursor(bytes)
                #expect(cursor?.takeString(to: &content) == nil)
            }
        }
    }

    @Test(arguments: [
        ("0", 0 as Int64?), ("-1 ", -1), (" 123456789012345678", 123_456_789_012_345_678), ("-0", 0),
        ("1234567890123456789", nil), ("01", nil), ("-", nil), ("1.0", nil), ("1e3", nil), ("1E3", nil), ("+1", nil),
        ("", nil), ("a", nil),
    ])
    func integers(_ text: String, _ number: Int64?) throws {
        let read = try with(text + " ") { $0.takeInteger() }
        #expect(read == number)
    }

    @Test func namesAndMarks() throws {
        let read = try with(#" { "key" : null , "a"#) { cursor in
            [
                cursor.take(UInt8(ascii: "[")), cursor.take(UInt8(ascii: "{")),
                cursor.takeName().map { $0.elementsEqual("key".utf8) } ?? false, cursor.takeNull(),
                cursor.take(UInt8(ascii: ",")), cursor.takeName() != nil, cursor.isAtEnd(),
            ]
        }
        #expect(read == [false, true, true, true, true, false, true])
        #expect(try with(#""k\u0065y":1"#) { $0.takeName() == nil })
        #expect(try with(#""é":1"#) { $0.takeName() == nil })
        #expect(try with(#""key" 1"#) { $0.takeName() == nil })
        #expect(try with("nul") { !$0.takeNull() })
    }
}
