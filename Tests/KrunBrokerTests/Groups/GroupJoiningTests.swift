import KrunWire
import Testing

@testable import KrunBroker

@Suite(.timeLimit(.minutes(1)))
struct GroupJoiningTests {
    @Test
    func aGroupFormsInOneGeneration() {
        var bench = GroupBench()
        let first = bench.join(protocols: [("range", "one")])
        let second = bench.join(protocols: [("range", "two")])
        #expect(bench.joined.isEmpty)
        #expect(bench.state == .preparingRebalance)
        bench.advance(milliseconds: 40)
        #expect(bench.state == .preparingRebalance, "expire was not called in time, and does not catch up")
        bench.advance(milliseconds: 20)
        #expect(
            bench.joined == [
                first: .generation(1, "c-1", leader: "c-1", members: [("c-1", "one"), ("c-2", "two")]),
                second: .generation(1, "c-2", leader: "c-1"),
            ])
        #expect(bench.state == .completingRebalance)
    }

    /// KIP-394: a member without an id is told one, and joins with it; the round trip creates no member.
    @Test
    func aMemberWithoutAnIdIsToldOne() {
        var bench = GroupBench()
        let first = bench.join(client: "reader", known: true)
        #expect(bench.joined == [first: JoinAnswer(error: .memberIdRequired, memberId: "reader-1")])
        #expect(bench.state == .empty)
        #expect(bench.members == [])
        let second = bench.join("reader-1", client: "reader", known: true)
        bench.advance(milliseconds: 20)
        #expect(bench.joined[second] == .generation(1, "reader-1", leader: "reader-1", members: [("reader-1", "t")]))
    }

    @Test
    func anIdThatIsNotUsedIsForgottenAfterTheSessionTimeout() {
        var bench = GroupBench()
        _ = bench.join(session: 300, known: true)
        #expect(bench.due == 300)
        bench.advance(milliseconds: 300)
        let late = bench.join("c-1", known: true)
        #expect(bench.joined[late] == JoinAnswer(error: .unknownMemberId, memberId: "c-1"))
        #expect(
            bench.events == [
                .memberIdGiven(group: "g", memberId: "c-1"),
                .memberRemoved(group: "g", memberId: "c-1", instanceId: nil, why: .sessionExpired),
            ])
    }

    /// A rebalance waits for a member that was told its id, as for any other.
    @Test
    func aJoinPhaseWaitsForMembersThatWereToldTheirIds() {
        var bench = GroupBench.stable(1)
        let newcomer = bench.join(known: true)
        #expect(bench.state == .stable)
        let leader = bench.join("c-1")
        #expect(bench.state == .preparingRebalance)
        #expect(bench.joined[leader] == nil)
        let again = bench.join("c-2", known: true)
        #expect(
            bench.joined == [
                newcomer: JoinAnswer(error: .memberIdRequired, memberId: "c-2"),
                leader: .generation(2, "c-1", leader: "c-1", members: [("c-1", "t"), ("c-2", "t")]),
                again: .generation(2, "c-2", leader: "c-1"),
            ])
    }

    @Test
    func theJoinPhaseEndsWithoutMembersThatWereToldTheirIdsAndStayAway() {
        var bench = GroupBench.stable(1)
        _ = bench.join(session: 100, known: true)
        let leader = bench.join("c-1")
        bench.advance(milliseconds: 100)
        #expect(bench.joined[leader] == .generation(2, "c-1", leader: "c-1", members: [("c-1", "t")]))
    }

    @Test
    func joiningChecksTheRequestBeforeTheGroup() {
        var bench = GroupBench {
            $0.minSessionTimeout = .milliseconds(50); $0.maxSessionTimeout = .milliseconds(500)
        }
        let noGroup = bench.join(group: "", session: 1)
        let short = bench.join(session: 49)
        let long = bench.join(session: 501)
        let unknown = bench.join("someone", session: 500)
        #expect(
            bench.joined == [
                noGroup: JoinAnswer(error: .invalidGroupId, memberId: ""),
                short: JoinAnswer(error: .invalidSessionTimeout, memberId: ""),
                long: JoinAnswer(error: .invalidSessionTimeout, memberId: ""),
                unknown: JoinAnswer(error: .unknownMemberId, memberId: "someone"),
            ])
        #expect(bench.coordinator.list() == [])
    }

    @Test
    func aMemberNeedsTheGroupsTypeAndAProtocolOfAll() {
        var bench = GroupBench()
        let noProtocol = bench.join(protocols: [])
        let noType = bench.join(type: "")
        _ = bench.join(protocols: [("range", ""), ("sticky", "")])
        let otherType = bench.join(type: "connect", protocols: [("range", "")])
        let otherProtocol = bench.join(protocols: [("roundrobin", "")])
        let fits = bench.join(protocols: [("roundrobin", ""), ("sticky", "")])
        let member = bench.join("c-2", protocols: [("range", "")])
        let refused = JoinAnswer(error: .inconsistentGroupProtocol, memberId: "")
        #expect(
            bench.joined == [
                noProtocol: refused, noType: refused, otherType: refused, otherProtocol: refused,
                member: JoinAnswer(error: .inconsistentGroupProtocol, memberId: "c-2"),
            ])
        bench.advance(milliseconds: 20)
        bench.advance(milliseconds: 20)
        #expect(bench.joined[fits] == .generation(1, "c-2", leader: "c-1", protocol: "sticky"))
    }

    /// Each member votes for the first of its protocols that all know.
    @Test
    func theProtocolWithTheMostVotesIsChosen() {
        var bench = GroupBench()
        let range = bench.join(protocols: [("range", ""), ("sticky", ""), ("roundrobin", "")])
        _ = bench.join(protocols: [("other", ""), ("sticky", ""), ("range", "")])
        _ = bench.join(protocols: [("sticky", ""), ("range", ""), ("roundrobin", "")])
        bench.advance(milliseconds: 20)
        bench.advance(milliseconds: 20)
        #expect(bench.joined[range]?.protocolName == "sticky")
    }

    @Test
    func ofProtocolsWithEqualVotesTheFirstMembersIsChosen() {
        var bench = GroupBench()
        let first = bench.join(protocols: [("sticky", ""), ("range", "")])
        _ = bench.join(protocols: [("range", ""), ("sticky", "")])
        bench.advance(milliseconds: 20)
        bench.advance(milliseconds: 20)
        #expect(bench.joined[first]?.protocolName == "sticky")
    }

    /// Only a leader may have reasons that the broker does not see, such as a topic that grew.
    @Test
    func inAStableGroupTheLeaderRebalancesByJoiningAndOthersByNewMetadata() {
        var bench = GroupBench.stable(2)
        let same = bench.join("c-2")
        #expect(bench.joined == [same: .generation(1, "c-2", leader: "c-1")])
        #expect(bench.state == .stable)
        let changed = bench.join("c-2", protocols: [("range", "changed")])
        #expect(bench.state == .preparingRebalance)
        let leader = bench.join("c-1")
        #expect(bench.joined[changed] == .generation(2, "c-2", leader: "c-1"))
        #expect(
            bench.joined[leader] == .generation(2, "c-1", leader: "c-1", members: [("c-1", "t"), ("c-2", "changed")]))
        bench.syncAll(2, generation: 2)
        _ = bench.join("c-1")
        #expect(bench.state == .preparingRebalance)
    }

    /// The answer to the first request may have been lost.
    @Test
    func joiningTwiceBeforeTheAssignmentIsAnsweredWithTheSameGeneration() {
        var bench = GroupBench()
        let first = bench.join()
        bench.advance(milliseconds: 20)
        let again = bench.join("c-1")
        #expect(bench.joined[again] == bench.joined[first])
        #expect(bench.joined[again]?.generation == 1)
        let changed = bench.join("c-1", protocols: [("range", "changed")])
        #expect(bench.joined[changed] == .generation(2, "c-1", leader: "c-1", members: [("c-1", "changed")]))
    }

    /// A second request of a member that waits takes the place of the first, which is answered all the same.
    @Test
    func aMemberWaitsWithOneRequest() {
        var bench = GroupBench.stable(2)
        let first = bench.join("c-1")
        let second = bench.join("c-1")
        #expect(bench.joined == [first: JoinAnswer(error: .rebalanceInProgress, memberId: "c-1")])
        _ = bench.join("c-2")
        #expect(bench.joined[second]?.generation == 2)
    }

    @Test
    func aJoinPhaseEndsAsSoonAsAllHaveRejoined() {
        var bench = GroupBench.stable(3)
        let newcomer = bench.join()
        #expect(bench.state == .preparingRebalance)
        for member in 1...3 {
            #expect(bench.joined[newcomer] == nil)
            _ = bench.join("c-\(member)")
        }
        #expect(bench.joined[newcomer] == .generation(2, "c-4", leader: "c-1"))
    }

    @Test
    func membersThatDoNotRejoinWithinTheRebalanceTimeoutAreRemoved() {
        var bench = GroupBench.stable(3)
        _ = bench.join("c-2", rebalance: 9_000, protocols: [("range", "changed")])
        let other = bench.join("c-3", rebalance: 9_000)
        bench.advance(milliseconds: 9_000)
        #expect(bench.heartbeat("c-1", generation: 1) == .rebalanceInProgress)
        bench.advance(milliseconds: 9_000)
        #expect(bench.heartbeat("c-1", generation: 1) == .rebalanceInProgress)
        for _ in 0..<5 {
            bench.advance(milliseconds: 8_399)
            #expect(bench.heartbeat("c-1", generation: 1) == .rebalanceInProgress)
        }
        bench.advance(milliseconds: 4)
        #expect(bench.joined[other] == nil)
        // The longest rebalance timeout of the members counts, and c-1 gave a minute.
        bench.advance(milliseconds: 1)
        #expect(bench.joined[other] == .generation(2, "c-3", leader: "c-2"))
        #expect(bench.members == ["c-2", "c-3"])
        #expect(
            bench.events.contains(.memberRemoved(group: "g", memberId: "c-1", instanceId: nil, why: .didNotRejoin)))
        #expect(bench.heartbeat("c-1", generation: 1) == .unknownMemberId)
    }

    @Test
    func aNewMemberDoesNotWaitForEver() {
        var bench = GroupBench.stable(1) { $0.newMemberJoinTimeout = .milliseconds(700) }
        let newcomer = bench.join()
        bench.advance(milliseconds: 699)
        #expect(bench.joined == [:])
        bench.advance(milliseconds: 1)
        #expect(bench.joined == [newcomer: JoinAnswer(error: .unknownMemberId, memberId: "")])
        #expect(bench.members == ["c-1"])
    }

    @Test
    func aRejoiningMemberThatWaitsNeedsNoHeartbeat() {
        var bench = GroupBench.stable(2)
        let waiting = bench.join("c-1", session: 10)
        bench.advance(milliseconds: 9_000)
        _ = bench.heartbeat("c-2", generation: 1)
        bench.advance(milliseconds: 9_000)
        _ = bench.heartbeat("c-2", generation: 1)
        #expect(bench.joined[waiting] == nil)
        _ = bench.join("c-2")
        #expect(bench.joined[waiting]?.generation == 2)
        bench.advance(milliseconds: 10)
        #expect(bench.members == ["c-2"], "its session counts again from the answer")
    }

    @Test
    func aGroupFullOfMembersTakesNoMore() {
        var bench = GroupBench.stable(2) { $0.maxSize = 2 }
        let third = bench.join()
        let full = JoinAnswer(error: .groupMaxSizeReached, memberId: "")
        #expect(bench.joined == [third: full])
        #expect(bench.state == .stable)
        _ = bench.leave("c-2")
        let waiting = bench.join()
        #expect(bench.state == .preparingRebalance)
        let other = bench.join()
        // Those who wait are counted: the last to rejoin is the one left out.
        let member = bench.join("c-1")
        #expect(bench.joined[member] == full)
        #expect(bench.joined[waiting] == .generation(2, "c-3", leader: "c-3", members: [("c-3", "t"), ("c-4", "t")]))
        #expect(bench.joined[other] == .generation(2, "c-4", leader: "c-3"))
        #expect(
            bench.events.contains(.memberRemoved(group: "g", memberId: "c-1", instanceId: nil, why: .groupFull)))
    }

    @Test
    func aMemberThatWasToldItsIdIsNoStaticMember() {
        var bench = GroupBench()
        _ = bench.join(known: true)
        let token = bench.join("c-1", instance: "i")
        #expect(bench.joined[token] == JoinAnswer(error: .unknownServerError, memberId: "c-1"))
    }
}
