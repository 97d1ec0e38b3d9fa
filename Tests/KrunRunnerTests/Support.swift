import Dispatch
import KrunBroker
import KrunConnection
import KrunDiagnostics
import KrunKafka
import KrunOutcome
import KrunScenario

@testable import KrunRunner

func decode(_ text: String) throws -> Scenario {
    try Scenario.decode(Array(text.utf8), file: "test.json")
}

extension RunOptions {
    static let embedded = RunOptions(broker: BrokerChoice(.embedded(brokers: nil), chosenBy: "default"))

    /// A cluster that the test has in hand, as if it were a Kafka.
    static func kafka(_ addresses: String) -> RunOptions {
        RunOptions(broker: BrokerChoice(.kafka(bootstrap: addresses), chosenBy: "--brokers"))
    }
}

extension EmbeddedBroker {
    /// One broker, gone with its last reference.
    static func start(memoryLimit: Int? = nil, log: ClientLog = ClientLog()) throws -> EmbeddedBroker {
        var options = ClusterOptions(brokers: 1)
        if let memoryLimit { options.memoryLimit = memoryLimit }
        return try EmbeddedBroker(
            try EmbeddedCluster(options), brokers: 1, chosenBy: "default", properties: [:], log: log)
    }
}

func run(
    _ text: String, _ options: RunOptions = .embedded, interruption: Interruption = Interruption()
) async throws -> ScenarioOutcome {
    await ScenarioRunner.run(try decode(text), options: options, interruption: interruption)
}

/// As the user sees them, with `<time>` for every measured or configured time and `<port>` for every port.
func printed(_ diagnostics: [Diagnostic]) -> String {
    diagnostics.map { DiagnosticText(style: .plain).text($0) }.joined(separator: "\n\n")
        .replacing(/\b\d+ min \d+ s\b|\b\d+(\.\d+)? ?(ms|s|min)\b/, with: "<time>")
        .replacing(/127\.0\.0\.1:\d+/, with: "127.0.0.1:<port>")
}

extension ScenarioOutcome {
    /// All that is wrong, the scenario's own trouble first.
    var printedDiagnostics: String { printed(diagnostics + steps.flatMap(\.diagnostics)) }
    var stepStatuses: [Status] { steps.map(\.status) }

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
}

extension ConsumeOutcome {
    /// Partition → (messages, first, last) of the one topic, in order.
    var extents: [PartitionOutcome] {
        topics.values.flatMap { records in
            records.partitions.sorted { $0.key < $1.key }.map {
                PartitionOutcome(messages: $0.value.messages, first: $0.value.first, last: $0.value.last)
            }
        }
    }

    /// Committed offsets of the one topic, in order.
    var committed: [Int64?] {
        topics.values.flatMap { records in records.partitions.sorted { $0.key < $1.key }.map(\.value.committed) }
    }
}

/// Runs a body that blocks on a thread of its own, so that the cooperative pool goes on meanwhile.
func blocking<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        DispatchQueue(label: "blocking").async {
            continuation.resume(with: Result { try body() })
        }
    }
}
