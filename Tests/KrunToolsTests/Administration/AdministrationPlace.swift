import Dispatch
import KrunBroker
import KrunDiagnostics
import KrunKafka
import KrunTools
import Testing

/// A cluster to administer, with a connection to it.
struct AdministrationPlace: Sendable {
    let cluster: EmbeddedCluster
    let connection: KafkaConnection

    init(brokers: Int = 1, timeout: Duration = .seconds(20)) throws {
        cluster = try EmbeddedCluster(ClusterOptions(brokers: brokers))
        connection = try KafkaConnection.openForAdministration(
            KafkaConnection.Address(
                bootstrap: cluster.bootstrapServers, chosenBy: "default", properties: [:], timeout: timeout))
    }

    /// A connection that is made now.
    func connected() throws -> KafkaConnection {
        try KafkaConnection.openForAdministration(connection.address)
    }

    /// Commits these offsets of `orders` for a group, partition by partition.
    func commit(_ group: String, _ offsets: [Int64]) throws {
        let numbered = offsets.enumerated().map { (TopicPartition("orders", Int32($0)), $1) }
        let answers = try connection.admin.alterGroupOffsets(
            group, to: Dictionary(uniqueKeysWithValues: numbered), timeout: .seconds(10))
        #expect(answers.values.allSatisfy { $0 == nil })
    }

    /// Sends values to a partition of `orders`, and waits until they are there.
    func send(_ values: [String], to partition: Int32) throws {
        let producer = try Producer(properties: connection.properties, log: ClientLog())
        let topic = try producer.topic("orders", partitioner: "random")
        try producer.waitForMetadata(topic, timeout: .seconds(20))
        for value in values {
            _ = try Array(value.utf8).withUnsafeBytes {
                try producer.send(to: topic, partition: partition, key: nil, value: $0)
            }
        }
        var reported = 0
        let deadline = ContinuousClock.now + .seconds(20)
        while reported < values.count, ContinuousClock.now < deadline {
            reported += producer.serveReports(timeout: .milliseconds(100)) { #expect($0.errorName == nil) }
        }
        #expect(reported == values.count)
    }

    /// A text without what differs from run to run: `<address>`, and `<1>`, `<2>` for the ids of members in the order of their ids.
    func normalised(_ text: String) -> String {
        let ids = Set(
            text.matches(of: /[a-z]+-\d?[0-9a-f]{0,7}-[0-9a-f-]{36}|[a-z]+-[0-9a-f]{8}-[0-9a-f-]{27}/).map {
                String($0.output)
            })
        var text = text.replacing(/127\.0\.0\.1:\d+/, with: "<address>").replacing(/"port":\d+/, with: "\"port\":0")
        for (number, id) in ids.sorted().enumerated() { text = text.replacing(id, with: "<\(number + 1)>") }
        return text.replacing(/(\S) {2,}/) { "\($0.output.1)  " }
    }

    /// What the body throws, as it is printed.
    func diagnosis(_ body: () throws -> Void) -> String {
        do {
            try body()
            return "nothing is wrong"
        } catch let error as Diagnostics {
            return printed(error.all)
        } catch let error as Diagnostic {
            return printed([error])
        } catch {
            return "\(error)"
        }
    }

    func printed(_ diagnostics: [Diagnostic]) -> String {
        normalised(diagnostics.map { DiagnosticText(style: .plain).text($0) }.joined(separator: "\n\n"))
    }
}

/// Runs a body that blocks on a thread that is not the cooperative pool's; what it expects belongs to the test that runs.
func onThread<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withTaskExecutorPreference(QueueExecutor()) { try await work(body) }
}

@concurrent private func work<Value: Sendable>(_ body: @Sendable () throws -> Value) async throws -> Value {
    try body()
}

private final class QueueExecutor: TaskExecutor {
    private let queue = DispatchQueue(label: "test")

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
