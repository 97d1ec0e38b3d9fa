import KrunOutcome
import Testing

/// The one meaning of lag.
@Suite struct LagTests {
    @Test func ofOnePartition() {
        #expect(Lag.of(committed: 3, logStart: 1, end: 10) == 7)
        #expect(Lag.of(committed: nil, logStart: 1, end: 10) == 9)
        #expect(Lag.of(committed: 12, logStart: 0, end: 10) == -2)
        #expect(Lag.of(committed: 3, logStart: nil, end: 10) == 7)
        #expect(Lag.of(committed: nil, logStart: nil, end: 10) == nil)
        #expect(Lag.of(committed: 3, logStart: 0, end: nil) == nil)
    }

    @Test func ofSeveral() {
        #expect(Lag.sum([1, 2]) == 3)
        #expect(Lag.sum([1, nil]) == nil)
        #expect(Lag.sum([Int64?]()) == nil)
    }
}
