import KrunWire
import Testing

@testable import KrunBroker

@Suite(.timeLimit(.minutes(1)))
struct GroupOffsetTests {
    private let partition = GroupPartition(topic: "t", partition: 0)

    private func fetch(
        _ bench: GroupBench, _ partitions: [Int32], group: String = "g", stable: Bool = false
    ) -> [FetchedOffset] {
        bench.coordinator.fetchOffsets(
            group: group, partitions: partitions.map { GroupPartition(topic: "t", partition: $0) },
            requireStable: stable)
    }

    /// A client that is no member commits to a group nobody is in, and so makes it.
    @Test
    func aSimpleCommitMakesAGroup() {
        var bench = GroupBench()
        #expect(bench.commit([0: 5, 1: 6]) == [.none, .none])
        #expect(bench.committed() == ["t-0": 5, "t-1": 6])
        #expect(bench.coordinator.list() == [GroupOverview(groupId: "g", protocolType: "", state: .empty)])
        #expect(bench.commit([0: 1], group: "") == [.none], "old clients may have an empty group id")
        #expect(bench.committed(group: "") == ["t-0": 1])
    }

    @Test
    func aCommitKeepsAllThatWasSaid() {
        var bench = GroupBench()
        let request = CommitRequest(
            groupId: "g",
            offsets: [
                .init(partition: partition, offset: 5, leaderEpoch: 3, metadata: "note"),
                .init(partition: GroupPartition(topic: "t", partition: 1), offset: 6, timestamp: 42),
            ], retentionMilliseconds: 1000)
        #expect(bench.commit(request) == [.none, .none])
        let wall = bench.now.wallMilliseconds
        let first = CommittedOffset(
            offset: 5, leaderEpoch: 3, metadata: "note", commitTimestamp: wall, expireTimestamp: wall + 1000)
        let second = CommittedOffset(offset: 6, commitTimestamp: 42, expireTimestamp: wall + 1000)
        #expect(
            fetch(bench, [1, 0, 2]) == [
                FetchedOffset(partition: GroupPartition(topic: "t", partition: 1), committed: second),
                FetchedOffset(partition: partition, committed: first),
                FetchedOffset(partition: GroupPartition(topic: "t", partition: 2)),
            ])
        #expect(
            bench.events == [
                .offsetsCommitted(
                    group: "g", memberId: "", generation: -1, producerId: nil,
                    [
                        CommittedPartition(partition: partition, committed: first),
                        CommittedPartition(partition: GroupPartition(topic: "t", partition: 1), committed: second),
                    ])
            ])
    }

    @Test
    func metadataHasABound() {
        var bench = GroupBench { $0.offsetMetadataMaxSize = 3 }
        let request = CommitRequest(
            groupId: "g",
            offsets: [
                .init(partition: partition, offset: 1, metadata: "four"),
                .init(partition: GroupPartition(topic: "t", partition: 1), offset: 2, metadata: "äöü"),
            ])
        #expect(bench.commit(request) == [.offsetMetadataTooLarge, .none])
        #expect(bench.committed() == ["t-1": 2])
    }

    @Test
    func aCommitChecksMemberAndGeneration() {
        var bench = GroupBench.stable(2)
        #expect(bench.commit([0: 1, 1: 1]) == [.unknownMemberId, .unknownMemberId])
        #expect(bench.commit([0: 1], member: "c-9", generation: 7) == [.unknownMemberId])
        #expect(bench.commit([0: 1], member: "c-1", generation: 0) == [.illegalGeneration])
        #expect(bench.commit([0: 1], member: "c-1", generation: -1) == [.illegalGeneration])
        #expect(bench.commit([0: 1], member: "", generation: 1) == [.unknownMemberId])
        #expect(bench.committed() == [:])
        #expect(bench.commit([0: 1], member: "c-1", generation: 1) == [.none])
        #expect(bench.committed() == ["t-0": 1])
        _ = bench.leave("c-1", "c-2")
        #expect(bench.commit([0: 2], member: "c-1", generation: 1) == [.unknownMemberId])
        #expect(bench.commit([0: 3], member: "c-1", generation: -1) == [.none], "the group is empty")
    }

    /// A commit of a generation that is none: version 9 and later have an error that says so.
    @Test
    func aMembersCommitMakesNoGroup() {
        var bench = GroupBench()
        let offset = CommitRequest.Offset(partition: partition, offset: 1)
        for (knows, error) in [(true, ErrorCode.groupIdNotFound), (false, .illegalGeneration)] {
            let request = CommitRequest(
                groupId: "g", generation: 1, memberId: "m", offsets: [offset], knowsGroupIdNotFound: knows)
            #expect(bench.commit(request) == [error])
        }
        #expect(bench.coordinator.list() == [])
    }

    /// While others join, a member finishes what it read; once it knows the new generation, it must have its assignment
    /// first.
    @Test
    func membersMayCommitWhileTheGroupRejoinsButNotBeforeTheAssignment() {
        var bench = GroupBench.stable(2)
        _ = bench.join("c-1")
        bench.advance(milliseconds: 9_000)
        #expect(bench.commit([0: 1], member: "c-2", generation: 1) == [.none])
        bench.advance(milliseconds: 9_999)
        #expect(bench.members == ["c-1", "c-2"], "it is as good as a heartbeat")
        _ = bench.join("c-2")
        #expect(bench.commit([0: 2], member: "c-2", generation: 2) == [.rebalanceInProgress])
        #expect(bench.commit([0: 2], member: "c-2", generation: 1) == [.illegalGeneration])
        #expect(bench.committed() == ["t-0": 1])
    }

    @Test
    func aGroupThatDoesNotExistHasNoOffsets() {
        let bench = GroupBench()
        #expect(fetch(bench, [0], stable: true) == [FetchedOffset(partition: partition)])
        #expect(bench.coordinator.fetchOffsets(group: "g", partitions: nil, requireStable: true) == [])
    }
}
