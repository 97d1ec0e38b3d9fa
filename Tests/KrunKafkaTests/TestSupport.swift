import KrunBroker
import KrunKafka
import Synchronization
import Testing

/// Runs a body that blocks on a thread of its own, so that the cooperative pool goes on meanwhile; what it expects
/// belongs to the test that runs.
func onThread<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    let executor = ThreadExecutor()
    defer { executor.join() }
    return try await withTaskExecutorPreference(executor) { try await work(body) }
}

@concurrent private func work<Value: Sendable>(_ body: @Sendable () throws -> Value) async throws -> Value {
    try body()
}

/// Runs each piece of a task on a thread of its own.
private final class ThreadExecutor: TaskExecutor {
    private let threads = Mutex<[WorkerThread]>([])

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let thread = try! WorkerThread(name: "test") { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
        threads.withLock { $0.append(thread) }
    }

    func join() {
        let all = threads.withLock { threads in
            defer { threads = [] }
            return threads
        }
        for thread in all { thread.join() }
    }
}

/// An embedded cluster with one topic, and clients that talk to it.
struct Fixture: Sendable {
    let cluster: EmbeddedCluster
    let topic: String
    let partitions: Int

    init(
        _ topic: String = "orders", partitions: Int = 1, brokers: Int = 1, configs: [String: String] = [:]
    ) throws {
        cluster = try EmbeddedCluster(ClusterOptions(brokers: brokers, configs: configs))
        try cluster.createTopic(topic, partitions: partitions)
        self.topic = topic
        self.partitions = partitions
    }

    var properties: ClientProperties { ["bootstrap.servers": cluster.bootstrapServers] }

    func producer(_ more: ClientProperties = [:], log: ClientLog = ClientLog()) throws -> Producer {
        try Producer(properties: properties.merging(more), log: log)
    }

    /// A consumer that reports the end of partitions and leaves committing to the test.
    func consumer(_ more: ClientProperties = [:], log: ClientLog = ClientLog()) throws -> Consumer {
        let base: ClientProperties = [
            "enable.partition.eof": "true", "enable.auto.commit": "false", "enable.auto.offset.store": "false",
            "auto.offset.reset": "error", "fetch.wait.max.ms": "10",
        ]
        return try Consumer(properties: properties.merging(base).merging(more), log: log)
    }

    /// A member that hears of a rebalance soon.
    func member(of group: String, _ more: ClientProperties = [:]) throws -> Consumer {
        let base: ClientProperties = [
            "group.id": group, "session.timeout.ms": "30000", "heartbeat.interval.ms": "50",
        ]
        return try consumer(base.merging(more))
    }

    func admin() throws -> AdminClient {
        try AdminClient(properties: properties, log: ClientLog())
    }

    var allPartitions: [TopicPartition] { (0..<partitions).map { TopicPartition(topic, Int32($0)) } }

    func positions(_ offset: Int64) -> [TopicPartitionOffset] {
        allPartitions.map { TopicPartitionOffset($0.topic, $0.partition, offset) }
    }

    /// Produces so many records to each partition in turn, with their number as value, and waits for all reports.
    func fill(perPartition count: Int, _ more: ClientProperties = [:]) throws {
        let producer = try producer((["linger.ms": "5"] as ClientProperties).merging(more))
        let orders = try producer.topic(topic, partitioner: "random")
        try producer.waitForMetadata(orders, timeout: .seconds(10))
        var reported = 0
        for number in 0..<count {
            for partition in 0..<partitions {
                try producer.sendAll(orders, partition: Int32(partition), value: "\(number)") { reported += $0 }
            }
        }
        let end = ContinuousClock.now + .seconds(20)
        while reported < count * partitions, .now < end {
            reported += producer.serveReports(timeout: .milliseconds(100)) { #expect($0.errorName == nil) }
        }
        #expect(reported == count * partitions)
    }
}

extension Producer {
    /// Sends one message, serving reports while the queue is full.
    func sendAll(
        _ topic: ProducerTopic, partition: Int32 = -1, key: String? = nil, value: String, tag: UInt = 0,
        reported: (Int) -> Void
    ) throws {
        while try send(topic, partition: partition, key: key, value: value, tag: tag) == .queueFull {
            reported(serveReports(timeout: .milliseconds(10)) { #expect($0.errorName == nil) })
        }
    }

    @discardableResult
    func send(
        _ topic: ProducerTopic, partition: Int32 = -1, key: String? = nil, value: String?, tag: UInt = 0
    ) throws -> Sent {
        try withBytes(key) { key in
            try withBytes(value) { value in
                try send(to: topic, partition: partition, key: key, value: value, tag: tag)
            }
        }
    }

    /// Serves reports until there were so many, as (tag, partition, offset, error name).
    func reports(_ count: Int, within timeout: Duration = .seconds(20)) -> [Report] {
        var reports: [Report] = []
        let end = ContinuousClock.now + timeout
        while reports.count < count, .now < end {
            _ = serveReports(timeout: .milliseconds(100)) {
                reports.append(
                    Report(tag: $0.tag, partition: $0.partition, offset: $0.offset, error: $0.errorName))
            }
        }
        return reports
    }
}

struct Report: Hashable {
    var tag: UInt
    var partition: Int32
    var offset: Int64?
    var error: String?
}

/// The bytes of a string, or nil for nil.
func withBytes<Result>(_ text: String?, _ body: (UnsafeRawBufferPointer?) throws -> Result) rethrows -> Result {
    guard let text else { return try body(nil) }
    return try Array(text.utf8).withUnsafeBytes { try body($0) }
}

/// A record copied out of librdkafka's memory.
struct Copied: Hashable {
    var topicIndex = 0
    var partition: Int32 = 0
    var offset: Int64
    var key: String?
    var value: String?
    var headers: [RecordHeader] = []
}

extension Copied {
    init(_ record: ConsumedRecord) {
        self.init(
            topicIndex: record.topicIndex, partition: record.partition, offset: record.offset,
            key: record.key.map { String(decoding: $0, as: UTF8.self) },
            value: record.value.map { String(decoding: $0, as: UTF8.self) }, headers: record.headers)
    }
}

extension Consumer {
    /// Polls a batch and hands out its events one by one; returns how many.
    func pollEach(max: Int, timeout: Duration, body: (borrowing ConsumedEvent) -> Void) -> Int {
        var count = 0
        _ = pollBatch(max: max, timeout: timeout) { batch in
            batch.forEach { event in
                count += 1
                body(event)
            }
        }
        return count
    }
}

extension ConsumedEvent {
    /// The record, if it is one; valid as long as the event is.
    var record: ConsumedRecord? {
        switch self {
        case .record(let record): record
        case .endOfPartition: nil
        case .error: nil
        }
    }

    /// The error, if it is one.
    var error: KafkaError? {
        switch self {
        case .error(let error): error
        case .endOfPartition: nil
        case .record: nil
        }
    }
}
