import Foundation
import KrunOutcome
import KrunRunner
import KrunScenario
import Testing

/// `scenarios/basic.json` on the embedded broker: every value of the outcome but the times.
@Suite(.timeLimit(.minutes(1))) struct BasicScenarioTests {
    @Test func everyValueIsTheOneThatWasMeant() async throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../scenarios/basic.json")
        let scenario = try Scenario.decode(Array(Data(contentsOf: file)), file: "scenarios/basic.json")
        let outcome = await ScenarioRunner.run(scenario, options: .embedded)
        #expect(outcome.printedDiagnostics == "")
        #expect(outcome.status == .passed)
        #expect(outcome.file == "scenarios/basic.json")
        #expect(outcome.name == "Five messages arrive, each key on its partition")
        #expect(outcome.tags == ["lesson"])
        #expect(outcome.skipReason == nil)
        #expect(outcome.seed != nil)
        #expect(outcome.startedAt > 1_700_000_000_000)
        let address = try #require(outcome.broker?.address)
        #expect(
            outcome.broker == BrokerOutcome(kind: .embedded, address: address, brokers: 3, chosenBy: "default"))
        #expect(address.matches(of: /127\.0\.0\.1:\d+/).count == 3)
        #expect(
            outcome.topics == [
                TopicOutcome(
                    name: "test-topic", actualName: "test-topic", partitions: 3, replicationFactor: nil,
                    existing: false)
            ])
        #expect(
            outcome.groups == [
                GroupOutcome(name: "test-consumer-group", actualName: "test-consumer-group", existing: false)
            ])
        #expect(outcome.stepCount == 2)
        #expect(outcome.steps.map(\.path) == [StepPath(1), StepPath(2)])
        #expect(outcome.steps.map(\.title) == ["produce test-topic", "consume test-topic as test-consumer-group"])
        #expect(outcome.stepStatuses == [.passed, .passed])
        #expect(outcome.cleanup == CleanupOutcome())

        var produced = try #require(outcome.produced(1))
        #expect(produced.rate ?? 0 > 0)
        #expect(produced.latency.map { $0.p50 <= $0.p99 && $0.p99 <= $0.max } == true)
        (produced.rate, produced.latency) = (nil, nil)
        #expect(
            produced
                == ProduceOutcome(
                    topic: "test-topic", messages: 5, failed: 0, errors: [:], partitioner: "murmur2_random",
                    records: TopicRecords(
                        partitions: [
                            0: PartitionOutcome(messages: 3, first: 0, last: 2),
                            1: PartitionOutcome(messages: 1, first: 0, last: 0),
                            2: PartitionOutcome(messages: 1, first: 0, last: 0),
                        ], keys: produced.records.keys, distinctKeys: 4),
                    duration: produced.duration))
        #expect(keys(produced.records) == ["alice: 2 on [0]", "bob: 1 on [0]", "carol: 1 on [2]", "dave: 1 on [1]"])

        var consumed = try #require(outcome.consumed(2))
        #expect(consumed.rate ?? 0 > 0)
        #expect(consumed.latency.map { $0.p50 <= $0.p99 && $0.p99 <= $0.max } == true)
        (consumed.rate, consumed.latency) = (nil, nil)
        let records = try #require(consumed.topics["test-topic"])
        #expect(
            consumed
                == ConsumeOutcome(
                    group: "test-consumer-group", messages: 5, topics: ["test-topic": records],
                    members: [
                        MemberOutcome(
                            name: "1", partitions: ["test-topic/0", "test-topic/1", "test-topic/2"], messages: 5)
                    ], idle: 0, rebalances: 0, lag: 0, joinDuration: consumed.joinDuration,
                    receiveDuration: consumed.receiveDuration, duration: consumed.duration))
        #expect(consumed.joinDuration != nil)
        #expect(
            records.partitions == [
                0: PartitionOutcome(messages: 3, first: 0, last: 2, committed: 3, lag: 0),
                1: PartitionOutcome(messages: 1, first: 0, last: 0, committed: 1, lag: 0),
                2: PartitionOutcome(messages: 1, first: 0, last: 0, committed: 1, lag: 0),
            ])
        #expect(keys(records) == ["alice: 2 on [0]", "bob: 1 on [0]", "carol: 1 on [2]", "dave: 1 on [1]"])
        let alice = try #require(records.keys.first { $0.text == "alice" })
        #expect(
            alice.values?.map { $0.map { String(decoding: $0, as: UTF8.self) } } == [
                "Hello, Kafka!", "Goodbye, Kafka!",
            ])
        #expect(outcome.steps[1].invariants.map(\.invariant) == Invariant.allCases.filter { $0 != .fencedSilent })
        #expect(outcome.invariants.map(\.invariant) == Invariant.allCases)
        for invariant in outcome.steps[1].invariants + outcome.invariants {
            #expect(
                invariant.verdict
                    == (invariant.invariant.isOfTransactions
                        ? .nothingToJudge("no step writes in a transaction") : .held))
        }
    }

    private func keys(_ records: TopicRecords) -> [String] {
        records.keys.map { "\($0.text ?? "?"): \($0.messages) on \($0.partitions)" }.sorted()
    }
}
