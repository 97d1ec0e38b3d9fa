import KrunChecks
import KrunConnection
import KrunDiagnostics
import KrunJSON
import KrunKafka
import KrunScenario

/// Waits until a cluster that compacts when it likes has compacted a topic: the logs are read again and again, until records are gone from
/// their middle or no key has more than one.
struct CompactionWatch {
    let step: Step
    /// The name in the file.
    let topic: String
    let run: ScenarioRun

    /// Of more keys than these nothing is remembered.
    private static let keyLimit = 1_000_000
    /// Between two readings.
    private static let interval = Duration.milliseconds(500)

    /// What the logs hold.
    private struct Content {
        var records = 0
        /// Records behind which another of the same key stands.
        var superseded = 0
    }

    func wait() throws(RunStop) {
        let patience = Patience(budget: Budget.compaction, watch: run.cluster.watch, interruption: run.interruption)
        run.wait("waiting until the broker has compacted \(topic)", step: step)
        var content = Content()
        repeat {
            if run.interruption.isRequested { throw .interrupted }
            let known = run.topics[topic]
            let starts: [Int64]
            do {
                (content, starts) = try read(known, patience)
            } catch {
                throw run.trouble("cannot read topic \(topic)", error, step: step)
            }
            let missing = run.ledger.acknowledgedCount(topic: known.index, from: starts) - content.records
            if content.superseded == 0 || missing > known.missingAtCompaction {
                run.topics.update(topic) { $0.missingAtCompaction = max($0.missingAtCompaction, missing) }
                return
            }
            run.interruption.sleep(Self.interval)
        } while !patience.isOver
        throw .trouble(
            run.diagnostic(
                .runtime, "topic \(topic) was not compacted within \(Budget.compaction.formattedForPeople)", step: step,
                of: "compact",
                notes: [
                    "\(content.superseded) of \(content.records) records are superseded by later ones of their key",
                    "a broker compacts only closed segments (segment.ms, segment.bytes: the next record closes one), when enough of them is "
                        + "new (min.cleanable.dirty.ratio), and looks every 15 s (log.cleaner.backoff.ms)",
                ] + run.recentTrouble()))
    }

    /// Goes over all records.
    private func read(
        _ known: TopicRegistry.Topic, _ patience: Patience
    ) throws(KafkaError) -> (Content, starts: [Int64]) {
        let partitions = (0..<Int32(known.partitions)).map { TopicPartition(known.actual, $0) }
        let admin = run.cluster.admin
        let first = try admin.beginningOffsets(partitions, timeout: run.scenario.timeouts.connect)
        let ends = try admin.endOffsets(partitions, timeout: run.scenario.timeouts.connect)
        let starts = partitions.map { first[$0] ?? 0 }
        var content = Content()
        var open = Set(partitions.filter { ends[$0] ?? 0 > first[$0] ?? 0 })
        guard !open.isEmpty else { return (content, starts) }
        let consumer = try Consumer(
            properties: run.layers.properties(
                defaults: ["client.id": ClusterFaults.sparedClient], scenario: [],
                mandatory: [
                    "enable.auto.commit": "false", "enable.auto.offset.store": "false", "enable.partition.eof": "true",
                    "auto.offset.reset": "earliest",
                ]), log: run.cluster.log)
        try consumer.assign(partitions.map { TopicPartitionOffset($0.topic, $0.partition, first[$0] ?? 0) })
        var keys: Set<KeyPlace> = []
        var failure: KafkaError?
        while !open.isEmpty, failure == nil, !patience.isOver, !run.interruption.isRequested {
            _ = consumer.pollBatch(max: ConsumingMode.batchSize, timeout: .milliseconds(100)) { batch in
                batch.forEach { event in
                    switch event {
                    case .record(let record):
                        content.records += 1
                        guard let key = record.key else { return }
                        let place = KeyPlace(record.partition, key)
                        if keys.contains(place) {
                            content.superseded += 1
                        } else if keys.count < Self.keyLimit {
                            keys.insert(place)
                        }
                    case .endOfPartition(_, let partition, _):
                        open.remove(TopicPartition(known.actual, partition))
                    case .error(let error):
                        if !TransientErrors.contains(error) { failure = failure ?? error }
                    }
                }
            }
        }
        if let failure { throw failure }
        return (content, starts)
    }

    /// A key in a partition, by its hash: memory grows with the number of keys, not with their length.
    private struct KeyPlace: Hashable {
        let partition: Int32
        let hash: Int

        init(_ partition: Int32, _ key: UnsafeRawBufferPointer) {
            self.partition = partition
            var hasher = Hasher()
            hasher.combine(bytes: key)
            hash = hasher.finalize()
        }
    }
}
