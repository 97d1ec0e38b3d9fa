import Testing

@testable import KrunBroker

/// The log against a model that is too simple to be wrong in the same way.
@Suite(.timeLimit(.minutes(2)))
struct LogModelTests {
    /// 40 histories of 3 000 steps. Small segments, so that they roll, and a retention that keeps the log short.
    @Test(arguments: UInt64(0)..<40)
    func agreesWithTheModel(seed: UInt64) throws {
        var configuration = LogConfiguration()
        configuration.segmentBytes = seed % 2 == 0 ? 1500 : 20_000
        configuration.segmentMs = seed % 3 == 0 ? 300 : 100_000
        configuration.retentionBytes = seed % 4 == 0 ? -1 : 6000
        configuration.retentionMs = 3000
        var history = LogHistory(seed: seed, configuration: configuration)
        for _ in 0..<3000 { try history.step() }
        history.log.removeAll(now: history.now)
        #expect(history.memory.used == 0)
    }
}
