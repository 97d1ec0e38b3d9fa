import Foundation
import KrunKit
import Runner
import Testing

@Suite(.timeLimit(.minutes(1)))
struct LapsScenarioTests {
    @Test func everyLapIsOnTheRunnersPartition() async throws {
        let alice = Athlete(name: "alice", laps: 2)
        let bundle = Bundle.module
        let file = try #require(bundle.url(forResource: "laps", withExtension: "json", subdirectory: "Scenarios"))

        let outcome = try await Scenario(contentsOf: file).run(on: .embedded())

        #expect(outcome.status == .passed)
        guard case .produce(let produced) = outcome.steps.first?.result else {
            Issue.record("the first step has no outcome: \(outcome.diagnostics)")
            return
        }
        let key = try #require(produced.records.keys.first { $0.text == alice.name })
        #expect(key.messages == alice.laps)
        #expect(key.partitions == [0])
    }
}
