import KrunDiagnostics
import KrunJSON
import Testing

/// Numbers are compared as they are written, not as a machine can hold them.
@Suite(.timeLimit(.minutes(1))) struct NumberTests {
    private func number(_ text: String) -> JSONNumber? { JSONNumber(Array(text.utf8)[...]) }

    @Test(arguments: [
        ("1", "1.0"), ("1", "1e0"), ("1", "10e-1"), ("1", "0.1E+1"), ("100", "1e2"), ("0.1", "0.10"), ("-0", "0"),
        ("0", "0.000e5"), ("0e-7", "-0.0"), ("-1.50", "-15e-1"), ("0.001", "1e-3"), ("12.3400", "1234e-2"),
        ("1e400", "10e399"), ("1e-400", "0.1e-399"), ("9223372036854775808", "9223372036854775808.0"),
        ("1e1000000000000", "0.01e1000000000002"),
    ])
    func same(_ a: String, _ b: String) throws {
        let (a, b) = (try #require(number(a)), try #require(number(b)))
        #expect(a == b && b == a && !(a < b) && !(b < a))
    }

    @Test(arguments: [
        ("9007199254740992", "9007199254740993"), ("9007199254740992.0", "9007199254740993"), ("1e400", "1e401"),
        ("1e-401", "1e-400"), ("-1", "0"), ("-2", "-1"), ("-1", "1"), ("0", "1e-300"), ("-1e-300", "0"), ("9", "10"),
        ("0.1", "0.10000000000000000001"), ("99.9", "100"), ("-100", "-99.9"),
        ("9223372036854775807", "9223372036854775808"),
        ("1", "1.0000000000000000000000000001"), ("0.09", "0.1"), ("5e1", "5.1e1"), ("-1e401", "-1e400"),
        ("2e999999999999", "1e1000000000000"),
    ])
    func below(_ a: String, _ b: String) throws {
        let (a, b) = (try #require(number(a)), try #require(number(b)))
        #expect(a != b && a < b && !(b < a))
    }

    @Test(arguments: [
        "", "-", "+1", "01", "-01", "1.", ".1", "1e", "1e+", "1 ", " 1", "1a", "0x1", "1.2.3", "NaN", "1e1.0", "--1",
    ])
    func none(_ text: String) {
        #expect(number(text) == nil)
    }

    @Test(arguments: [0, 1, -1, 10, 9_007_199_254_740_993, .max, .min] as [Int64])
    func integers(_ integer: Int64) {
        #expect(JSONNumber(integer) == number("\(integer)"))
        #expect(JSONNumber(integer) == number("\(integer).0"))
    }

    @Test func millionsOfDigits() throws {
        let ones = String(repeating: "1", count: 1_000_000)
        #expect(try #require(number(ones + "1")) < #require(number(ones + "2")))
        #expect(number("0." + String(repeating: "0", count: 1_000_000) + "1") == number("1e-1000001"))
        // As large as exponents are told apart.
        #expect(number("1e" + ones) == number("1e" + ones + "0"))
    }

    @Test(
        "a document may hold numbers of any size, which keep their digits",
        arguments: [
            ("9223372036854775808", nil, 9223372036854775808.0), ("-9223372036854775809", nil, -9223372036854775808.0),
            ("123456789012345678901234567890", nil, 1.2345678901234568e29), ("1e400", nil, nil),
            ("-1.5E+400", nil, nil),
            ("9223372036854775807", Int64.max, 9223372036854775807.0), ("-0", 0, 0), ("0.1", nil, 0.1),
        ] as [(String, Int64?, Double?)])
    func ofAnySize(_ text: String, integer: Int64?, number: Double?) throws {
        let document = try JSONDocument.parse(Array("{ \"a\": [ \(text) , 1 ] }".utf8), file: "test.json")
        let node = try #require(document.root["a"]?.elements.first)
        #expect(node.integer == integer)
        #expect(node.number == number)
        #expect(node.exactNumber == self.number(text))
        #expect(String(decoding: document.root.compactText, as: UTF8.self) == "{\"a\":[\(text),1]}")
        // Written again, it means the same.
        let written = try JSONDocument.parse(Array(JSONValue(node).text(pretty: false).utf8), file: "again")
        #expect(JSONNode.isEqual(written.root, node))
    }

    @Test("more digits than a Double has are kept")
    func digits() throws {
        for text in ["0.1000000000000000000001", "1e400", "3.10", "12345678901234567890.5"] {
            let node = try JSONDocument.parse(Array(text.utf8), file: "test.json").root
            #expect(JSONValue(node).text(pretty: true) == (text == "3.10" ? "3.1" : text))
        }
    }

    @Test("beside a number of any size the rest is looked at, too")
    func rest() {
        for text in [
            #"{ "a": 1e400, "a": 2 }"#, "[1e400 2]", "[1e400, 01]", "[99999999999999999999, 1e]", #"[1e400, "\ud800"]"#,
        ] {
            #expect(throws: Diagnostics.self) { try JSONDocument.parse(Array(text.utf8), file: "test.json") }
        }
    }

    @Test("as many numbers as a document may hold are read in a moment", .timeLimit(.minutes(1)))
    func many() throws {
        let text = "[" + String(repeating: "99999999999999999999,", count: 300_000) + "1]"
        #expect(try JSONDocument.parse(Array(text.utf8), file: "test.json").root.count == 300_001)
    }
}
