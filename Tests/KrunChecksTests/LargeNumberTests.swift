import KrunPatterns
import KrunScenario
import Testing

@testable import KrunChecks

/// Numbers of records that no machine's number is.
@Suite(.timeLimit(.minutes(1))) struct LargeNumberTests {
    private func accepts(_ matcher: String, _ value: String) throws -> Bool {
        let step = try JudgeFixture.consume(#"{ "keys": { "alice": { "values": [\#(matcher)] } } }"#)
        guard case .consume(let consume) = step.action,
            let matcher = consume.expect.topics.first?.keys.first?.values?.values.first
        else {
            Issue.record("there is no matcher")
            return false
        }
        let bytes = Array(value.utf8)
        let accepted = try matcher.accepts(value: bytes, within: PatternBudget())
        var test = ValueTest(matcher)
        let quick = try bytes.withUnsafeBytes { try test.accepts($0, within: PatternBudget()) }
        #expect(accepted == quick, "\(value)")
        return accepted
    }

    private static let number = "123456789012345678901234567890"

    @Test(
        "they match exactly",
        arguments: [
            #"{ "n": 123456789012345678901234567890 }"#, #"{ "equals": { "n": 123456789012345678901234567890 } }"#,
            #"{ "path": { "$.n": 123456789012345678901234567890 } }"#,
            #"{ "path": { "$.n": { "equals": 12345678901234567890123456789.0e1 } } }"#,
            #"{ "path": { "$[?@ == 123456789012345678901234567890]": { "exists": true } } }"#,
            #"{ "contains": { "n": 123456789012345678901234567890 } }"#,
            #"{ "path": { "$.n": { "min": 123456789012345678901234567890, "max": 123456789012345678901234567890 } } }"#,
            #"{ "json": { "n": 123456789012345678901234567890 } }"#,
        ])
    func exactly(matcher: String) throws {
        #expect(try accepts(matcher, #"{"n":123456789012345678901234567890}"#))
        #expect(try accepts(matcher, #"{ "n" : 1.2345678901234567890123456789e29 }"#))
        #expect(try !accepts(matcher, #"{"n":123456789012345678901234567891}"#))
        #expect(try !accepts(matcher, #"{"n":"123456789012345678901234567890"}"#))
    }

    @Test("bounds may be beyond the range of a Double")
    func bounds() throws {
        let matcher = #"{ "path": { "$": { "min": 1e400 } } }"#
        #expect(try accepts(matcher, "1e401"))
        #expect(try accepts(matcher, "10e399"))
        #expect(try !accepts(matcher, "1e399"))
        #expect(try !accepts(matcher, "-1e401"))
    }
}
