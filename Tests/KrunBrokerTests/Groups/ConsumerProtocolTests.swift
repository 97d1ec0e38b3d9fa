import Testing

@testable import KrunBroker

@Suite(.timeLimit(.minutes(1)))
struct ConsumerSubscriptionTests {
    @Test
    func topicsAreReadFromEveryVersion() {
        let topics: [UInt8] = [0, 0, 0, 2, 0, 1, 97, 0, 2, 98, 99]
        for version: UInt8 in [0, 1, 3, 9] {
            #expect(ConsumerSubscription([0, version] + topics)?.topics == ["a", "bc"])
            #expect(ConsumerSubscription([0, version] + topics + [0, 0, 0, 1, 7, 1, 2])?.topics == ["a", "bc"])
        }
        #expect(ConsumerSubscription([0, 0, 0, 0, 0, 0])?.topics == [])
    }

    @Test
    func whatEndsBeforeItsTopicsIsNotRead() {
        let whole: [UInt8] = [0, 0, 0, 0, 0, 2, 0, 1, 97, 0, 2, 98, 99]
        for count in 0..<whole.count { #expect(ConsumerSubscription(Array(whole.prefix(count))) == nil) }
        #expect(ConsumerSubscription([0, 0, 0x7F, 0xFF, 0xFF, 0xFF, 0, 1, 97]) == nil)
        #expect(ConsumerSubscription([0, 0, 0xFF, 0xFF, 0xFF, 0xFF]) == nil)
        #expect(ConsumerSubscription([0, 0, 0, 0, 0, 1, 0xFF, 0xFF]) == nil)
    }
}

@Suite(.timeLimit(.minutes(1)))
struct ConsumerAssignmentTests {
    /// Partitions 0 and 256 of `a`, and none of `bc`.
    private static let whole: [UInt8] =
        [0, 0, 0, 2, 0, 1, 97, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 1, 0, 0, 2, 98, 99, 0, 0, 0, 0]

    @Test
    func partitionsAreReadFromEveryVersion() {
        let topics = [
            ConsumerAssignment.Topic(topic: "a", partitions: [0, 256]),
            ConsumerAssignment.Topic(topic: "bc", partitions: []),
        ]
        for version: UInt8 in [0, 1, 3, 9] {
            #expect(ConsumerAssignment([0, version] + Self.whole)?.topics == topics)
            #expect(ConsumerAssignment([0, version] + Self.whole + [0, 0, 0, 1, 7])?.topics == topics)
        }
        #expect(ConsumerAssignment([])?.topics == [])
        #expect(ConsumerAssignment([0, 0, 0, 0, 0, 0])?.topics == [])
    }

    @Test
    func whatEndsBeforeItsPartitionsIsNotRead() {
        let whole = [0, 1] + Self.whole
        for count in 1..<whole.count { #expect(ConsumerAssignment(Array(whole.prefix(count))) == nil) }
        // Counts below zero, and beyond what came.
        #expect(ConsumerAssignment([0, 0, 0x7F, 0xFF, 0xFF, 0xFF, 0, 1, 97, 0, 0, 0, 0]) == nil)
        #expect(ConsumerAssignment([0, 0, 0xFF, 0xFF, 0xFF, 0xFF]) == nil)
        #expect(ConsumerAssignment([0, 0, 0, 0, 0, 1, 0xFF, 0xFF, 0, 0, 0, 0]) == nil)
        #expect(ConsumerAssignment([0, 0, 0, 0, 0, 1, 0, 1, 97, 0x7F, 0xFF, 0xFF, 0xFF]) == nil)
        #expect(ConsumerAssignment([0, 0, 0, 0, 0, 1, 0, 1, 97, 0xFF, 0xFF, 0xFF, 0xFF]) == nil)
    }
}
