import KrunConnection
import KrunDiagnostics
import KrunKafka

/// Reads partitions of a topic without a group, as far as is wanted.
///
/// The end is judged by position: what transactions and compaction left out is no record.
struct LogReader {
    private static let batchSize = 1_000

    let kafka: KafkaConnection
    let topic: String

    /// Reads from these offsets to the ends.
    ///
    /// - Parameters:
    ///   - end: behind the last record that is taken; beyond the start of each partition.
    ///   - take: called with each record; whether nothing more of its partition is wanted.
    /// - Throws: a `Diagnostic` where it fails, or nothing comes for as long as the Kafka has to answer.
    func read(
        _ starts: [TopicPartitionOffset], to end: [TopicPartition: Int64], take: (ConsumedRecord) -> Bool
    ) throws {
        let consumer: Consumer
        do {
            consumer = try Consumer(properties: properties, log: kafka.log)
            try consumer.assign(starts)
        } catch {
            throw kafka.diagnostic(error)
        }
        var open = Dictionary(
            uniqueKeysWithValues: starts.map { ($0.partition, end[$0.topicPartition] ?? 0) })
        var failure: KafkaError?
        var deadline = Deadline(after: kafka.timeout)
        kafka.waits.begin("reading topic \(topic)") { [watch = kafka.watch] in watch.reason }
        while !open.isEmpty {
            let count = consumer.pollBatch(max: Self.batchSize, timeout: .milliseconds(100)) { batch in
                batch.forEach { event in
                    switch event {
                    case .record(let record):
                        guard let end = open[record.partition] else { return }
                        // What came after the beginning of reading is not taken.
                        let isEnough = record.offset < end ? take(record) : true
                        if isEnough || record.offset >= end - 1 { open[record.partition] = nil }
                    case .endOfPartition(_, let partition, let offset):
                        if let end = open[partition], offset >= end { open[partition] = nil }
                    case .error(let error):
                        if !TransientErrors.contains(error) { failure = failure ?? error }
                    }
                }
            }
            if let failure { throw kafka.diagnostic(failure) }
            if count > 0 { deadline = Deadline(after: kafka.timeout) }
            if deadline.hasPassed { throw silence(Array(open.keys)) }
        }
        let patience = kafka.patience(kafka.timeout)
        consumer.close(timeout: kafka.timeout) { patience.isOver }
    }

    private func silence(_ partitions: [Int32]) -> Diagnostic {
        if let sentence = kafka.watch.sentence {
            return Diagnostic(
                .runtime, "reading topic \(topic) failed", notes: [sentence])
        }
        let list = partitions.sorted().prefix(8).map(String.init).joined(separator: ", ")
        return Diagnostic(
            .runtime, "nothing more came of topic \(topic) within \(kafka.address.timeoutText)",
            notes: ["the end of partition \(list) was not reached; --timeout gives it longer"])
    }

    private var properties: ClientProperties {
        var own = kafka.properties
        // Properties of producers say nothing here, and a group takes no part.
        for name in ClientProperties.namesOfProducers + ["group.id"] { own[name] = nil }
        let defaults: ClientProperties = ["client.id": KafkaConnection.clientID, "isolation.level": "read_committed"]
        let ahead = FetchAhead(brokers: kafka.brokers.count)
        var properties = ahead.properties.merging(defaults).merging(own)
        properties["auto.offset.reset"] = "error"
        properties["enable.partition.eof"] = "true"
        return properties
    }
}
