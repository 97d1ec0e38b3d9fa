import KrunBroker
import KrunConnection
import KrunKafka
import KrunOutcome
import KrunScenario
import Testing

@testable import KrunRunner

/// The embedded broker keeps all that it takes, and takes no more than it was told to.
@Suite(.timeLimit(.minutes(1))) struct MemoryBoundTests {
    @Test(arguments: ["", #", "expect": { "failed": 2 }"#])
    func aFullBrokerIsToldAtOnce(_ expectation: String) async throws {
        let scenario = try decode(
            """
            { "name": "test", "topics": [{ "name": "orders" }],
              "steps": [
                { "produce": "orders", "count": 100, "value": { "bytes": 100000 }\(expectation) }
              ] }
            """)
        let (step, duration) = try await blocking { try Self.execute(scenario) }
        let text = printed(step.trouble.map { [$0] } ?? [])
            .replacing(/\b\d+ acknowledged.*/, with: "<some> acknowledged, …")
            .replacing(/\b\d+ of 100/, with: "<some> of 100")
        #expect(
            text == """
                error: <some> of 100 messages to orders were not acknowledged
                 --> test.json:3:18
                  |
                  | produce orders                                                step 1 of 1
                3 |     { "produce": "orders", "count": 100, "value": { "bytes": 100000 }\(expectation) }
                  |                  ^^^^^^^^
                  |
                  = after <time>: <some> acknowledged, …
                  = the embedded broker is full: it keeps at most 4 MiB of messages, and drops none
                  = send fewer or smaller messages, or use a real broker: --brokers host:port
                """)
        // Not when timeouts.deliver, half a minute, has run out.
        #expect(duration < .seconds(15))
    }

    @Test func aScenarioLeavesTheMachineHalfOfItsMemory() throws {
        let bytes = try #require(MachineMemory.bytes)
        #expect(bytes > 64 << 20)
        #expect(EmbeddedBroker.options(brokers: 2).memoryLimit == min(16 << 30, bytes / 2))
        #expect(EmbeddedBroker.options(brokers: 2).brokers == 2)
    }

    private static func execute(_ scenario: Scenario) throws -> (StepResult, Duration) {
        let run = ScenarioRun(
            scenario: scenario, cluster: try EmbeddedBroker.start(memoryLimit: 4 << 20), options: .embedded,
            names: .exact, seed: 1, interruption: Interruption())
        var owned = OwnedNames()
        var outcome = ScenarioOutcome(file: "test.json", name: "test", status: .passed)
        try TopicPreparation(run: run).prepare(&owned, &outcome)
        guard case .produce(let produce) = scenario.steps[0].action else { preconditionFailure("it produces") }
        let start = ContinuousClock.now
        let result = ProduceExecution(step: scenario.steps[0], produce: produce, run: run).execute()
        return (result, start.duration(to: .now))
    }
}
