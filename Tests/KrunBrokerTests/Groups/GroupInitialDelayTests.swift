import KrunWire
import Testing

@testable import KrunBroker

/// The first rebalance of an empty group waits, and waits again for as long as members keep coming.
@Suite(.timeLimit(.minutes(1)))
struct GroupInitialDelayTests {
    @Test
    func aLoneMemberIsAnsweredAfterTheDelay() {
        var bench = GroupBench()
        let token = bench.join()
        #expect(bench.due == 20)
        bench.advance(milliseconds: 19)
        #expect(bench.joined == [:])
        bench.advance(milliseconds: 1)
        #expect(bench.joined[token]?.generation == 1)
    }

    /// Twice the delay is the longest that a last member waits.
    @Test
    func aMemberThatComesWithinTheDelayExtendsItOnce() {
        var bench = GroupBench()
        _ = bench.join()
        bench.advance(milliseconds: 1)
        let second = bench.join()
        #expect(bench.due == 19)
        bench.advance(milliseconds: 19)
        #expect(bench.joined == [:])
        #expect(bench.due == 20)
        bench.advance(milliseconds: 20)
        #expect(bench.joined[second]?.generation == 1)
        #expect(bench.joined.count == 2)
    }

    @Test
    func extensionsEndWithTheRebalanceTimeout() {
        var bench = GroupBench()
        _ = bench.join(rebalance: 50)
        var answeredAfter: Int?
        for millisecond in 1...100 where answeredAfter == nil {
            bench.advance(milliseconds: 1)
            if bench.joined.isEmpty { _ = bench.join(rebalance: 50) } else { answeredAfter = millisecond }
        }
        #expect(answeredAfter == 50)
        #expect(bench.joined.count == 50)
    }

    @Test
    func aRebalanceTimeoutShorterThanTheDelayExtendsNothing() {
        var bench = GroupBench()
        _ = bench.join(rebalance: 5)
        _ = bench.join(rebalance: 5)
        bench.advance(milliseconds: 20)
        #expect(bench.joined.count == 2)
    }

    @Test
    func withoutADelayTheGroupFormsAtOnce() {
        var bench = GroupBench { $0.initialRebalanceDelay = .zero }
        _ = bench.join()
        #expect(bench.due == 0)
        bench.advance(milliseconds: 0)
        #expect(bench.joined.count == 1)
    }

    /// The members of an empty group come in their own time: that all who are known have joined says nothing.
    @Test
    func aLeaveDoesNotCutTheDelayShort() {
        var bench = GroupBench()
        let first = bench.join()
        let second = bench.join()
        #expect(bench.leave("c-1") == [.none])
        #expect(bench.joined == [first: JoinAnswer(error: .unknownMemberId, memberId: "")])
        bench.advance(milliseconds: 20)
        bench.advance(milliseconds: 20)
        #expect(bench.joined[second] == .generation(1, "c-2", leader: "c-2", members: [("c-2", "t")]))
    }

    @Test
    func aGroupWhoseMembersAllLeaveWithinTheDelayIsEmptyAfterIt() {
        var bench = GroupBench()
        _ = bench.join()
        _ = bench.leave("c-1")
        #expect(bench.state == .preparingRebalance)
        bench.advance(milliseconds: 20)
        #expect(bench.state == .empty)
    }

    /// Members that were told their ids are not waited for in the first rebalance.
    @Test
    func theDelayEndsWithoutMembersThatWereToldTheirIds() {
        var bench = GroupBench()
        let first = bench.join()
        _ = bench.join(known: true)
        bench.advance(milliseconds: 20)
        #expect(bench.joined[first]?.generation == 1)
        _ = bench.join("c-2", known: true)
        #expect(bench.state == .preparingRebalance)
    }

    @Test
    func aGroupThatBecameEmptyWaitsAgain() {
        var bench = GroupBench.stable(1)
        _ = bench.leave("c-1")
        #expect(bench.state == .empty)
        let token = bench.join()
        #expect(bench.due == 20)
        bench.advance(milliseconds: 20)
        #expect(bench.joined[token] == .generation(3, "c-2", leader: "c-2", members: [("c-2", "t")]))
    }
}
