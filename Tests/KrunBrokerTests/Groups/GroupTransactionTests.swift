import KrunWire
import Testing

@testable import KrunBroker

@Suite(.timeLimit(.minutes(1)))
struct GroupTransactionTests {
    private let partition = GroupPartition(topic: "t", partition: 0)

    private func fetch(
        _ bench: GroupBench, _ partitions: [Int32], group: String = "g", stable: Bool = false
    ) -> [FetchedOffset] {
        bench.coordinator.fetchOffsets(
            group: group, partitions: partitions.map { GroupPartition(topic: "t", partition: $0) },
            requireStable: stable)
    }

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
}
