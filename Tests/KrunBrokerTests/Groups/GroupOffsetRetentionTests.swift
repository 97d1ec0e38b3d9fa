import KrunWire
import Testing

@testable import KrunBroker

@Suite(.timeLimit(.minutes(1)))
struct GroupOffsetRetentionTests {
    private let partition = GroupPartition(topic: "t", partition: 0)

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
        _ = bench.join(session: 1_000_000, protocols: [("range", GroupBench.subscription("t"))])
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
        _ = bench.join(session: 1_000_000, rebalance: 1_000_000, protocols: [("range", GroupBench.subscription())])
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
