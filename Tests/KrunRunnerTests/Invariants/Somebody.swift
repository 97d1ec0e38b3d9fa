import KrunConnection
import KrunKafka
import KrunOutcome
import KrunRunner
import Synchronization

@testable import KrunBroker

/// Somebody who uses the cluster of a scenario beside it, and does there what nobody in it knows of.
final class Somebody: Sendable {
    /// How records are written.
    enum Writing {
        /// By the partitioner of that name; nil for partition 0.
        case plain(partitioner: String?)
        /// In a transaction that is aborted, to partition 0.
        case aborted
    }

    /// A call took too long, or a record was refused.
    struct Trouble: Error {
        let text: String
    }

    let cluster: EmbeddedCluster
    private let failures = Mutex<[String]>([])
    /// Far more than any call takes.
    private static let timeout = Duration.seconds(60)

    init(configs: [String: String] = [:]) throws {
        cluster = try EmbeddedCluster(ClusterOptions(brokers: 1, configs: configs))
    }

    /// What went wrong with what it did.
    var troubles: [String] { failures.withLock { $0 } }

    /// For a run on the cluster, in which it acts just before the step begins, and is done by then.
    ///
    /// - Parameter acts: by the step's path.
    func options(_ acts: [String: @Sendable (Somebody) throws -> Void]) -> RunOptions {
        var options = RunOptions.kafka(cluster.bootstrapServers)
        options.exactNames = true
        options.onProgress = { [self] text in
            let words = text.split(separator: " ", maxSplits: 2)
            guard words.first == "step", words.count > 1, let act = acts[words[1].filter { $0 != ":" }] else { return }
            do { try act(self) } catch { failures.withLock { $0.append("\(error)") } }
        }
        return options
    }

    /// Deletes a topic and creates one of that name, whose offsets start at 0.
    func makeAnew(_ topic: String) throws {
        let deleted = try admin().deleteTopics([topic], timeout: Self.timeout)
        if let error = deleted[topic] ?? nil { throw error }
        try cluster.createTopic(topic, partitions: 1)
    }

    /// Takes all records from the topic's logs, whose offsets start at 0 again, as an unclean election may.
    func cut(_ topic: String) throws {
        try cluster.onLoop { core throws(ClusterError) in
            for partition in core.topics[topic]?.partitions ?? [] { partition.log.removeAll(now: core.now) }
        }
    }

    /// Returns once the group has committed that offset in partition 0.
    func waitUntil(_ group: String, commits offset: Int64, of topic: String) throws {
        let admin = try admin()
        let place = TopicPartition(topic, 0)
        let deadline = ContinuousClock.now + Self.timeout
        while try admin.groupOffsets(group, partitions: [place], timeout: Self.timeout)[place] ?? 0 < offset {
            guard .now < deadline else { throw Trouble(text: "\(group) did not commit \(offset) of \(topic)/0") }
        }
    }

    func addPartitions(to topic: String, total: Int) throws {
        try admin().createPartitions(topic, total: total, timeout: Self.timeout)
    }

    /// Has the topic compacted, as its configs say for that moment only: of each key the last record stays.
    func compact(_ topic: String) throws {
        for policy in ["compact", nil] {
            try admin().alterTopicConfig(topic, ["cleanup.policy": policy], timeout: Self.timeout)
            if policy != nil { try cluster.compact(topic) }
        }
    }

    /// Makes a producer with that transactional id, which fences those before it.
    func fence(_ transactionalId: String) throws { _ = try transactional(transactionalId) }

    /// Writes records, and returns when they have been acknowledged.
    func write(
        _ count: Int = 1, key: String? = nil, to topic: String, _ writing: Writing = .plain(partitioner: nil)
    ) throws {
        let producer: Producer
        var (partition, partitioner) = (Int32(0), "murmur2_random")
        switch writing {
        case .plain(let chosen):
            producer = try Producer(properties: properties, log: ClientLog())
            if let chosen { (partition, partitioner) = (-1, chosen) }
        case .aborted:
            producer = try transactional("somebody")
            try producer.beginTransaction()
        }
        let place = try producer.topic(topic, partitioner: partitioner)
        try producer.waitForMetadata(place, timeout: Self.timeout)
        for _ in 0..<count {
            var key = key
            let sent = try key?.withUTF8 {
                try producer.send(to: place, partition: partition, key: UnsafeRawBufferPointer($0), value: nil)
            }
            if sent == nil { _ = try producer.send(to: place, partition: partition, key: nil, value: nil) }
        }
        var acknowledged = 0
        let deadline = ContinuousClock.now + Self.timeout
        while acknowledged < count {
            guard .now < deadline else { throw Trouble(text: "\(acknowledged) of \(count) records were acknowledged") }
            var errors: [Int32] = []
            _ = producer.serveReports(timeout: .milliseconds(100)) { report in
                if report.errorCode == 0 { acknowledged += 1 } else { errors.append(report.errorCode) }
            }
            if let error = errors.first { throw Trouble(text: "a record was refused with error \(error)") }
        }
        if case .aborted = writing { try producer.abortTransaction(timeout: Self.timeout) }
    }

    private var properties: ClientProperties { ["bootstrap.servers": cluster.bootstrapServers] }

    private func admin() throws -> AdminClient { try AdminClient(properties: properties, log: ClientLog()) }

    private func transactional(_ id: String) throws -> Producer {
        var properties = properties
        properties["transactional.id"] = id
        let producer = try Producer(properties: properties, log: ClientLog())
        try producer.initTransactions(timeout: Self.timeout)
        return producer
    }
}

extension InvariantOutcome.Verdict {
    /// What a broken invariant that nothing allows to be broken says.
    static func broken(_ count: Int, _ cases: String...) -> Self { .broken(count: count, cases: cases, allowed: false) }
}
