import Foundation
import KrunOutcome
import KrunPlanning
import KrunRunner
import KrunScenario
import Testing

@Suite(.serialized, .timeLimit(.minutes(5)))
struct ShippedScenariosTests {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../scenarios")
    static let files = ((try? FileManager.default.subpathsOfDirectory(atPath: folder.path)) ?? [])
        .filter { $0.hasSuffix(".json") }.sorted()

    @Test(arguments: files)
    func passesAndLeavesNothing(_ file: String) async throws {
        let bytes = try Array(Data(contentsOf: Self.folder.appending(path: file)))
        for scenario in try Scenario.decodeAll(bytes, file: file) { try await check(scenario) }
    }

    private func check(_ scenario: Scenario) async throws {
        let outcome = await ScenarioRunner.run(scenario, options: SharedKafka.options())
        if scenario.hasFaults || scenario.requirements.contains(where: { $0.condition == .embeddedBroker }) {
            #expect(outcome.status == .skipped)
            return
        }
        #expect(outcome.printedDiagnostics == "")
        #expect(outcome.status == .passed)
        #expect(PlanComparison(Planner.plan(scenario), outcome).contradictions == [])
        #expect(outcome.stepStatuses == scenario.steps.map { _ in Status.passed })
        #expect(outcome.cleanup.left == [])
        #expect(outcome.cleanup.deletedTopics == outcome.actualTopics)
        #expect(outcome.cleanup.deletedGroups.sorted() == outcome.actualGroups.sorted())
        try await expectNothingLeft(by: outcome)
        for topic in outcome.topics {
            #expect(topic.actualName.wholeMatch(of: /.+-krun-[0-9a-z]{6,7}-[0-9a-z]{8}/) != nil)
            #expect(scenario.topics.map(\.name).contains(topic.name))
        }
    }

    @Test func thereAreScenariosToRun() {
        #expect(Self.files.count >= 30)
        #expect(Self.files.contains("basic.json"))
    }
}
