import Testing

@testable import KrunBroker

@Suite(.timeLimit(.minutes(1)))
struct TransactionDeadlinesTests {
    /// Set, moved and removed in any order, what is left comes out in order.
    @Test func theFirstIsTheLeast() {
        var deadlines = TransactionDeadlines()
        var expected: [String: Duration] = [:]
        var state: UInt64 = 7
        func draw(_ bound: UInt64) -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (state >> 33) % bound
        }
        for _ in 0..<3000 {
            let id = "t\(draw(60))"
            let deadline: Duration? = draw(3) == 0 ? nil : .milliseconds(draw(1000))
            deadlines.set(deadline, for: id)
            expected[id] = deadline
            var rest = deadlines
            var drained: [Duration] = []
            while let first = rest.first {
                drained.append(first.deadline)
                rest.set(nil, for: first.id)
            }
            guard drained == expected.values.sorted() else {
                Issue.record("\(drained) is not in order, or not what was set")
                return
            }
        }
    }
}
