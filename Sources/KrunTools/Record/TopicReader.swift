import KrunConnection
import KrunDiagnostics
import KrunKafka

/// Reads what is on a topic now, without a group: from the first message that is wanted to the end that was there at the beginning.
///
/// The end is judged by position: what transactions and compaction left out is no message.
struct TopicReader {
    private static let batchSize = 1_000

    let kafka: KafkaConnection
    let request: RecordRequest

    /// - Throws: a `Diagnostic`.
    func read(_ topic: ClusterMetadata.Topic) throws -> RecordedTopic {
        let partitions = topic.partitions.map { TopicPartition(topic.name, $0.id) }
        // Before the ends, so that it is not ahead of them.
        let committed = try committed(in: partitions)
        let first = try kafka.attempt { try $0.beginningOffsets(partitions, timeout: kafka.timeout) }
        let end = try kafka.attempt { try $0.endOffsets(partitions, timeout: kafka.timeout) }
        var recorded = RecordedTopic(name: topic.name, partitions: partitions.count, messages: [])
        recorded.committed = committed
        for partition in partitions {
            recorded.first[partition.partition] = first[partition]
            recorded.end[partition.partition] = end[partition]
        }
        let start = try starts(of: partitions, first: first, end: end)
        let wanted = start.filter { $0.offset < end[$0.topicPartition] ?? 0 }
        if !wanted.isEmpty { try read(wanted, to: end, into: &recorded) }
        // Whoever may read a topic need not be allowed to see its configs.
        recorded.configs = try? kafka.admin.topicConfigEntries(topic.name, timeout: kafka.timeout)
            .filter { $0.source == .topic }
        return recorded
    }

    private func committed(in partitions: [TopicPartition]) throws -> [Int32: Int64] {
        guard let group = request.group else { return [:] }
        let offsets = try kafka.attempt {
            try $0.groupOffsets(group, partitions: partitions, timeout: kafka.timeout)
        }
        return Dictionary(uniqueKeysWithValues: offsets.map { ($0.key.partition, $0.value) })
    }

    private func starts(
        of partitions: [TopicPartition], first: [TopicPartition: Int64], end: [TopicPartition: Int64]
    ) throws -> [TopicPartitionOffset] {
        var atTime: [TopicPartition: Int64] = [:]
        if case .time(let milliseconds) = request.from {
            atTime = try kafka.attempt {
                try $0.offsets(partitions, since: milliseconds, timeout: kafka.timeout)
            }.compactMapValues { $0 }
        }
        return partitions.map { partition in
            let offset = request.from.offset(
                first: first[partition] ?? 0, end: end[partition] ?? 0, committed: nil, atTime: atTime[partition])
            return TopicPartitionOffset(partition.topic, partition.partition, offset)
        }
    }

    private func read(
        _ starts: [TopicPartitionOffset], to end: [TopicPartition: Int64], into recorded: inout RecordedTopic
    ) throws {
        let consumer: Consumer
        do {
            consumer = try Consumer(properties: properties, log: kafka.log)
            try consumer.assign(starts)
        } catch {
            throw kafka.diagnostic(error)
        }
        var merge = BoundedMerge(limit: request.limit, byteLimit: request.byteLimit)
        var open = Dictionary(
            uniqueKeysWithValues: starts.map { ($0.partition, end[$0.topicPartition] ?? 0) })
        var failure: KafkaError?
        var deadline = Deadline(after: kafka.timeout)
        kafka.waits.begin("reading topic \(recorded.name)") { [watch = kafka.watch] in watch.reason }
        while !open.isEmpty {
            let count = consumer.pollBatch(max: Self.batchSize, timeout: .milliseconds(100)) { batch in
                batch.forEach { event in
                    switch event {
                    case .record(let record):
                        guard let end = open[record.partition] else { return }
                        // What came after the beginning of reading is not taken.
                        if record.offset < end { merge.add(RecordedMessage(record)) }
                        if record.offset >= end - 1 { open[record.partition] = nil }
                    case .endOfPartition(_, let partition, let offset):
                        if let end = open[partition], offset >= end { open[partition] = nil }
                    case .error(let error):
                        if !TransientErrors.contains(error) { failure = failure ?? error }
                    }
                }
            }
            if let failure { throw kafka.diagnostic(failure) }
            for partition in merge.closed { open[partition] = nil }
            if count > 0 { deadline = Deadline(after: kafka.timeout) }
            if deadline.hasPassed { throw silence(of: recorded.name, Array(open.keys)) }
        }
        let patience = kafka.patience(kafka.timeout)
        consumer.close(timeout: kafka.timeout) { patience.isOver }
        recorded.messages = merge.finish()
        recorded.isCut = merge.isCut
    }

    private func silence(of topic: String, _ partitions: [Int32]) -> Diagnostic {
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
        for name in [
            "acks", "request.required.acks", "enable.idempotence", "compression.codec", "compression.type", "group.id",
        ] {
            own[name] = nil
        }
        let defaults: ClientProperties = ["client.id": "krun", "isolation.level": "read_committed"]
        let ahead = FetchAhead(brokers: kafka.brokers.count)
        var properties = ahead.properties.merging(defaults).merging(own)
        properties["auto.offset.reset"] = "error"
        properties["enable.partition.eof"] = "true"
        return properties
    }
}
