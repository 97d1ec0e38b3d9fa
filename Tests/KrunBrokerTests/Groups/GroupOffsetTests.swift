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
        #expect(bench.coordinator.list() == [GroupListing(groupId: "g", protocolType: "", state: .empty)])
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

    // MARK: Transactions

    @Test
    func offsetsOfATransactionCountFromItsCommit() {
        var bench = GroupBench()
        _ = bench.commit([0: 1])
        #expect(bench.commit([0: 5, 1: 6], producer: 70) == [.none, .none])
        #expect(bench.committed() == ["t-0": 1])
        #expect(
            fetch(bench, [0, 1, 2], stable: true).map(\.error) == [.unstableOffsetCommit, .unstableOffsetCommit, .none])
        #expect(fetch(bench, [0], stable: true)[0].committed == nil)
        #expect(
            bench.coordinator.fetchOffsets(group: "g", partitions: nil, requireStable: true) == [
                FetchedOffset(partition: partition, error: .unstableOffsetCommit)
            ])
        bench.events = []
        bench.endTransaction(of: 71, commit: true)
        #expect(bench.events == [])
        bench.endTransaction(of: 70, commit: true)
        #expect(bench.committed() == ["t-0": 5, "t-1": 6])
        #expect(fetch(bench, [0, 1], stable: true).map(\.error) == [.none, .none])
        let wall = bench.now.wallMilliseconds
        #expect(
            bench.events == [
                .offsetsCommitted(
                    group: "g", memberId: "", generation: -1, producerId: 70,
                    [
                        CommittedPartition(
                            partition: partition, committed: CommittedOffset(offset: 5, commitTimestamp: wall)),
                        CommittedPartition(
                            partition: GroupPartition(topic: "t", partition: 1),
                            committed: CommittedOffset(offset: 6, commitTimestamp: wall)),
                    ])
            ])
    }

    @Test
    func offsetsOfAnAbortedTransactionAreForgotten() {
        var bench = GroupBench()
        _ = bench.commit([0: 5], producer: 70)
        bench.endTransaction(of: 70, commit: false)
        bench.endTransaction(of: 70, commit: true)
        #expect(bench.committed() == [:])
        #expect(bench.events.last == .offsetsDropped(group: "g", producerId: 70, [partition]))
    }

    @Test
    func aTransactionCommitsInAllGroups() {
        var bench = GroupBench()
        _ = bench.commit([0: 5], group: "a", producer: 70)
        _ = bench.commit([0: 6], group: "b", producer: 70)
        _ = bench.commit([0: 7], group: "b", producer: 71)
        bench.endTransaction(of: 70, commit: true)
        #expect(bench.committed(group: "a") == ["t-0": 5])
        #expect(bench.committed(group: "b") == ["t-0": 6])
        #expect(fetch(bench, [0], group: "b", stable: true).map(\.error) == [.unstableOffsetCommit])
    }

    /// In Kafka, by the place of the records in `__consumer_offsets`.
    @Test
    func aTransactionDoesNotUndoALaterCommit() {
        var bench = GroupBench()
        _ = bench.commit([0: 5], producer: 70)
        _ = bench.commit([0: 9])
        bench.endTransaction(of: 70, commit: true)
        #expect(bench.committed() == ["t-0": 9])
    }

    /// Version 3 and later say who commits; before, anyone with a transaction may.
    @Test
    func aTransactionalCommitChecksTheMemberIfItIsNamed() {
        var bench = GroupBench.stable(1)
        #expect(bench.commit([0: 1], group: "", producer: 70) == [.invalidGroupId])
        #expect(bench.commit([0: 1], group: "other", member: "m", generation: 1, producer: 70) == [.illegalGeneration])
        #expect(bench.commit([0: 1], member: "c-9", generation: 1, producer: 70) == [.unknownMemberId])
        #expect(bench.commit([0: 1], member: "c-1", generation: 0, producer: 70) == [.illegalGeneration])
        #expect(bench.commit([0: 1], producer: 70) == [.none])
        #expect(bench.commit([0: 2], member: "c-1", generation: 1, producer: 70) == [.none])
        _ = bench.join()
        _ = bench.join("c-1")
        #expect(bench.state == .completingRebalance)
        #expect(bench.commit([0: 3], member: "c-1", generation: 2, producer: 70) == [.none])
        bench.endTransaction(of: 70, commit: true)
        #expect(bench.committed() == ["t-0": 3])
    }

    // MARK: Deletion

    private func subscription(_ topics: String...) -> String {
        var bytes: [UInt8] = [0, 1, 0, 0, 0, UInt8(topics.count)]
        for topic in topics { bytes += [0, UInt8(topic.utf8.count)] + Array(topic.utf8) }
        return String(decoding: bytes, as: UTF8.self)
    }

    private func delete(
        _ bench: inout GroupBench, _ topics: String..., group: String = "g"
    ) -> OffsetDeletionAnswer {
        let (answer, actions) = bench.coordinator.deleteOffsets(
            group: group, partitions: topics.map { GroupPartition(topic: $0, partition: 0) }, now: bench.now)
        bench.take(actions)
        return answer
    }

    @Test
    func offsetsOfAnEmptyGroupCanBeDeleted() {
        var bench = GroupBench()
        #expect(delete(&bench, "t", group: "") == OffsetDeletionAnswer(error: .invalidGroupId))
        #expect(delete(&bench, "t") == OffsetDeletionAnswer(error: .groupIdNotFound))
        _ = bench.commit([0: 1, 1: 2])
        _ = bench.commit([0: 3], producer: 70)
        #expect(delete(&bench, "t", "u") == OffsetDeletionAnswer(error: .none, partitions: [.none, .none]))
        #expect(bench.events.last == .offsetsDeleted(group: "g", [partition]))
        #expect(bench.committed() == ["t-1": 2])
        bench.endTransaction(of: 70, commit: true)
        #expect(bench.committed() == ["t-1": 2], "what waited for the partition is gone too")
    }

    @Test
    func offsetsOfTopicsInUseCannotBeDeleted() {
        var bench = GroupBench()
        _ = bench.join(protocols: [("range", subscription("t"))])
        #expect(
            delete(&bench, "t", "u")
                == OffsetDeletionAnswer(error: .none, partitions: [.groupSubscribedToTopic, .groupSubscribedToTopic]),
            "nobody knows yet what the group reads")
        bench.advance(milliseconds: 20)
        _ = bench.join(protocols: [("range", subscription("u", "v"))])
        _ = bench.join("c-1", protocols: [("range", subscription("t"))])
        #expect(
            delete(&bench, "t", "v", "w")
                == OffsetDeletionAnswer(
                    error: .none, partitions: [.groupSubscribedToTopic, .groupSubscribedToTopic, .none]))
        _ = bench.leave("c-1", "c-2")
        #expect(delete(&bench, "t") == OffsetDeletionAnswer(error: .none, partitions: [.none]))
    }

    @Test
    func whatASubscriptionThatCannotBeReadMeansIsAnyonesGuess() {
        var bench = GroupBench()
        _ = bench.join(protocols: [("range", "?")])
        bench.advance(milliseconds: 20)
        #expect(delete(&bench, "t") == OffsetDeletionAnswer(error: .none, partitions: [.groupSubscribedToTopic]))
    }

    @Test
    func offsetsOfAGroupOfAnotherTypeCannotBeDeletedWhileItHasMembers() {
        var bench = GroupBench()
        _ = bench.join(type: "connect")
        #expect(delete(&bench, "t") == OffsetDeletionAnswer(error: .nonEmptyGroup))
    }

    @Test
    func theOffsetsOfADeletedTopicAreForgottenEverywhere() {
        var bench = GroupBench()
        _ = bench.commit([0: 1, 1: 2], group: "a")
        _ = bench.commit([0: 1], topic: "u", group: "a")
        _ = bench.commit([2: 1], group: "b", producer: 70)
        bench.events = []
        bench.take(bench.coordinator.deleteOffsets(ofTopic: "t", now: bench.now))
        #expect(
            bench.events == [
                .offsetsDeleted(group: "a", [partition, GroupPartition(topic: "t", partition: 1)]),
                .offsetsDeleted(group: "b", [GroupPartition(topic: "t", partition: 2)]),
            ])
        bench.endTransaction(of: 70, commit: true)
        #expect(bench.committed(group: "a") == ["u-0": 1])
        #expect(bench.committed(group: "b") == [:])
    }

    // MARK: Retention

    private func short(_ configuration: inout GroupConfiguration) {
        configuration.offsetsRetention = .seconds(100)
        configuration.offsetsRetentionCheckInterval = .seconds(10)
    }

    /// Of a group that keeps offsets only, each counts from its own commit.
    @Test
    func offsetsExpireOneByOneInAGroupWithoutMembersEver() {
        var bench = GroupBench(short)
        _ = bench.commit([0: 1])
        bench.advance(milliseconds: 10_000)
        _ = bench.commit([1: 2])
        #expect(bench.due == 10_000)
        for _ in 0..<8 { bench.advance(milliseconds: 10_000) }
        #expect(bench.committed() == ["t-0": 1, "t-1": 2])
        bench.advance(milliseconds: 10_000)
        #expect(bench.committed() == ["t-1": 2])
        #expect(bench.events.last == .offsetsExpired(group: "g", [partition]))
        bench.advance(milliseconds: 10_000)
        #expect(bench.events.last == .groupDeleted(group: "g"))
        #expect(bench.coordinator.list() == [])
        #expect(bench.due == nil)
    }

    /// KIP-211: they count from the moment at which the group became empty.
    @Test
    func offsetsOfAGroupExpireTogetherAfterItsLastMemberLeft() {
        var bench = GroupBench.stable(1, short)
        _ = bench.commit([0: 1], member: "c-1", generation: 1)
        for _ in 0..<20 {
            bench.advance(milliseconds: 9_000)
            #expect(bench.heartbeat("c-1", generation: 1) == .none)
        }
        _ = bench.leave("c-1")
        for _ in 0..<9 { bench.advance(milliseconds: 10_000) }
        #expect(bench.committed() == ["t-0": 1])
        bench.advance(milliseconds: 10_000)
        #expect(bench.committed() == [:])
        #expect(bench.coordinator.list() == [])
    }

    @Test
    func offsetsOfTopicsNobodyReadsAnyMoreExpireInAStableGroup() {
        var bench = GroupBench(short)
        _ = bench.commit([0: 1], topic: "old")
        _ = bench.commit([0: 1], topic: "t")
        _ = bench.join(session: 1_000_000, protocols: [("range", subscription("t"))])
        bench.advance(milliseconds: 20)
        _ = bench.sync("c-1", generation: 1)
        bench.advance(milliseconds: 200_000)
        #expect(bench.committed() == ["t-0": 1])
    }

    @Test
    func nothingExpiresUnderATransactionOrWhileAGroupRebalances() {
        var bench = GroupBench(short)
        _ = bench.commit([0: 1])
        _ = bench.commit([0: 2], producer: 70)
        bench.advance(milliseconds: 200_000)
        #expect(bench.committed() == ["t-0": 1])
        bench.endTransaction(of: 70, commit: false)
        _ = bench.join(session: 1_000_000, rebalance: 1_000_000, protocols: [("range", subscription())])
        bench.advance(milliseconds: 20)
        #expect(bench.state == .completingRebalance)
        bench.advance(milliseconds: 200_000)
        #expect(bench.committed() == ["t-0": 1])
    }

    @Test
    func aClientMayAskForAnotherRetention() {
        var bench = GroupBench(short)
        let request = CommitRequest(
            groupId: "g", offsets: [.init(partition: partition, offset: 1)], retentionMilliseconds: 15_000)
        _ = bench.commit(request)
        bench.advance(milliseconds: 10_000)
        #expect(bench.committed() == ["t-0": 1])
        bench.advance(milliseconds: 10_000)
        #expect(bench.committed() == [:])
    }

    @Test
    func aTimestampFromNowhereOverflowsNothing() {
        var bench = GroupBench(short)
        for timestamp in [Int64.min, .max] {
            let request = CommitRequest(
                groupId: "g", offsets: [.init(partition: partition, offset: .max, timestamp: timestamp)],
                retentionMilliseconds: nil)
            #expect(bench.commit(request) == [.none])
            bench.advance(milliseconds: 10_000)
        }
        #expect(bench.committed() == ["t-0": .max])
    }

    @Test
    func anEmptyGroupWithNothingLeftIsDeletedButNotUnderAMemberThatWasToldItsId() {
        var bench = GroupBench(short)
        _ = bench.join(session: 15_000, known: true)
        bench.advance(milliseconds: 10_000)
        #expect(bench.coordinator.list().count == 1)
        bench.advance(milliseconds: 10_000)
        #expect(bench.coordinator.list() == [])
    }
}
