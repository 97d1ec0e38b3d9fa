import KrunWire
import Testing

@testable import KrunBroker

@Suite(.timeLimit(.minutes(1)))
struct GroupSyncingTests {
    /// Members `c-1` to `c-n` that were told generation 1.
    private func completing(_ count: Int, rebalance: Int = 60_000) -> GroupBench {
        var bench = GroupBench()
        for _ in 0..<count { _ = bench.join(rebalance: rebalance) }
        bench.advance(milliseconds: 20)
        bench.advance(milliseconds: 20)
        bench.joined = [:]
        bench.events = []
        return bench
    }

    @Test
    func followersWaitForTheLeadersAssignment() {
        var bench = completing(3)
        let before = bench.sync("c-2", generation: 1)
        #expect(bench.synced == [:])
        let leader = bench.sync("c-1", generation: 1, assigning: ["c-1": "one", "c-2": "two", "stranger": "none"])
        #expect(bench.synced == [before: .assigned("two"), leader: .assigned("one")])
        #expect(bench.state == .stable)
        let after = bench.sync("c-3", generation: 1)
        #expect(bench.synced[after] == .assigned(""), "the leader left it out")
        #expect(
            bench.events == [
                .assigned(
                    group: "g", generation: 1,
                    assignments: [
                        .init(memberId: "c-1", assignment: Array("one".utf8)),
                        .init(memberId: "c-2", assignment: Array("two".utf8)), .init(memberId: "c-3", assignment: []),
                    ]),
                .stateChanged(group: "g", from: .completingRebalance, to: .stable, generation: 1),
            ])
    }

    @Test
    func ofTwoAssignmentsToOneMemberTheLastCounts() {
        var bench = completing(1)
        let token = bench.token()
        let assignments = ["first", "last"].map { SyncRequest.Assignment(memberId: "c-1", assignment: Array($0.utf8)) }
        bench.take(
            bench.coordinator.sync(
                SyncRequest(token: token, groupId: "g", generation: 1, memberId: "c-1", assignments: assignments),
                now: bench.now))
        #expect(bench.synced == [token: .assigned("last")])
    }

    @Test
    func syncingChecksGroupMemberGenerationAndProtocolInThisOrder() {
        var bench = completing(2)
        let requests = [
            bench.sync("c-1", group: "", generation: 1),
            bench.sync("c-1", group: "other", generation: 1),
            bench.sync("c-9", generation: 7),
            bench.sync("c-1", generation: 1, instance: "i"),
            bench.sync("c-1", generation: 2, type: "connect"),
            bench.sync("c-1", generation: 1, type: "connect"),
            bench.sync("c-1", generation: 1, name: "sticky"),
        ]
        #expect(
            requests.map { bench.synced[$0]?.error } == [
                .invalidGroupId, .unknownMemberId, .unknownMemberId, .unknownMemberId, .illegalGeneration,
                .inconsistentGroupProtocol, .inconsistentGroupProtocol,
            ])
        // Before version 5 a member does not say what it believes was chosen.
        let old = bench.sync("c-1", generation: 1, type: nil, name: nil)
        #expect(bench.synced[old] == .assigned(""))
    }

    @Test
    func syncingDuringTheJoinPhaseIsAnsweredWithRebalanceInProgress() {
        var bench = GroupBench.stable(2)
        _ = bench.join()
        let token = bench.sync("c-2", generation: 1)
        #expect(bench.synced == [token: SyncAnswer(error: .rebalanceInProgress)])
    }

    @Test
    func aRebalanceBeforeTheAssignmentSendsTheWaitingBackToJoin() {
        var bench = completing(2)
        let waiting = bench.sync("c-2", generation: 1)
        let newcomer = bench.join()
        #expect(bench.synced == [waiting: SyncAnswer(error: .rebalanceInProgress)])
        #expect(bench.state == .preparingRebalance)
        _ = bench.join("c-2")
        let leader = bench.join("c-1")
        #expect(bench.joined[newcomer]?.generation == 2)
        #expect(bench.joined[leader]?.members.count == 3)
    }

    @Test
    func aMemberWaitsWithOneSync() {
        var bench = completing(2)
        let first = bench.sync("c-2", generation: 1)
        let second = bench.sync("c-2", generation: 1)
        #expect(bench.synced == [first: SyncAnswer(error: .rebalanceInProgress)])
        _ = bench.sync("c-1", generation: 1, assigning: ["c-2": "two"])
        #expect(bench.synced[second] == .assigned("two"))
    }

    /// KAFKA-12890: members that were told the generation and never ask for their assignment hold the others up.
    @Test
    func membersThatDoNotSyncWithinTheRebalanceTimeoutAreRemoved() {
        var bench = completing(3, rebalance: 500)
        let waiting = bench.sync("c-3", generation: 1)
        #expect(bench.due == 500)
        bench.advance(milliseconds: 500)
        #expect(bench.synced == [waiting: SyncAnswer(error: .rebalanceInProgress)])
        #expect(bench.members == ["c-3"])
        #expect(
            bench.events == [
                .memberRemoved(group: "g", memberId: "c-1", instanceId: nil, why: .didNotSync),
                .memberRemoved(group: "g", memberId: "c-2", instanceId: nil, why: .didNotSync),
                .rebalanceStarted(
                    group: "g", generation: 1, cause: .membersRemoved(memberIds: ["c-1", "c-2"], why: .didNotSync)),
                .stateChanged(group: "g", from: .completingRebalance, to: .preparingRebalance, generation: 1),
            ])
        let again = bench.join("c-3")
        #expect(bench.joined[again] == .generation(2, "c-3", leader: "c-3", members: [("c-3", "t")]))
    }

    @Test
    func aStableGroupLosesMembersThatNeverSyncedToo() {
        var bench = completing(2, rebalance: 500)
        _ = bench.sync("c-1", generation: 1)
        #expect(bench.state == .stable)
        bench.advance(milliseconds: 500)
        #expect(bench.state == .preparingRebalance)
        #expect(bench.members == ["c-1"])
    }

    @Test
    func aGroupWhoseMembersAllSyncedIsLeftAlone() {
        var bench = completing(2, rebalance: 500)
        bench.syncAll(2, generation: 1)
        #expect(bench.due == 10_000)
    }

    @Test
    func aMemberThatWaitsForItsAssignmentNeedsNoHeartbeat() {
        var bench = completing(2)
        let waiting = bench.sync("c-2", generation: 1)
        for _ in 0..<5 {
            bench.advance(milliseconds: 9_999)
            #expect(bench.heartbeat("c-1", generation: 1) == .none)
        }
        #expect(bench.synced == [:])
        _ = bench.sync("c-1", generation: 1, assigning: ["c-2": "two"])
        #expect(bench.synced[waiting] == .assigned("two"))
        bench.advance(milliseconds: 9_999)
        #expect(bench.members == ["c-1", "c-2"])
        bench.advance(milliseconds: 1)
        #expect(bench.members == [])
    }
}
