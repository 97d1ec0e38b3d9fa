import KrunWire
import Testing

@testable import KrunBroker

@Suite(.timeLimit(.minutes(1)))
struct GroupOffsetDeletionTests {
    private let partition = GroupPartition(topic: "t", partition: 0)

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
        _ = bench.join(protocols: [("range", GroupBench.subscription("t"))])
        #expect(
            delete(&bench, "t", "u")
                == OffsetDeletionAnswer(error: .none, partitions: [.groupSubscribedToTopic, .groupSubscribedToTopic]),
            "nobody knows yet what the group reads")
        bench.advance(milliseconds: 20)
        _ = bench.join(protocols: [("range", GroupBench.subscription("u", "v"))])
        _ = bench.join("c-1", protocols: [("range", GroupBench.subscription("t"))])
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
}
