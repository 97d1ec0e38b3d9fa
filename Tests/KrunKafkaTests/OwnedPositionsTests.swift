import Testing

@testable import KrunKafka

@Suite struct OwnedPositionsTests {
    private func owned(_ offsets: Int64...) -> OwnedPositions {
        var positions = OwnedPositions()
        positions.reset(topics: ["orders", "bills", "orders"])
        for (partition, offset) in offsets.enumerated() {
            positions.add(TopicPartitionOffset("orders", Int32(partition), offset))
        }
        return positions
    }

    @Test func eachOffsetIsTakenOnceAndGapsAreAllowed() {
        var positions = owned(5)
        let taken = [4, 5, 5, 6, 9, 8].map { positions.take(topic: 0, partition: 0, offset: $0) }
        #expect(taken == [false, true, false, true, true, false])
        #expect(positions.position(of: TopicPartition("orders", 0)) == 10)
    }

    @Test func whatIsNotOwnedIsNotTaken() {
        var positions = owned(0, 0)
        positions.remove(TopicPartition("orders", 1))
        let answer1 = positions.take(topic: 0, partition: 1, offset: 3)
        #expect(!answer1)
        let answer2 = positions.take(topic: 0, partition: 7, offset: 3)
        #expect(!answer2)
        let answer3 = positions.take(topic: 1, partition: 0, offset: 3)
        #expect(!answer3)
        let answer4 = positions.reachEnd(topic: 0, partition: 1, offset: 3)
        #expect(!answer4)
        #expect(positions.all == [TopicPartitionOffset("orders", 0, 0)])
        #expect(positions.topics == ["orders", "bills"])
    }

    @Test func aLogicalStartIsUnknownUntilTheFirstEvent() {
        var positions = owned(LogicalOffset.beginning, LogicalOffset.stored, 3)
        #expect(positions.unknown == 2)
        let answer5 = positions.take(topic: 0, partition: 0, offset: 40)
        #expect(answer5)
        let answer6 = positions.reachEnd(topic: 0, partition: 1, offset: 8)
        #expect(answer6)
        #expect(positions.unknown == 0)
        #expect(positions.all.map(\.offset) == [41, 8, 3])
        positions.removeAll()
        #expect(positions.all == [])
    }

    /// Markers of transactions end a partition behind its last record.
    @Test func anEndMovesThePositionOverWhatIsNoRecord() {
        var positions = owned(5)
        let answer7 = positions.reachEnd(topic: 0, partition: 0, offset: 7)
        #expect(answer7)
        let answer8 = positions.reachEnd(topic: 0, partition: 0, offset: 6)
        #expect(!answer8)
        #expect(positions.position(of: TopicPartition("orders", 0)) == 7)
    }
}

extension OwnedPositions {
    /// The next offset, or a logical one while it is not known; nil when the partition is not owned.
    fileprivate func position(of partition: TopicPartition) -> Int64? {
        all.first { $0.topicPartition == partition }?.offset
    }
}
