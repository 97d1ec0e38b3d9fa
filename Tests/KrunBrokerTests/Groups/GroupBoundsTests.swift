import KrunWire
import Testing

@testable import KrunBroker

/// What groups may take.
@Suite(.timeLimit(.minutes(1)))
struct GroupBoundsTests {
    @Test
    func aMemberSaysNoMoreThanARecordHolds() {
        var bench = GroupBench { $0.maximumRecordBytes = 10 }
        let large = bench.join(protocols: [("range", "123456")])
        #expect(bench.joined[large]?.error == .unknownServerError)
        #expect(bench.coordinator.groupIds == [])
        let fitting = bench.join(protocols: [("range", "12345")])
        bench.advance(milliseconds: 20)
        bench.advance(milliseconds: 20)
        #expect(bench.joined[fitting]?.error == ErrorCode.none)
    }

    /// What the members said and were assigned is one record in Kafka; where it is too large all are told, and rebalance.
    @Test
    func anAssignmentIsNoLargerThanARecord() {
        var bench = GroupBench { $0.maximumRecordBytes = 100 }
        _ = bench.join()
        bench.advance(milliseconds: 20)
        bench.advance(milliseconds: 20)
        bench.events = []
        let large = bench.sync("c-1", generation: 1, assigning: ["c-1": String(repeating: "a", count: 100)])
        #expect(bench.synced[large]?.error == .unknownServerError)
        #expect(bench.state == .preparingRebalance)
        #expect(
            bench.events.first
                == .rebalanceStarted(group: "g", generation: 1, cause: .assignmentTooLarge(memberId: "c-1")))
    }

    /// Whatever is forgotten is not counted any more.
    @Test
    func whatAllGroupsTakeIsBounded() {
        var bench = GroupBench { $0.memoryLimit = 4096 }
        let metadata = String(repeating: "m", count: 2500)
        let first = bench.join(protocols: [("range", metadata)])
        let second = bench.join(group: "h", protocols: [("range", metadata)])
        #expect(bench.joined[second]?.error == .coordinatorNotAvailable)
        #expect(bench.commit([0: 1], group: "h") == [.coordinatorNotAvailable])
        bench.advance(milliseconds: 20)
        bench.advance(milliseconds: 20)
        #expect(bench.joined[first]?.error == ErrorCode.none)
        _ = bench.sync("c-1", generation: 1, assigning: ["c-1": "one"])
        #expect(bench.commit([0: 1], member: "c-1", generation: 1) == [.coordinatorNotAvailable])
        #expect(bench.leave("c-1") == [.none])
        #expect(bench.commit([0: 1, 1: 2], group: "h") == [.none, .none])
        #expect(bench.commit([2: 1], group: "h", producer: 7) == [.none])
        bench.endTransaction(of: 7, commit: true)
        let (errors, _) = bench.coordinator.delete(groups: ["g", "h"], now: bench.now)
        #expect(errors == [.none, .none])
        #expect(bench.coordinator.heldBytes == 0)
    }
}
