import Testing

@testable import KrunBroker

@Suite(.timeLimit(.minutes(2)))
struct TransactionHistoryTests {
    /// 200 000 steps; a failure is repeated by its seed.
    @Test(arguments: 1...8 as ClosedRange<UInt64>)
    func randomHistories(seed: UInt64) throws {
        var history = TransactionHistory(seed: seed)
        for _ in 0..<25_000 { try history.step() }
        // The history went everywhere.
        for cause in [.initialized, .begun, .ended, .fenced, .timedOut, .markersWritten] as [TransactionEvent.Cause] {
            #expect(history.seen[cause, default: 0] > 50)
        }
        #expect(history.seen[.expired, default: 0] > 0)
    }

    @Test func anEpochThatIsUsedUp() throws {
        var history = TransactionHistory(seed: 99)
        for _ in 0..<1000 { try history.step() }
        try history.exhaust()
        for _ in 0..<1000 { try history.step() }
    }
}
