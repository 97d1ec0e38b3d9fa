import Testing

@testable import KrunScenario

/// Durations, sizes, timestamps, bytes as text, and names.
@Suite("Units") struct UnitsTests {
    @Test func durations() {
        #expect(Units.duration("500ms") == .milliseconds(500))
        #expect(Units.duration("1.5s") == .milliseconds(1500))
        #expect(Units.duration("2m") == .seconds(120))
        #expect(Units.duration("1h") == .seconds(3600))
        #expect(Units.duration("7us") == .microseconds(7))
        #expect(Units.duration("0s") == .zero)
        for text in ["", "5", "s", "5 s", "-5s", "5S", "1.s", ".5s", "1.2.3s", "99999999999999h", "5sec"] {
            #expect(Units.duration(text) == nil, "\(text)")
        }
        let texts = ["0s", "7us", "500ms", "90s", "2m", "25h"]
        #expect(texts.map { Units.text(Units.duration($0) ?? .zero) } == texts)
    }

    @Test func sizes() {
        #expect(Units.size("16KiB") == 16_384)
        #expect(Units.size("5MB") == 5_000_000)
        #expect(Units.size("1.5KiB") == 1_536)
        #expect(Units.size("7B") == 7)
        for text in ["5", "5kb", "5 MB", "", "0.3B", "99999999999GB"] { #expect(Units.size(text) == nil, "\(text)") }
    }

    @Test func timestamps() {
        #expect(Timestamp.milliseconds("1970-01-01T00:00:00Z") == 0)
        #expect(Timestamp.milliseconds("2000-02-29T23:59:59.999Z") == 951_868_799_999)
        #expect(Timestamp.milliseconds("2026-01-01t00:00:00-08:00") == 1_767_254_400_000)
        #expect(Timestamp.milliseconds("2026-01-01T00:00:00.1000Z") == 1_767_225_600_100)
        #expect(Timestamp.milliseconds("1969-12-31T23:59:59Z") == -1000)
        for text in [
            "2026-01-01", "2026-1-01T00:00:00Z", "2100-02-29T00:00:00Z", "2026-04-31T00:00:00Z", "2026-01-01T24:00:00Z",
            "2026-01-01T00:00:00", "2026-01-01T00:00:00.0001Z", "2026-01-01T00:00:00.Z", "2026-01-01T00:00:00Z ",
            "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z",
        ] {
            #expect(Timestamp.milliseconds(text) == nil, "\(text)")
        }
    }

    @Test func base64KnowsItsLastLetters() throws {
        #expect(try BinaryText.base64("AP+/") == [0, 255, 191])
        #expect(throws: BinaryText.Fault(offset: 1, label: "this letter holds bits that no byte takes")) {
            try BinaryText.base64("YR==")
        }
        #expect(throws: BinaryText.Fault(offset: 4, label: "nothing may follow the padding")) {
            try BinaryText.base64("YQ==YQ==")
        }
    }

    @Test func names() {
        let longest = String(repeating: "a", count: 226)
        #expect(KafkaName.fault(of: longest, existing: false) == nil)
        #expect(
            KafkaName.fault(of: longest + "a", existing: false)
                == "it has 227 characters, at most 226 leave room for the suffix of a run")
        #expect(KafkaName.fault(of: longest + longest.prefix(23), existing: true) == nil)
        #expect(
            KafkaName.fault(of: longest + longest.prefix(24), existing: true)
                == "it has 250 characters, at most 249 are allowed")
    }

    @Test("bounds are found without trying each index where arithmetic tells")
    func verdicts() throws {
        func verdict(_ text: String, _ count: Int64) throws -> IntegerExpression.Verdict? {
            let content = try ExpressionParser.parse(text, at: 0, variables: [:], round: nil, allowsIndex: true)
            guard case .expression(let expression) = content else { return nil }
            var trials = 1_500_000
            return expression.verdict(count: count, trials: &trials)
        }
        #expect(try verdict("index % 7 + 1", 1_000_000_000_000) == .within(1...7))
        #expect(try verdict("1000 / (index % 7 + 1)", 1_000_000_000_000) == .within(142...1000))
        #expect(try verdict("-index", 5) == .within(-4...0))
        #expect(try verdict("10 / (index - 5)", 9) == .fails(at: 5))
        #expect(try verdict("10 / (index * 2 - 5)", 4) == .within(-10...10))
        #expect(try verdict("10 / (index * 2 - 5)", 2_000_000) == .unknown)
        #expect(try verdict("index * 9223372036854775807", 3) == .fails(at: 2))
    }
}
