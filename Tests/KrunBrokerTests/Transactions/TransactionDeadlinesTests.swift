import Testing

@testable import KrunBroker

@Suite(.timeLimit(.minutes(1)))
struct TransactionDeadlinesTests {
    /// Set, moved and removed in any order, the first is the least of those that are left.
    @Test func theFirstIsTheLeast() {
        var deadlines = TransactionDeadlines()
        var expected: [String: Duration] = [:]
        var state: UInt64 = 7
        func draw(_ bound: UInt64) -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (state >> 33) % bound
        }
        for _ in 0..<20_000 {
            let id = "t\(draw(60))"
            let deadline: Duration? = draw(3) == 0 ? nil : .milliseconds(draw(1000))
            deadlines.set(deadline, for: id)
            expected[id] = deadline
            guard deadlines.first?.deadline == expected.values.min() else {
                Issue.record("\(String(describing: deadlines.first)) is not the least of \(expected)")
                return
            }
        }
        for id in expected.keys { deadlines.set(nil, for: id) }
        #expect(deadlines.first == nil)
    }
}
