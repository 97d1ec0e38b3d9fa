import KrunConnection
import KrunDiagnostics
import KrunKafka

/// What is asked before anything is read, and after.
extension ConsumeSession {
    /// All partitions that are meant, once every topic is there.
    func waitForTopics() throws -> [TopicPartition] {
        var told: [String] = []
        let deadline = ContinuousClock.now + kafka.timeout
        let isBounded = request.exitsAtEnd || request.group == nil
        while true {
            let topics = try kafka.attempt { try $0.metadata(topics: request.topics, timeout: kafka.timeout).topics }
            let missing = topics.filter { $0.error?.name == "UNKNOWN_TOPIC_OR_PART" }.map(\.name)
            if let error = topics.lazy.compactMap(\.error).first(where: {
                $0.name != "UNKNOWN_TOPIC_OR_PART" && !$0.isRetriable
            }) {
                throw kafka.diagnostic(error)
            }
            if missing.isEmpty, topics.allSatisfy({ $0.error == nil && !$0.partitions.isEmpty }) {
                return try chosen(of: topics)
            }
            if !missing.isEmpty {
                let absence = try kafka.missingTopic(missing[0])
                if isBounded || !absence.isKnown { throw absence.diagnostic }
                if missing != told { output.say(text.waits(forTopics: missing, guess: absence.guess)) }
                told = missing
                kafka.waits.end()
            } else if let topic = topics.first(where: { $0.error != nil || $0.partitions.isEmpty }) {
                if isBounded, ContinuousClock.now > deadline {
                    throw Diagnostic(.runtime, text.notReady(topic.name, topic.error))
                }
                if told != [topic.name] { output.say(text.notReady(topic.name, topic.error)) }
                told = [topic.name]
            }
            try kafka.pause(.milliseconds(500))
        }
    }

    private func chosen(of topics: [ClusterMetadata.Topic]) throws -> [TopicPartition] {
        for topic in topics {
            let numbers = topic.partitions.map(\.id)
            if let absent = request.partitions.first(where: { !numbers.contains($0) }) {
                throw Diagnostic.missingPartition(absent, of: topic.name, having: numbers)
            }
        }
        return topics.flatMap { topic in
            topic.partitions.map { TopicPartition(topic.name, $0.id) }
                .filter { request.partitions.isEmpty || request.partitions.contains($0.partition) }
        }
    }

    func outcome(_ end: ConsumeOutcome.End, _ trouble: Diagnostic?) -> ConsumeOutcome {
        let seen = tally.all { $0.wasOwned || $0.read > 0 }
        let timeout = min(kafka.timeout, .seconds(5))
        // What is gone by now has no offsets.
        let partitions = (try? present(seen.map(\.0), timeout: timeout)) ?? seen.map(\.0)
        // Without them the table has question marks; why was told before.
        let ends = (try? kafka.admin.endOffsets(partitions, timeout: timeout)) ?? [:]
        let firsts = (try? kafka.admin.beginningOffsets(partitions, timeout: timeout)) ?? [:]
        let committed = request.group.flatMap {
            try? kafka.admin.groupOffsets($0, partitions: partitions, timeout: timeout)
        }
        let rows = seen.map { name, partition in
            ConsumeOutcome.Row(
                partition: name, read: partition.read,
                committed: committed.map { $0[name] } ?? partition.committed, end: ends[name], first: firsts[name])
        }
        return ConsumeOutcome(
            end: end, trouble: trouble, group: request.group, rows: rows, topics: request.topics, read: tally.read)
    }

    /// Looks why nothing comes.
    func look() -> SilenceLook {
        SilenceLook(self)
    }
}
