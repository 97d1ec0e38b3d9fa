import KrunWire
import Testing

@testable import KrunBroker

@Suite(.timeLimit(.minutes(2)))
struct GroupHistoryTests {
    /// 100 000 steps in all, of histories that can be told again by their seeds.
    @Test(arguments: 1...20)
    func theCoordinatorAgreesWithTheModel(seed: UInt64) {
        var history = GroupHistory(seed: seed)
        for _ in 0..<5_000 where !history.hasFailed { history.step() }
        guard !history.hasFailed else { return }
        history.drain()
        // That all of it happened is part of the test.
        for state in GroupState.allCases { #expect(history.seen[state, default: 0] > 50, "\(state) was hardly seen") }
        let expected: Set<ErrorCode> = [
            .none, .unknownMemberId, .illegalGeneration, .inconsistentGroupProtocol, .invalidGroupId, .memberIdRequired,
            .invalidSessionTimeout, .rebalanceInProgress, .groupMaxSizeReached, .fencedInstanceId, .notCoordinator,
            .offsetMetadataTooLarge, .groupSubscribedToTopic,
        ]
        #expect(expected.subtracting(history.errorsSeen) == [])
        #expect(history.answered > 1_000)
    }
}
