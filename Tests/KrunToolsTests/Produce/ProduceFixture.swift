import Dispatch
import KrunBroker
import KrunConnection
import KrunKafka
import Synchronization
import Testing

@testable import KrunTools

/// Reads from a text and keeps what was written.
final class ProduceConsole: ProduceOutput {
    private struct State {
        var input: [UInt8]
        var results: [UInt8] = []
        var notices: [String] = []
    }

    let isWatched = false
    let isInputTyped = false
    /// Whether the input never ends.
    let isEndless: Bool
    /// How many bytes of results are read before the reader goes away.
    let patience: Int
    private let state: Mutex<State>
    /// Told of every byte of results that came.
    let onResults: @Sendable (_ total: Int) -> Void

    init(
        input: String = "", isEndless: Bool = false, patience: Int = .max,
        onResults: @escaping @Sendable (Int) -> Void = { _ in }
    ) {
        state = Mutex(State(input: Array(input.utf8)))
        self.isEndless = isEndless
        self.patience = patience
        self.onResults = onResults
    }

    var results: String { state.withLock { String(decoding: $0.results, as: UTF8.self) } }
    var notices: [String] { state.withLock { $0.notices } }

    func writeResults(_ text: [UInt8]) -> Bool {
        let total = state.withLock { state in
            state.results += text
            return state.results.count
        }
        onResults(total)
        return total < patience
    }

    func say(_ line: String) {
        state.withLock { $0.notices.append(line) }
    }

    func warn(_ line: String) { say("warning: \(line)") }

    func readInput(_ bytes: UnsafeMutableRawBufferPointer, isOver: () -> Bool) throws -> Int {
        while true {
            let count = state.withLock { state in
                let part = state.input.prefix(bytes.count)
                bytes.copyBytes(from: part)
                if !isEndless { state.input.removeFirst(part.count) }
                return part.count
            }
            if count > 0 || !isEndless || isOver() { return count }
            Pause.block(.milliseconds(10))
        }
    }
}

/// An embedded cluster, and `krun produce` on it.
struct ProduceFixture: Sendable {
    let cluster: EmbeddedCluster

    init(topic: String? = "orders", partitions: Int = 1, configs: [String: String] = [:]) throws {
        var options = ClusterOptions(brokers: 1)
        options.configs = configs
        cluster = try EmbeddedCluster(options)
        if let topic { try cluster.createTopic(topic, partitions: partitions) }
    }

    /// Runs it on a thread of its own.
    func produce(
        _ request: ProduceSession.Request, _ console: ProduceConsole, properties: ClientProperties = [:],
        timeout: Duration = .seconds(30), isOver: @escaping @Sendable () -> Bool = { false }
    ) async throws -> ProduceSummary {
        let address = KafkaConnection.Address(
            bootstrap: cluster.bootstrapServers, chosenBy: "--brokers", properties: properties, timeout: timeout)
        return try await onThread {
            let retries = RetryWatch(properties)
            let kafka = try KafkaConnection.open(address, log: retries.makeLog(handler: nil))
            return try ProduceSession(request, on: kafka, retries: retries, output: console, isOver: isOver).run()
        }
    }

    /// How many records partition 0 has.
    func records(topic: String) async throws -> Int {
        let properties: ClientProperties = ["bootstrap.servers": cluster.bootstrapServers]
        let partition = TopicPartition(topic, 0)
        let ends = try await onThread {
            try AdminClient(properties: properties, log: ClientLog()).endOffsets([partition], timeout: .seconds(10))
        }
        return Int(ends[partition] ?? -1)
    }

    /// Blocks a thread that is nobody else's.
    private func onThread<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue(label: "test").async { continuation.resume(with: Result { try body() }) }
        }
    }
}

/// Whether something has happened.
final class Flag: Sendable {
    private let state = Atomic(false)

    var isRaised: Bool { state.load(ordering: .relaxed) }

    func raise() { state.store(true, ordering: .relaxed) }
}
