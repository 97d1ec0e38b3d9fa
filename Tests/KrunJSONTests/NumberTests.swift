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
}
