import KrunConnection
import KrunKafka
import KrunOutcome
import KrunScenario
import Testing

@testable import KrunRunner

/// A record that no step of the scenario sent stands in a topic of its own: to krun a message that was sent twice.
@Suite(.timeLimit(.minutes(1))) struct AllowTests {
    @Test(arguments: [true, false])
    func aBrokenInvariantIsToldAndAllowed(_ allowed: Bool) async throws {
        let allow = allowed ? #""allow": ["no-duplicates"], "# : ""
        let scenario = try decode(
            """
            { "name": "test", "topics": [{ "name": "orders" }],
              "steps": [
                { "produce": "orders", "count": 3, "value": "x" },
                { \(allow)"consume": "orders" }
              ] }
            """)
        let step = try await blocking { try Self.execute(scenario) }
        #expect(
            step.invariants.first { $0.invariant == .noDuplicates }?.verdict
                == .broken(
                    count: 1,
                    cases: [
                        #"orders/0 offset 3, key "stranger", was never acknowledged: it stands in the log a second time"#
                    ], allowed: allowed))
        #expect(step.invariants.first { $0.invariant == .noLoss }?.verdict == .held)
        guard case .consume(let consumed) = step.result else { return }
        #expect(consumed.messages == 4)
    }

    private static func execute(_ scenario: Scenario) throws -> StepResult.Conclusion {
        let cluster = try EmbeddedBroker.start()
        let run = ScenarioRun(
            scenario: scenario, cluster: cluster, options: .embedded, names: .exact, seed: 1,
            interruption: Interruption())
        var owned = OwnedNames()
        var outcome = ScenarioOutcome(file: "test.json", name: "test", status: .passed)
        try TopicPreparation(run: run).prepare(&owned, &outcome)
        guard case .produce(let produce) = scenario.steps[0].action,
            case .consume(let consume) = scenario.steps[1].action
        else { preconditionFailure("it produces and consumes") }
        _ = ProduceExecution(step: scenario.steps[0], produce: produce, run: run).execute().conclude()
        let producer = try Producer(properties: cluster.mandatory, log: ClientLog())
        let topic = try producer.topic("orders", partitioner: "random")
        try producer.waitForMetadata(topic, timeout: .seconds(10))
        _ = try Array("stranger".utf8).withUnsafeBytes { key in
            try producer.send(to: topic, partition: 0, key: key, value: nil)
        }
        let deadline = KrunConnection.Deadline(after: .seconds(20))
        while producer.serveReports(timeout: .milliseconds(100), { _ in }) == 0, !deadline.hasPassed {}
        return try ConsumeExecution(step: scenario.steps[1], consume: consume, run: run).execute().conclude()
    }
}
