import KrunOutcome
import Testing

@testable import KrunChecks

/// Percentiles of many, each within 1 % of what it is.
@Suite struct LatencyTallyTests {
    private func outcome(_ values: some Sequence<Int64>) -> LatencyOutcome? {
        var tally = LatencyTally()
        for value in values { tally.add(microseconds: value) }
        return tally.outcome
    }

    @Test func nothing() {
        #expect(outcome([]) == nil)
    }

    @Test func one() {
        let one = LatencyOutcome(
            p50: .microseconds(77), p95: .microseconds(77), p99: .microseconds(77), max: .microseconds(77))
        #expect(outcome([77]) == one)
        #expect(outcome(Array(repeating: 77, count: 10)) == one)
    }

    /// In order, and each beside one that is far from it, so that no two that follow each other are alike.
    @Test(arguments: [false, true]) func aHundredThousand(mixed: Bool) throws {
        let values = (1...100_000).map { Int64($0) * 10 }
        let order = mixed ? zip(values, values.reversed()).prefix(50_000).flatMap { [$0, $1] } : values
        let found = try #require(outcome(order))
        for (duration, expected) in [
            (found.p50, 500_000.0), (found.p95, 950_000), (found.p99, 990_000), (found.max, 1_000_000),
        ] {
            #expect(abs(duration / .microseconds(1) - expected) <= expected / 100)
        }
    }

    @Test func beyondTheEnds() throws {
        let found = try #require(outcome([-5, -5, -5, .max]))
        #expect(found.p50 == .zero)
        #expect(found.max >= .seconds(86_000))
    }
}
