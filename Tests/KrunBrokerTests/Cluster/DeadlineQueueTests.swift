import Testing

@testable import KrunBroker

@Suite(.timeLimit(.minutes(1)))
struct DeadlineQueueTests {
    @Test
    func theEarliestComesFirstAndOfEqualsTheOneSetFirst() {
        var queue = DeadlineQueue<String>()
        queue.set("late", to: .seconds(3))
        queue.set("first", to: .seconds(1))
        queue.set("second", to: .seconds(1))
        queue.set("gone", to: .seconds(1))
        queue.set("late", to: .seconds(2))
        queue.set("gone", to: nil)
        #expect(queue.next == .seconds(1))
        #expect(queue.deadline(of: "late") == .seconds(2))
        #expect(queue.deadline(of: "gone") == nil)
        #expect(queue.popDue(at: .milliseconds(999)) == nil)
        #expect((0..<4).map { _ in queue.popDue(at: .seconds(2)) } == ["first", "second", "late", nil])
        #expect(queue.next == nil)
    }

    /// Against a dictionary that is looked through each time.
    @Test(arguments: 1...4)
    func itAgreesWithALookThroughAllDeadlines(seed: UInt64) {
        var random = GroupRandom(seed: seed)
        var queue = DeadlineQueue<Int>()
        var plain: [Int: (deadline: Duration, order: Int)] = [:]
        for order in 0..<5_000 {
            let key = random.below(60)
            switch random.below(4) {
            case 0:
                queue.remove(key)
                plain[key] = nil
            case 1:
                let time = Duration.milliseconds(random.below(50))
                let first = plain.filter { $0.value.deadline <= time }
                    .min { ($0.value.deadline, $0.value.order) < ($1.value.deadline, $1.value.order) }
                #expect(queue.popDue(at: time) == first?.key)
                if let first { plain[first.key] = nil }
            default:
                let deadline = Duration.milliseconds(random.below(50))
                queue.set(key, to: deadline)
                plain[key] = (deadline, order)
            }
            #expect(queue.next == plain.values.map(\.deadline).min())
            #expect(queue.deadline(of: key) == plain[key]?.deadline)
        }
    }

    /// Set, moved and removed in any order, what is left comes out in order.
    @Test func theFirstIsTheLeast() {
        var deadlines = DeadlineQueue<String>()
        var expected: [String: Duration] = [:]
        var state: UInt64 = 7
        func draw(_ bound: UInt64) -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (state >> 33) % bound
        }
        for _ in 0..<3000 {
            let id = "t\(draw(60))"
            let deadline: Duration? = draw(3) == 0 ? nil : .milliseconds(draw(1000))
            deadlines.set(id, to: deadline)
            expected[id] = deadline
            var rest = deadlines
            var drained: [Duration] = []
            while let next = rest.next {
                drained.append(next)
                _ = rest.popDue(at: next)
            }
            guard drained == expected.values.sorted() else {
                Issue.record("\(drained) is not in order, or not what was set")
                return
            }
        }
    }
}
