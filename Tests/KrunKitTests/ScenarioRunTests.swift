import Foundation
import KrunKit
import Testing

/// What a package that imports only KrunKit can do.
@Suite(.timeLimit(.minutes(1))) struct ScenarioRunTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    private static let basic = folder.appending(path: "../../scenarios/basic.json")

    /// Writes a file, lends it and removes it.
    private func withFile<Result>(_ text: String, _ body: (URL) async throws -> Result) async throws -> Result {
        let file = FileManager.default.temporaryDirectory.appending(path: "krun-\(UUID().uuidString).json")
        try Data(text.utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        return try await body(file)
    }

    @Test func aFileIsReadAndRunOnTheEmbeddedBroker() async throws {
        let scenario = try Scenario(contentsOf: Self.basic)
        #expect(scenario.name == "Five messages arrive, each key on its partition")
        let outcome = await scenario.run(on: .embedded(brokers: 1))
        #expect(outcome.status == .passed)
        #expect(outcome.file == Self.basic.path)
        #expect(outcome.broker?.kind == .embedded)
        #expect(outcome.broker?.brokers == 1)
        #expect(outcome.broker?.chosenBy == "embedded()")
        #expect(outcome.steps.map(\.status) == [.passed, .passed])
        #expect(outcome.invariants.allSatisfy { $0.invariant.isOfTransactions || $0.verdict == .held })
        guard case .consume(let consumed)? = outcome.steps.last?.result else {
            Issue.record("the last step consumes")
            return
        }
        #expect(consumed.messages == 5)
        #expect(consumed.lag == 0)
    }

    @Test func asManyBrokersAsTheScenarioAsksForUnlessToldOtherwise() async throws {
        let text = """
            { "name": "test", "embedded": { "brokers": 2 }, "topics": [{ "name": "orders" }],
              "steps": [{ "produce": "orders", "messages": [{ "value": "x" }] }] }
            """
        let outcome = try await withFile(text) { try await Scenario(contentsOf: $0).run() }
        #expect(outcome.status == .passed)
        #expect(outcome.broker?.brokers == 2)
    }

    @Test func aFileWithCasesIsSeveralScenarios() async throws {
        let text = """
            { "name": "test", "cases": [{ "partitions": 1 }, { "partitions": 2 }],
              "topics": [{ "name": "orders", "partitions": "{{partitions}}" }],
              "steps": [{ "produce": "orders", "messages": [{ "value": "x" }] }] }
            """
        try await withFile(text) { file in
            let error = #expect(throws: Diagnostics.self) { try Scenario(contentsOf: file) }
            #expect(error?.all.map(\.notes) == [["Scenario.all(contentsOf:) reads all of them"]])
            let scenarios = try Scenario.all(contentsOf: file)
            #expect(scenarios.map(\.name) == ["test [partitions=1]", "test [partitions=2]"])
            let outcome = await scenarios[1].run(on: .embedded(brokers: 1))
            #expect(outcome.status == .passed)
            #expect(outcome.topics.map(\.partitions) == [2])
            #expect(outcome.caseValues == [CapturedValue(name: "partitions", json: "2")])
        }
    }

    @Test func filesBesideAScenarioAreRead() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "krun-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data("{\"id\": 1}\n".utf8).write(to: folder.appending(path: "order.json"))
        let text = """
            { "name": "test", "topics": [{ "name": "orders" }],
              "steps": [{ "produce": "orders", "messages": [{ "value": { "file": "order.json" } }] }] }
            """
        try Data(text.utf8).write(to: folder.appending(path: "test.json"))
        let scenario = try Scenario(contentsOf: folder.appending(path: "test.json"))
        #expect(await scenario.run(on: .embedded(brokers: 1)).status == .passed)
    }

    @Test func aFileThatIsNotThereIsNamed() throws {
        let url = Self.folder.appending(path: "missing.json")
        let error = #expect(throws: Diagnostics.self) { try Scenario(contentsOf: url) }
        #expect(error?.all.map(\.kind) == [.invalid])
        #expect(error?.all.map(\.title) == ["cannot read \(url.path)"])
        #expect(error?.all.first?.notes.isEmpty == false)
    }

    @Test func everythingThatIsWrongIsThrownWithItsPlace() async throws {
        let text = """
            { "name": "test", "topics": [{ "name": "orders", "partition": 3 }],
              "steps": [{ "consume": "ordres" }] }
            """
        try await withFile(text) { file in
            let error = #expect(throws: Diagnostics.self) { try Scenario(contentsOf: file) }
            #expect(error?.all.map { $0.place?.line } == [1, 2])
            #expect(error?.all.map { $0.place?.column } == [50, 26])
            #expect(error?.all.allSatisfy { $0.place?.file == file.path && $0.kind == .invalid } == true)
        }
    }

    @Test func overridesReachTheScenario() async throws {
        let text = """
            { "name": "{{who}}", "variables": { "who": "nobody" }, "topics": [{ "name": "orders" }],
              "steps": [{ "produce": "orders", "messages": [{ "value": "x" }] }] }
            """
        let scenario = try await withFile(text) {
            try Scenario(
                contentsOf: $0, overrides: ScenarioOverrides(commandLine: [.init(name: "who", text: "alice")], seed: 7))
        }
        #expect(scenario.name == "alice")
        #expect(scenario.seed == 7)
    }

    @Test func propertiesReachEveryClient() async throws {
        let text = """
            { "name": "test", "topics": [{ "name": "orders" }],
              "steps": [{ "produce": "orders", "messages": [{ "value": { "bytes": 5000 } }], "expect": { "failed": 1 } }] }
            """
        let outcome = try await withFile(text) {
            try await Scenario(contentsOf: $0).run(properties: ["message.max.bytes": "2000"])
        }
        #expect(outcome.status == .passed)
        guard case .produce(let produced)? = outcome.steps.first?.result else {
            Issue.record("the step produces")
            return
        }
        #expect(produced.errors == ["MSG_SIZE_TOO_LARGE": 1])
    }

    @Test func aTroubleIsAnOutcomeToo() async throws {
        let scenario = try Scenario(contentsOf: Self.basic)
        let unknown = await scenario.run(properties: ["no.such.property": "1"])
        #expect(unknown.status == .error)
        #expect(unknown.diagnostics.count + unknown.steps.flatMap(\.diagnostics).count == 1)
        let text = """
            { "name": "test", "timeouts": { "connect": "300ms" }, "topics": [{ "name": "orders" }],
              "steps": [{ "consume": "orders" }] }
            """
        let unreachable = try await withFile(text) { try await Scenario(contentsOf: $0).run(on: .kafka("127.0.0.1:1")) }
        #expect(unreachable.status == .error)
        #expect(unreachable.diagnostics.map(\.title) == ["no broker answers at 127.0.0.1:1"])
        #expect(unreachable.broker == nil)
    }
}
