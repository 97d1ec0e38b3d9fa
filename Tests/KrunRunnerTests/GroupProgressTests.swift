import KrunKafka
import Testing

@testable import KrunRunner

@Suite struct GroupProgressTests {
    private func partitions(_ numbers: Int32...) -> [TopicPartition] {
        numbers.map { TopicPartition("orders", $0) }
    }

    private func progress(members: Int, _ numbers: Int32..., sharesGroup: Bool = false) -> GroupProgress {
        GroupProgress(
            members: members, partitions: Set(numbers.map { TopicPartition("orders", $0) }), sharesGroup: sharesGroup)
    }

    @Test func nobodyIsStableBeforeTheFirstAssignment() {
        let group = progress(members: 2, 0, 1)
        #expect(!group.isStable)
        #expect(group.assignedMembers == 0)
        #expect(group.stableGeneration == nil)
        #expect(group.rebalances == 0)
    }

    @Test func allMembersInOneGenerationWithEveryPartitionOwnedAreStable() {
        var group = progress(members: 2, 0, 1)
        group.assigned(member: 0, partitions(0), generation: 1)
        #expect(!group.isStable)
        #expect(group.assignedMembers == 1)
        group.assigned(member: 1, partitions(1), generation: 1)
        #expect(group.isStable)
        group.settle()
        #expect(group.stableGeneration == 1)
    }

    @Test func aMemberOfAnOlderGenerationIsNotCounted() {
        var group = progress(members: 2, 0, 1)
        group.assigned(member: 0, partitions(0, 1), generation: 1)
        group.assigned(member: 1, partitions(1), generation: 2)
        #expect(!group.isStable)
        group.revoked(member: 0, partitions(0, 1))
        #expect(group.assignedMembers == 1)
        group.assigned(member: 0, partitions(0), generation: 2)
        #expect(group.isStable)
    }

    @Test func aPartitionWithoutOwnerIsNotStable() {
        var group = progress(members: 2, 0, 1, 2)
        group.assigned(member: 0, partitions(0), generation: 3)
        group.assigned(member: 1, partitions(1), generation: 3)
        #expect(!group.isStable)
    }

    @Test func aPartitionWithTwoOwnersIsNotStable() {
        var group = progress(members: 2, 0, 1)
        group.assigned(member: 0, partitions(0, 1), generation: 3)
        group.assigned(member: 1, partitions(1), generation: 3)
        #expect(!group.isStable)
    }

    @Test func anotherTopicsPartitionInPlaceOfOneIsNotStable() {
        var group = progress(members: 1, 0, 1)
        group.assigned(member: 0, partitions(0) + [TopicPartition("invoices", 1)], generation: 3)
        #expect(!group.isStable)
    }

    @Test func anIdleMemberBelongsToTheGroupOnceItWasToldSo() {
        var group = progress(members: 3, 0, 1)
        group.assigned(member: 0, partitions(0), generation: 1)
        group.assigned(member: 1, partitions(1), generation: 1)
        #expect(!group.isStable)
        group.assigned(member: 2, [], generation: 1)
        #expect(group.isStable)
        #expect(group.assignedMembers == 3)
    }

    /// A cooperative member keeps what it has and is told only what comes and goes.
    @Test func cooperativeMembersAddUpWhatTheyGet() {
        var group = progress(members: 2, 0, 1, 2)
        group.assigned(member: 0, partitions(0, 1, 2), generation: 1)
        group.revoked(member: 0, partitions(2))
        group.assigned(member: 1, [], generation: 2)
        group.assigned(member: 0, [], generation: 2)
        #expect(!group.isStable)
        group.assigned(member: 1, partitions(2), generation: 3)
        #expect(!group.isStable)
        group.assigned(member: 0, [], generation: 3)
        #expect(group.isStable)
    }

    @Test func aMemberWithoutAGenerationIsNotStable() {
        var group = progress(members: 1, 0)
        group.assigned(member: 0, partitions(0), generation: nil)
        #expect(!group.isStable)
    }

    /// Members that are not of this step may own the rest.
    @Test func aSharedGroupNeedsOnlyOneGeneration() {
        var group = progress(members: 2, 0, 1, 2, sharesGroup: true)
        group.assigned(member: 0, partitions(0), generation: 7)
        #expect(!group.isStable)
        group.assigned(member: 1, [], generation: 7)
        #expect(group.isStable)
    }

    @Test func everyGenerationAfterTheStableOneIsARebalance() {
        var group = progress(members: 2, 0, 1)
        group.assigned(member: 0, partitions(0, 1), generation: 1)
        group.revoked(member: 0, partitions(0, 1))
        group.assigned(member: 0, partitions(0), generation: 2)
        group.assigned(member: 1, partitions(1), generation: 2)
        group.settle()
        #expect(group.rebalances == 0)
        group.assigned(member: 0, partitions(0), generation: 2)
        #expect(group.rebalances == 0)
        group.revoked(member: 0, partitions(0))
        group.assigned(member: 0, [], generation: 3)
        group.assigned(member: 1, [], generation: 3)
        #expect(group.rebalances == 1)
        group.assigned(member: 1, partitions(0), generation: 5)
        #expect(group.rebalances == 2)
        #expect(group.stableGeneration == 2)
    }

    @Test func whatTheMembersOwnTogetherIsKnown() {
        var group = progress(members: 2, 0, 1, 2, sharesGroup: true)
        #expect(group.owned == [])
        group.assigned(member: 0, partitions(0, 2), generation: 1)
        group.assigned(member: 1, partitions(2), generation: 1)
        #expect(group.owned == Set(partitions(0, 2)))
        // What a member loses, another one may still have.
        group.revoked(member: 0, partitions(0, 2))
        #expect(group.owned == Set(partitions(2)))
        group.revoked(member: 1, partitions(2))
        #expect(group.owned == [])
    }
}
