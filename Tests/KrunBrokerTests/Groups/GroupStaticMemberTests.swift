import KrunWire
import Testing

@testable import KrunBroker

/// Static members (KIP-345): a member that comes back with its `group.instance.id` takes its former place.
@Suite(.timeLimit(.minutes(1)))
struct GroupStaticMemberTests {
    /// Static members `a-1` and `b-2`, assigned `a1` and `a2` in generation 1.
    private func stable(_ change: (inout GroupConfiguration) -> Void = { _ in }) -> GroupBench {
        var bench = GroupBench(change)
        _ = bench.join(instance: "a", protocols: [("range", "t"), ("sticky", "t")])
        _ = bench.join(instance: "b", protocols: [("range", "t"), ("sticky", "t")])
        bench.advance(milliseconds: 20)
        bench.advance(milliseconds: 20)
        _ = bench.sync("b-2", generation: 1, instance: "b")
        _ = bench.sync("a-1", generation: 1, instance: "a", assigning: ["a-1": "a1", "b-2": "a2"])
        bench.events = []
        bench.joined = [:]
        bench.synced = [:]
        return bench
    }

    private let protocols = [("range", "t"), ("sticky", "t")]

    private func all(_ first: String, _ second: String) -> [JoinAnswer.Member] {
        [
            .init(memberId: first, instanceId: "a", metadata: Array("t".utf8)),
            .init(memberId: second, instanceId: "b", metadata: Array("t".utf8)),
        ]
    }

    /// A static member is never sent back with an id to use.
    @Test
    func aStaticMemberJoinsWithoutARoundTrip() {
        var bench = GroupBench()
        let token = bench.join(instance: "a", known: true)
        bench.advance(milliseconds: 20)
        #expect(bench.joined[token]?.members.map(\.instanceId) == ["a"])
        #expect(bench.joined[token]?.memberId == "a-1")
    }

    @Test
    func aFollowerThatComesBackIsToldItsGenerationWithoutARebalance() {
        var bench = stable()
        let back = bench.join(instance: "b", protocols: protocols)
        #expect(bench.joined == [back: .generation(1, "b-3", leader: "a-1")])
        #expect(bench.state == .stable)
        let sync = bench.sync("b-3", generation: 1, instance: "b")
        #expect(bench.synced == [sync: .assigned("a2")])
        #expect(
            bench.events == [.memberReplaced(group: "g", instanceId: "b", oldMemberId: "b-2", memberId: "b-3")])
    }

    /// KIP-814: the leader is told all it needs to lead, and not to assign.
    @Test
    func aLeaderThatComesBackIsToldToSkipTheAssignment() {
        var bench = stable()
        let back = bench.join(instance: "a", protocols: protocols)
        var expected = JoinAnswer.generation(1, "a-3", leader: "a-3", skip: true)
        expected.members = all("a-3", "b-2")
        #expect(bench.joined == [back: expected])
        let sync = bench.sync("a-3", generation: 1, instance: "a")
        #expect(bench.synced == [sync: .assigned("a1")])
    }

    /// A leader that does not know `skipAssignment` would assign anew if it were told that it leads.
    @Test
    func aLeaderBeforeVersionNineIsToldItsFormerIdLeads() {
        var bench = stable()
        let back = bench.join(instance: "a", protocols: protocols, skipping: false)
        #expect(bench.joined == [back: .generation(1, "a-3", leader: "a-1")])
        // It leads all the same: its next JoinGroup rebalances.
        _ = bench.join("a-3", instance: "a", protocols: protocols)
        #expect(bench.state == .preparingRebalance)
    }

    @Test
    func theFormerIdIsFencedEverywhere() {
        var bench = stable()
        _ = bench.join(instance: "b", protocols: protocols)
        bench.joined = [:]
        let join = bench.join("b-2", instance: "b", protocols: protocols)
        let sync = bench.sync("b-2", generation: 1, instance: "b")
        #expect(bench.joined == [join: JoinAnswer(error: .fencedInstanceId, memberId: "b-2")])
        #expect(bench.synced == [sync: SyncAnswer(error: .fencedInstanceId)])
        #expect(bench.heartbeat("b-2", generation: 1, instance: "b") == .fencedInstanceId)
        #expect(bench.heartbeat("b-2", generation: 1) == .unknownMemberId)
        #expect(bench.heartbeat("b-3", generation: 1, instance: "no") == .unknownMemberId)
        #expect(bench.heartbeat("b-3", generation: 1, instance: "b") == .none)
        let offset = CommitRequest.Offset(partition: GroupPartition(topic: "t", partition: 0), offset: 1)
        let commit = CommitRequest(groupId: "g", generation: 1, memberId: "b-2", instanceId: "b", offsets: [offset])
        #expect(bench.commit(commit) == [.fencedInstanceId])
        #expect(
            bench.leave([.init(memberId: "b-2", instanceId: "b")]).members == [
                .init(memberId: "b-2", instanceId: "b", error: .fencedInstanceId)
            ])
    }

    @Test
    func aWaitingRequestOfTheFormerIdIsFenced() {
        var bench = stable()
        let old = bench.join("a-1", instance: "a", protocols: protocols)
        let new = bench.join(instance: "a", protocols: protocols)
        #expect(bench.joined == [old: JoinAnswer(error: .fencedInstanceId, memberId: "a-1")])
        _ = bench.join("b-2", instance: "b", protocols: protocols)
        #expect(bench.joined[new]?.members == all("a-3", "b-2"))
        let sync = bench.sync("b-2", generation: 2, instance: "b")
        bench.joined = [:]
        _ = bench.join(instance: "b", protocols: protocols)
        #expect(bench.synced == [sync: SyncAnswer(error: .fencedInstanceId)])
    }

    /// Kafka looks at the choice of the assignor only: a changed subscription waits for the next rebalance.
    @Test
    func comingBackRebalancesWhenItChangesTheChoiceOfTheAssignor() {
        var bench = stable()
        _ = bench.join(instance: "b", protocols: [("range", "other"), ("sticky", "other")])
        #expect(bench.state == .stable)
        _ = bench.join(instance: "b", protocols: [("sticky", "t")])
        #expect(bench.state == .preparingRebalance)
        let leader = bench.join("a-1", instance: "a", protocols: protocols)
        #expect(bench.joined[leader]?.protocolName == "sticky")
    }

    /// The leader was told an id that nobody answers to any more.
    @Test
    func comingBackBeforeTheAssignmentRebalances() {
        var bench = GroupBench()
        _ = bench.join(instance: "a")
        bench.advance(milliseconds: 20)
        #expect(bench.state == .completingRebalance)
        let back = bench.join(instance: "a")
        #expect(bench.joined[back]?.generation == 2)
        #expect(bench.joined[back]?.memberId == "a-2")
    }

    @Test
    func aStaticMemberThatIsAwayKeepsItsPlaceUntilItsSessionEnds() {
        var bench = stable()
        let leader = bench.join("a-1", rebalance: 60_000, protocols: protocols)
        for _ in 0..<6 {
            bench.advance(milliseconds: 9_999)
            #expect(bench.heartbeat("b-2", generation: 1) == .rebalanceInProgress)
        }
        bench.advance(milliseconds: 6)
        #expect(bench.joined[leader]?.generation == 2)
        #expect(bench.members == ["a-1", "b-2"])
        // From the new generation on it has a session timeout to come back, as everyone has.
        _ = bench.sync("a-1", generation: 2, assigning: ["a-1": "all"])
        bench.advance(milliseconds: 9_999)
        _ = bench.heartbeat("a-1", generation: 2)
        #expect(bench.members == ["a-1", "b-2"])
        bench.advance(milliseconds: 1)
        #expect(bench.members == ["a-1"])
        #expect(
            bench.events.contains(.memberRemoved(group: "g", memberId: "b-2", instanceId: "b", why: .sessionExpired)))
    }

    @Test
    func aJoinPhaseThatNobodyJoinsGoesOn() {
        var bench = GroupBench()
        for instance in ["a", "b"] { _ = bench.join(instance: instance, session: 300, rebalance: 50) }
        bench.advance(milliseconds: 20)
        bench.advance(milliseconds: 20)
        _ = bench.sync("a-1", generation: 1)
        _ = bench.sync("b-2", generation: 1)
        // The group rebalances without a waiting member.
        _ = bench.leave([.init(memberId: "", instanceId: "a")])
        #expect(bench.due == 50)
        bench.advance(milliseconds: 50)
        #expect(bench.state == .preparingRebalance)
        #expect(bench.due == 50)
        #expect(bench.members == ["b-2"])
        let back = bench.join("b-2", instance: "b")
        #expect(bench.joined[back]?.generation == 2)
    }

    @Test
    func aJoinPhaseThatNobodyJoinsAndMayTakeNoTimeComesDueAgainLater() {
        var bench = GroupBench()
        _ = bench.join(instance: "a", session: 300, rebalance: 50)
        _ = bench.join(instance: "b", session: 300, rebalance: 0)
        bench.advance(milliseconds: 20)
        bench.advance(milliseconds: 20)
        _ = bench.sync("a-1", generation: 1)
        _ = bench.sync("b-2", generation: 1)
        _ = bench.leave([.init(memberId: "", instanceId: "a")])
        bench.advance(milliseconds: 0)
        #expect(bench.due == 1)
        bench.advance(milliseconds: 300)
        #expect(bench.state == .empty)
    }

    /// The new id owes the SyncGroup that the old one did not send.
    @Test
    func aMemberThatComesBackInsteadOfSyncingOwesTheSync() {
        var bench = GroupBench()
        for instance in ["a", "b"] { _ = bench.join(instance: instance, rebalance: 400) }
        bench.advance(milliseconds: 20)
        bench.advance(milliseconds: 20)
        _ = bench.sync("a-1", generation: 1)
        _ = bench.join(instance: "b")
        _ = bench.sync("b-3", generation: 1)
        bench.advance(milliseconds: 400)
        #expect(bench.state == .stable)
        #expect(bench.members == ["a-1", "b-3"])
    }

    @Test
    func anInstanceIdMayBeUsedAgainAfterItsMemberLeft() {
        var bench = stable()
        #expect(
            bench.leave([.init(memberId: "", instanceId: "b"), .init(memberId: "", instanceId: "b")]).members == [
                .init(memberId: "", instanceId: "b", error: .none),
                .init(memberId: "", instanceId: "b", error: .unknownMemberId),
            ])
        let token = bench.join(instance: "b", protocols: protocols)
        _ = bench.join("a-1", instance: "a", protocols: protocols)
        #expect(bench.joined[token]?.memberId == "b-3")
        #expect(bench.joined[token]?.generation == 2)
    }
}
