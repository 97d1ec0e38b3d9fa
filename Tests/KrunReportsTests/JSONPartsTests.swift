import KrunDiagnostics
import KrunJSON
import Testing

@testable import KrunReports

@Suite struct JSONPartsTests {
    /// The vectors of RFC 4648, section 10, and the last two letters of the alphabet.
    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"),
    ])
    func base64(_ text: String, _ encoded: String) {
        #expect(Base64.text(Array(text.utf8)) == encoded)
        #expect(Base64.text([0xFB, 0xFF]) == "+/8=")
    }

    @Test(arguments: [
        (Int64(0), "1970-01-01T00:00:00.000Z"), (1_709_208_000_007, "2024-02-29T12:00:00.007Z"),
        (951_782_399_999, "2000-02-28T23:59:59.999Z"), (-1, "1969-12-31T23:59:59.999Z"),
        (4_107_542_400_000, "2100-03-01T00:00:00.000Z"), (1_735_689_599_000, "2024-12-31T23:59:59.000Z"),
    ])
    func timestamps(_ milliseconds: Int64, _ text: String) {
        #expect(TimestampText.text(milliseconds: milliseconds) == text)
        #expect(TimestampText.milliseconds(text) == milliseconds)
    }

    @Test(arguments: [
        "", "2024-02-29", "2024-02-29T12:00:00Z", "2024-13-01T12:00:00.000Z", "2024-02-29T12:00:00.000Z ",
    ])
    func noTimestamps(_ text: String) {
        #expect(TimestampText.milliseconds(text) == nil)
    }

    @Test(arguments: [
        (Duration.zero, "0ms"), (.milliseconds(412), "412ms"), (.microseconds(12_300), "12.3ms"),
        (.microseconds(8_005), "8.005ms"), (.seconds(125), "125000ms"), (.microseconds(50), "0.05ms"),
    ])
    func durations(_ duration: Duration, _ text: String) {
        #expect(JSONValue.duration(duration).text(pretty: false) == "\"\(text)\"")
    }

    @Test func payloads() {
        #expect(JSONValue.payload(nil).text(pretty: false) == "null")
        #expect(JSONValue.payload([]).text(pretty: false) == #""""#)
        #expect(JSONValue.payload([0x61, 0x1B]).text(pretty: false) == #""a\u001B""#)
        #expect(JSONValue.payload([0xC3]).text(pretty: false) == #"{"base64":"ww=="}"#)
        #expect(JSONValue.payload([0x61, 0]).text(pretty: false) == #"{"base64":"YQA="}"#)
    }
}
