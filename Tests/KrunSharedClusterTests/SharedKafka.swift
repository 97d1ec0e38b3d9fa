// What krun does on a cluster that others use too: names of its own, clean-up, strangers in its groups, a topic that grows. The cluster
// is an embedded one, unless the environment names a Kafka:
//
//   KRUN_TEST_BROKERS   bootstrap addresses, such as localhost:9092; one broker or several
//   KRUN_TEST_CONFIG    optional: a Java-style client.properties with the login or TLS settings for these addresses; the user may
//                       create, describe, write, read and delete topics and groups
//
// Names that the tests make carry a suffix of their own, and the tests delete what they made; nothing else on the
// cluster is touched. A cluster that others use at the same time is fine.

import Foundation
import KrunBroker
import KrunConnection
import KrunDiagnostics
import KrunKafka
import KrunOutcome
import KrunRunner
import KrunScenario
import Testing

/// The Kafka of these tests, which to krun is one that it shares with others.
enum SharedKafka {
    private static let named = ProcessInfo.processInfo.environment["KRUN_TEST_BROKERS"] ?? ""
    /// Whether the environment names one.
    static let isNamed = !named.isEmpty
    /// Groups are bounded as on a Kafka that nobody has configured.
    private static let embedded =
        isNamed
        ? nil : try! EmbeddedCluster(ClusterOptions(brokers: 3, configs: ["group.min.session.timeout.ms": "6000"]))
    /// Of what members that are not the scenario's may have caused.
    static let sharedGroup = InvariantOutcome.Verdict.notJudged("members that are not this scenario's share the group")
    static let addresses = embedded?.bootstrapServers ?? named

    static let properties: ClientProperties = {
        guard isNamed, let file = ProcessInfo.processInfo.environment["KRUN_TEST_CONFIG"], !file.isEmpty else {
            return [:]
        }
        do {
            let text = try String(contentsOfFile: file, encoding: .utf8)
            return try ClientProperties.javaProperties(text, file: file).properties
        } catch {
            fatalError("KRUN_TEST_CONFIG: \(error)")
        }
    }()

    static func options(_ change: (inout RunOptions) -> Void = { _ in }) -> RunOptions {
        var options = RunOptions(
            broker: BrokerChoice(.kafka(bootstrap: addresses), chosenBy: "KRUN_TEST_BROKERS"), properties: properties)
        change(&options)
        return options
    }

    static func admin() throws -> AdminClient {
        try AdminClient(properties: properties.merging(["bootstrap.servers": addresses]), log: ClientLog())
    }

    static func brokers() throws -> Int {
        try admin().metadata(topics: [], timeout: .seconds(20)).brokers.count
    }

    /// A name that nobody else has.
    static func freshName(_ name: String) -> String {
        "krun-test-\(name)-" + String((0..<10).map { _ in "abcdefghijklmnopqrstuvwxyz".randomElement()! })
    }

    /// Those of these names that are topics or groups on the cluster.
    static func present(topics: [String] = [], groups: [String] = []) throws -> [String] {
        let admin = try admin()
        let there = Set(try admin.metadata(timeout: .seconds(20)).topics.map(\.name))
        let listed = Set(try admin.listGroups(timeout: .seconds(20)))
        return topics.filter { there.contains($0) } + groups.filter { listed.contains($0) }
    }

    /// As `present`, after a while in which every broker hears of what was deleted.
    static func left(topics: [String] = [], groups: [String] = []) throws -> [String] {
        let deadline = ContinuousClock.now + .seconds(30)
        while true {
            let names = try present(topics: topics, groups: groups)
            if names.isEmpty || .now > deadline { return names }
            _ = DispatchSemaphore(value: 0).wait(timeout: .now() + .milliseconds(50))
        }
    }

    /// Deletes them, whether they are there or not.
    static func delete(topics: [String] = [], groups: [String] = []) throws {
        let admin = try admin()
        if !groups.isEmpty { _ = try admin.deleteGroups(groups, timeout: .seconds(20)) }
        if !topics.isEmpty { _ = try admin.deleteTopics(topics, timeout: .seconds(20)) }
    }

    static func create(_ topic: NewTopic) throws {
        let admin = try admin()
        try admin.createTopic(topic, timeout: .seconds(20))
        try admin.waitUntilReady([topic.name: topic.partitions], timeout: .seconds(30))
    }
}

/// Budgets that a slow machine keeps too.
let patience = #""timeouts": { "connect": "30s", "deliver": "60s", "join": "60s", "receive": "60s" }"#

func decode(_ text: String) throws -> Scenario {
    try Scenario.decode(Array(text.utf8), file: "test.json")
}

func run(
    _ text: String, _ options: RunOptions = SharedKafka.options(), interruption: Interruption = Interruption()
) async throws -> ScenarioOutcome {
    await ScenarioRunner.run(try decode(text), options: options, interruption: interruption)
}

/// Runs a body that blocks on a thread of its own, so that the cooperative pool goes on meanwhile.
func blocking<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        DispatchQueue(label: "blocking").async {
            continuation.resume(with: Result { try body() })
        }
    }
}

extension ScenarioOutcome {
    /// All that is wrong, the scenario's own trouble first, with `<time>` for times and `…` for what brokers word themselves.
    var printedDiagnostics: String {
        (diagnostics + steps.flatMap(\.diagnostics)).map { DiagnosticText(style: .plain).text($0) }
            .joined(separator: "\n\n")
            .replacing(/\b\d+ min \d+ s\b|\b\d+(\.\d+)? ?(ms|s|min)\b/, with: "<time>")
    }

    var stepStatuses: [Status] { steps.map(\.status) }
    /// Names on the broker.
    var actualTopics: [String] { topics.map(\.actualName) }
    var actualGroups: [String] { groups.map(\.actualName) }

    func produced(_ step: Int) -> ProduceOutcome? {
        guard steps.count >= step, case .produce(let outcome)? = steps[step - 1].result else { return nil }
        return outcome
    }

    func consumed(_ step: Int) -> ConsumeOutcome? {
        guard steps.count >= step, case .consume(let outcome)? = steps[step - 1].result else { return nil }
        return outcome
    }

    func verdict(_ invariant: Invariant, step: Int) -> InvariantOutcome.Verdict? {
        guard steps.count >= step else { return nil }
        return steps[step - 1].invariants.first { $0.invariant == invariant }?.verdict
    }

    /// What is still there of what this run made, when it should be gone.
    func leftBehind() async throws -> [String] {
        let (topics, groups) = ownNames
        return try await blocking { try SharedKafka.left(topics: topics, groups: groups) }
    }

    /// What is there of what this run made, when it should be.
    func present() async throws -> [String] {
        let (topics, groups) = ownNames
        return try await blocking { try SharedKafka.present(topics: topics, groups: groups) }
    }

    private var ownNames: (topics: [String], groups: [String]) {
        (topics.filter { !$0.existing }.map(\.actualName), groups.filter { !$0.existing }.map(\.actualName))
    }
}

/// Nothing of what a run made is there any more.
func expectNothingLeft(by outcome: ScenarioOutcome, sourceLocation: SourceLocation = #_sourceLocation) async throws {
    let left = try await outcome.leftBehind()
    #expect(left == [], "\(outcome.cleanup)", sourceLocation: sourceLocation)
}
