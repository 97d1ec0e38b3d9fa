import KrunWire
import Testing

@testable import KrunBroker

@Suite(.timeLimit(.minutes(1)))
struct GroupLeavingTests {
    @Test
    func heartbeatsKeepAMemberAndTellItOfARebalance() {
        var bench = GroupBench.stable(2)
        bench.advance(milliseconds: 9_999)
        #expect(bench.heartbeat("c-1", generation: 1) == .none)
        bench.advance(milliseconds: 1)
        #expect(bench.members == ["c-1"])
        #expect(bench.heartbeat("c-1", generation: 1) == .rebalanceInProgress)
        #expect(bench.heartbeat("c-2", generation: 1) == .unknownMemberId)
        #expect(
            bench.events == [
                .memberRemoved(group: "g", memberId: "c-2", instanceId: nil, why: .sessionExpired),
                .rebalanceStarted(
                    group: "g", generation: 1, cause: .membersRemoved(memberIds: ["c-2"], why: .sessionExpired)),
                .stateChanged(group: "g", from: .stable, to: .preparingRebalance, generation: 1),
            ])
    }

    @Test
    func aHeartbeatChecksGroupMemberAndGenerationInThisOrder() {
        var bench = GroupBench.stable(1)
        #expect(bench.heartbeat("c-1", group: "", generation: 1) == .invalidGroupId)
        #expect(bench.heartbeat("c-1", group: "other", generation: 1) == .unknownMemberId)
        #expect(bench.heartbeat("c-2", generation: 9) == .unknownMemberId)
        #expect(bench.heartbeat("c-1", generation: 0) == .illegalGeneration)
        #expect(bench.heartbeat("c-1", generation: 1) == .none)
        _ = bench.leave("c-1")
        #expect(bench.heartbeat("c-1", generation: 2) == .unknownMemberId)
    }

    @Test
    func aHeartbeatBeforeTheAssignmentCounts() {
        var bench = GroupBench()
        _ = bench.join()
        bench.advance(milliseconds: 20)
        bench.advance(milliseconds: 9_000)
        #expect(bench.heartbeat("c-1", generation: 1) == .none)
        #expect(bench.due == 10_000)
    }

    /// The others learn of it from their heartbeats, and the group settles with the last of them.
    @Test
    func aLeaveSettlesAsSoonAsTheOthersHaveRejoined() {
        var bench = GroupBench.stable(3)
        #expect(bench.leave("c-1") == [.none])
        #expect(bench.state == .preparingRebalance)
        #expect(bench.heartbeat("c-2", generation: 1) == .rebalanceInProgress)
        let second = bench.join("c-2")
        let third = bench.join("c-3")
        #expect(
            bench.joined == [
                second: .generation(2, "c-2", leader: "c-2", members: [("c-2", "t"), ("c-3", "t")]),
                third: .generation(2, "c-3", leader: "c-2"),
            ])
        let follower = bench.sync("c-3", generation: 2)
        _ = bench.sync("c-2", generation: 2, assigning: ["c-3": "half"])
        #expect(bench.synced[follower] == .assigned("half"))
        #expect(bench.state == .stable)
    }

    @Test
    func theLastToLeaveEmptiesTheGroupInANewGeneration() {
        var bench = GroupBench.stable(1)
        #expect(bench.leave("c-1") == [.none])
        #expect(
            bench.events == [
                .memberRemoved(group: "g", memberId: "c-1", instanceId: nil, why: .left(reason: nil)),
                .rebalanceStarted(
                    group: "g", generation: 1,
                    cause: .membersRemoved(memberIds: ["c-1"], why: .left(reason: nil))),
                .stateChanged(group: "g", from: .stable, to: .preparingRebalance, generation: 1),
                .stateChanged(group: "g", from: .preparingRebalance, to: .empty, generation: 2),
            ])
        #expect(bench.coordinator.list() == [GroupOverview(groupId: "g", protocolType: "consumer", state: .empty)])
    }

    @Test
    func leavingAndRejoiningTakesTwoGenerations() {
        var bench = GroupBench.stable(2)
        _ = bench.leave("c-2")
        _ = bench.join("c-1")
        _ = bench.sync("c-1", generation: 2)
        let back = bench.join()
        _ = bench.join("c-1")
        #expect(bench.joined[back] == .generation(3, "c-3", leader: "c-1"))
    }

    /// Version 3 and later: many at once, by id or by instance id, and one rebalance for all.
    @Test
    func aBatchLeavesAtOnce() {
        var bench = GroupBench.stable(2)
        let told = bench.join(known: true)
        #expect(bench.joined[told]?.memberId == "c-3")
        let answer = bench.leave([
            .init(memberId: "c-2", reason: "done"), .init(memberId: "c-3", reason: "gone"), .init(memberId: "c-9"),
            .init(memberId: "c-1", instanceId: "i"), .init(memberId: "", instanceId: "i"), .init(memberId: ""),
            .init(memberId: "c-2"),
        ])
        #expect(
            answer
                == LeaveAnswer(
                    error: .none,
                    members: [
                        .init(memberId: "c-2", error: .none), .init(memberId: "c-3", error: .none),
                        .init(memberId: "c-9", error: .unknownMemberId),
                        .init(memberId: "c-1", instanceId: "i", error: .unknownMemberId),
                        .init(memberId: "", instanceId: "i", error: .unknownMemberId),
                        .init(memberId: "", error: .unknownMemberId), .init(memberId: "c-2", error: .unknownMemberId),
                    ]))
        #expect(
            bench.events.dropFirst() == [
                .memberRemoved(group: "g", memberId: "c-2", instanceId: nil, why: .left(reason: "done")),
                .memberRemoved(group: "g", memberId: "c-3", instanceId: nil, why: .left(reason: "gone")),
                .rebalanceStarted(
                    group: "g", generation: 1, cause: .membersRemoved(memberIds: ["c-2"], why: .left(reason: "done"))),
                .stateChanged(group: "g", from: .stable, to: .preparingRebalance, generation: 1),
            ])
    }

    /// It had no part in the generation.
    @Test
    func aMemberThatWasOnlyToldItsIdLeavesAStableGroupInPeace() {
        var bench = GroupBench.stable(1)
        _ = bench.join(known: true)
        #expect(bench.leave("c-2") == [.none])
        #expect(bench.state == .stable)
        _ = bench.join(known: true)
        let leader = bench.join("c-1")
        #expect(bench.joined[leader] == nil)
        #expect(bench.leave("c-3") == [.none])
        #expect(bench.joined[leader]?.generation == 2)
    }

    @Test
    func leavingChecksTheGroup() {
        var bench = GroupBench()
        #expect(bench.leave([.init(memberId: "m")], group: "") == LeaveAnswer(error: .invalidGroupId))
        let unknown = bench.leave([.init(memberId: "m", instanceId: "i")])
        #expect(
            unknown
                == LeaveAnswer(
                    error: .none, members: [.init(memberId: "m", instanceId: "i", error: .unknownMemberId)]))
        #expect(unknown.singleError == .unknownMemberId)
        #expect(LeaveAnswer(error: .invalidGroupId).singleError == .invalidGroupId)
        #expect(LeaveAnswer(error: .none).singleError == .none)
    }

    @Test
    func whatALeavingMemberWaitsForIsAnswered() {
        var bench = GroupBench.stable(2)
        let join = bench.join("c-1")
        _ = bench.leave("c-1")
        #expect(bench.joined == [join: JoinAnswer(error: .unknownMemberId, memberId: "")])
        _ = bench.join("c-2")
        _ = bench.join()
        _ = bench.join("c-2")
        let sync = bench.sync("c-3", generation: 3)
        _ = bench.leave("c-3")
        #expect(bench.synced == [sync: SyncAnswer(error: .unknownMemberId)])
        #expect(bench.state == .preparingRebalance)
    }

    @Test
    func anExpelledMemberGoesAsIfItsSessionHadEndedEvenWhileItWaits() {
        var bench = GroupBench.stable(2)
        bench.take(bench.coordinator.expelMember(group: "g", memberId: "c-2", now: bench.now))
        #expect(bench.state == .preparingRebalance)
        let leader = bench.join("c-1")
        #expect(bench.joined[leader]?.generation == 2)
        let newcomer = bench.join()
        bench.take(bench.coordinator.expelMember(group: "g", memberId: "c-3", now: bench.now))
        #expect(bench.joined[newcomer] == JoinAnswer(error: .unknownMemberId, memberId: ""))
        _ = bench.join("c-1")
        let sync = bench.sync("c-1", generation: 3)
        #expect(bench.synced[sync]?.error == SyncAnswer(error: .none).error)
        _ = bench.join(known: true)
        bench.take(bench.coordinator.expelMember(group: "g", memberId: "c-4", now: bench.now))
        #expect(
            bench.events.last == .memberRemoved(group: "g", memberId: "c-4", instanceId: nil, why: .expelled))
        #expect(bench.coordinator.expelMember(group: "g", memberId: "c-4", now: bench.now) == [])
        #expect(bench.coordinator.expelMember(group: "other", memberId: "c-1", now: bench.now) == [])
    }

    /// Another broker takes over: nobody is removed, and who waited has its session to find the new coordinator.
    @Test
    func pendingRequestsCanBeSentToAnotherCoordinator() {
        var bench = GroupBench.stable(2)
        let joining = bench.join("c-1")
        bench.advance(milliseconds: 9_000)
        _ = bench.heartbeat("c-2", generation: 1)
        #expect(bench.coordinator.waitingTokens(ofGroup: "g") == [joining])
        bench.take(bench.coordinator.abortPending(group: "g", now: bench.now))
        #expect(bench.joined == [joining: JoinAnswer(error: .notCoordinator, memberId: "c-1")])
        #expect(bench.coordinator.waitingTokens(ofGroup: "g") == [])
        #expect(bench.due == 10_000)
        _ = bench.join("c-2")
        let again = bench.join("c-1")
        #expect(bench.joined[again]?.generation == 2)
        let syncing = bench.sync("c-2", generation: 2)
        bench.take(bench.coordinator.abortPending(group: "g", now: bench.now))
        #expect(bench.synced == [syncing: SyncAnswer(error: .notCoordinator)])
        bench.syncAll(2, generation: 2)
        #expect(bench.state == .stable)
        #expect(bench.coordinator.abortPending(group: "g", now: bench.now) == [])
        #expect(bench.coordinator.abortPending(group: "other", now: bench.now) == [])
    }

    @Test
    func aSyncSentElsewhereIsOwedAgain() {
        var bench = GroupBench()
        for _ in 0..<2 { _ = bench.join(rebalance: 500) }
        bench.advance(milliseconds: 20)
        bench.advance(milliseconds: 20)
        _ = bench.sync("c-2", generation: 1)
        bench.take(bench.coordinator.abortPending(group: "g", now: bench.now))
        _ = bench.sync("c-1", generation: 1)
        bench.advance(milliseconds: 500)
        #expect(bench.members == ["c-1"])
    }

    /// Cooperative rebalancing asks nothing more of a coordinator: a member that had to give partitions up joins again
    /// with what it kept in its metadata, and that is a second rebalance.
    @Test
    func aCooperativeRebalanceTakesTwoGenerations() {
        var bench = GroupBench()
        _ = bench.join(protocols: [("cooperative-sticky", "owns nothing")])
        bench.advance(milliseconds: 20)
        _ = bench.sync("c-1", generation: 1, name: "cooperative-sticky", assigning: ["c-1": "0 1"])
        _ = bench.join(protocols: [("cooperative-sticky", "owns nothing")])
        #expect(bench.heartbeat("c-1", generation: 1) == .rebalanceInProgress)
        // It keeps reading, and may commit, while the others join.
        #expect(bench.commit([0: 5, 1: 7], member: "c-1", generation: 1) == [.none, .none])
        _ = bench.join("c-1", protocols: [("cooperative-sticky", "owns 0 1")])
        let waits = bench.sync("c-2", generation: 2, name: "cooperative-sticky")
        _ = bench.sync("c-1", generation: 2, name: "cooperative-sticky", assigning: ["c-1": "0", "c-2": ""])
        #expect(bench.synced[waits] == .assigned("", protocol: "cooperative-sticky"))
        #expect(bench.state == .stable)
        // It gave 1 up, and joins again to say so.
        let leader = bench.join("c-1", protocols: [("cooperative-sticky", "owns 0")])
        #expect(bench.heartbeat("c-2", generation: 2) == .rebalanceInProgress)
        _ = bench.join("c-2", protocols: [("cooperative-sticky", "owns nothing")])
        #expect(
            bench.joined[leader]
                == .generation(
                    3, "c-1", leader: "c-1", members: [("c-1", "owns 0"), ("c-2", "owns nothing")],
                    protocol: "cooperative-sticky"))
        let gets = bench.sync("c-2", generation: 3, name: "cooperative-sticky")
        _ = bench.sync("c-1", generation: 3, name: "cooperative-sticky", assigning: ["c-1": "0", "c-2": "1"])
        #expect(bench.synced[gets] == .assigned("1", protocol: "cooperative-sticky"))
    }
}
