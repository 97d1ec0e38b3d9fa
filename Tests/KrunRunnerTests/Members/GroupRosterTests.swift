import KrunKafka
import Testing

@testable import KrunRunner

@Suite struct GroupRosterTests {
    private func partitions(_ numbers: Int32...) -> [TopicPartition] {
        numbers.map { TopicPartition("orders", $0) }
    }

    /// Two members that own two partitions each, settled in generation 1.
    private func settled() -> GroupRoster {
        var roster = GroupRoster()
        for name in ["ann", "bob"] { roster.join(name, partitions: Set(partitions(0, 1, 2, 3))) }
        roster.assigned("ann", partitions(0, 1), generation: 1, id: "a1")
        roster.assigned("bob", partitions(2, 3), generation: 1, id: "b1")
        _ = roster.settle()
        return roster
    }

    @Test func itIsStableWhenAllOfOneGenerationOwnAll() {
        var roster = GroupRoster()
        for name in ["ann", "bob"] { roster.join(name, partitions: Set(partitions(0, 1))) }
        #expect(!roster.isStable(after: nil, isShared: false))
        roster.assigned("ann", partitions(0), generation: 1, id: nil)
        #expect(!roster.isStable(after: nil, isShared: false))
        roster.assigned("bob", [], generation: 1, id: nil)
        #expect(!roster.isStable(after: nil, isShared: false))
        #expect(roster.isStable(after: nil, isShared: true))
        roster.assigned("bob", partitions(1), generation: 1, id: nil)
        #expect(roster.isStable(after: nil, isShared: false))
        #expect(!roster.isStable(after: 1, isShared: false))
        let change = roster.settle()
        #expect(change.moved.isEmpty)
        #expect(change.revoked.isEmpty)
        #expect(change.rebalances == 1)
    }

    /// An eager rebalance takes all, also what its owner gets back.
    @Test func whatEagerCosts() {
        var roster = settled()
        roster.join("cid", partitions: Set(partitions(0, 1, 2, 3)))
        roster.revoked("ann", partitions(0, 1), isLeaving: false, isAway: false)
        roster.revoked("bob", partitions(2, 3), isLeaving: false, isAway: false)
        roster.assigned("ann", partitions(0, 1), generation: 2, id: "a1")
        roster.assigned("bob", partitions(2), generation: 2, id: "b1")
        #expect(!roster.isStable(after: nil, isShared: false))
        roster.assigned("cid", partitions(3), generation: 2, id: "c1")
        #expect(roster.isStable(after: nil, isShared: false))
        let change = roster.settle()
        #expect(Set(change.moved.keys) == Set(partitions(3)))
        #expect(change.moved.values.map(\.from) == ["bob"])
        #expect(change.moved.values.map(\.to) == ["cid"])
        #expect(change.revoked.count == 4)
        #expect(change.rebalances == 1)
    }

    /// What a member gives up because it goes was not taken from it.
    @Test func aMemberThatLeaves() {
        var roster = settled()
        roster.revoked("bob", partitions(2, 3), isLeaving: true, isAway: false)
        roster.left("bob", isAway: false)
        #expect(!roster.isStable(after: 1, isShared: false))
        roster.assigned("ann", partitions(2, 3), generation: 2, id: "a1")
        #expect(roster.isStable(after: 1, isShared: false))
        let change = roster.settle()
        #expect(change.moved.count == 2)
        #expect(change.revoked.isEmpty)
    }

    /// A static member's place is kept, and what it owned counts as owned.
    @Test func aMemberThatIsAway() {
        var roster = settled()
        roster.revoked("bob", partitions(2, 3), isLeaving: true, isAway: true)
        roster.left("bob", isAway: true)
        #expect(roster.isStable(after: nil, isShared: false))
        #expect(roster.away.map(\.name) == ["bob"])
        #expect(roster.settle().rebalances == 0)
        roster.update(away: ["a1": partitions(0, 1), "b1": partitions(2, 3)])
        #expect(roster.away.first?.owned == Set(partitions(2, 3)))
        // Its session has ended.
        roster.revoked("ann", partitions(0, 1), isLeaving: false, isAway: false)
        roster.assigned("ann", partitions(0, 1, 2, 3), generation: 2, id: "a1")
        roster.update(away: ["a1": partitions(0, 1, 2, 3)])
        #expect(roster.away.isEmpty)
        #expect(Set(roster.settle().moved.keys) == Set(partitions(2, 3)))
    }

    @Test func aMemberThatStallsIsNotStable() {
        var roster = settled()
        roster.stalled("ann", true, isLost: false)
        #expect(!roster.isStable(after: nil, isShared: false))
        roster.stalled("ann", false, isLost: false)
        #expect(roster.isStable(after: nil, isShared: false))
        roster.stalled("ann", false, isLost: true)
        #expect(!roster.isStable(after: nil, isShared: false))
    }
}
