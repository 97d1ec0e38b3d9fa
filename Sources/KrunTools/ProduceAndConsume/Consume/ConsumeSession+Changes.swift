import KrunConnection
import KrunKafka
import KrunScenario

/// What happens when the topics are no longer what they were: partitions are added, topics deleted and made again.
///
/// A group is told by its rebalances; without one, and where offsets are gone, it is for the session to look.
extension ConsumeSession {
    /// How often librdkafka looks for partitions that were added, and this session where there is no group.
    static let metadataInterval = "topic.metadata.refresh.interval.ms"
    /// How long such a look may keep records waiting.
    private static let lookTimeout: Duration = .seconds(2)
    /// How often to look where something is to be expected, and how long no record has come then.
    private static let quietInterval: Duration = .seconds(1)
    /// How long after an attempt that failed the next one comes.
    private static let retryInterval: Duration = .milliseconds(500)

    /// Those of these partitions that are there now.
    func present(_ partitions: [TopicPartition], timeout: Duration) throws(KafkaError) -> [TopicPartition] {
        let there = Set(try partitionsNow(timeout: timeout).values.joined())
        return partitions.filter { there.contains($0) }
    }

    /// The partitions of each topic; a topic whose partitions nobody can tell now has no entry.
    private func partitionsNow(timeout: Duration) throws(KafkaError) -> [String: [TopicPartition]] {
        let topics = try kafka.admin.metadata(topics: request.topics, timeout: min(kafka.timeout, timeout)).topics
        let known = topics.filter { $0.error == nil || $0.error?.name == "UNKNOWN_TOPIC_OR_PART" }
        return Dictionary(
            known.map { topic in (topic.name, topic.partitions.map { TopicPartition(topic.name, $0.id) }) },
            uniquingKeysWith: { $1 })
    }

    /// From time to time or `looksSoon`: takes up partitions that were added and drops those that are gone, where no group does;
    /// with a group notices a topic that was made anew so soon that nobody saw it missing.
    func lookForChanges(_ consumer: Consumer) {
        guard !request.exitsAtEnd, let interval = lookInterval else { return }
        let elapsed = ContinuousClock.now - lastLook
        guard elapsed >= (looksSoon ? min(interval, Self.quietInterval) : interval) else {
            if request.group == nil { lookWhileQuiet() }
            return
        }
        (lastLook, looksSoon) = (.now, false)
        guard request.group == nil else { return lookForLostCommits(consumer) }
        do {
            try follow(try partitionsNow(timeout: Self.lookTimeout), consumer)
        } catch {
            // Whoever cannot be asked now is asked again.
            if error.isFatal { fail(error) }
        }
    }

    /// Without a group nobody tells that a topic is gone or begins anew, and the longer it is not noticed the more of the new topic is
    /// taken for the old one. So where no records come the ends are looked at.
    private func lookWhileQuiet() {
        guard ContinuousClock.now - max(lastMove, lastEndLook) >= Self.quietInterval else { return }
        lastEndLook = .now
        let owned = tally.owned
        do {
            let ends = try kafka.admin.endOffsets(owned.map(\.0), timeout: min(kafka.timeout, Self.lookTimeout))
            if owned.contains(where: { ends[$0.0] ?? .max < $0.1.next }) { isOutOfRange = true }
        } catch {
            if Self.saysMissing(error) {
                // At once.
                lastLook = .now - .seconds(3600)
            } else {
                // A broker that does not answer is not waited for again and again.
                lastEndLook = .now + Self.lookTimeout * 5
            }
        }
    }

    /// Whether it says that a topic or a partition is not there, or not yet.
    static func saysMissing(_ error: KafkaError) -> Bool {
        ["UNKNOWN_TOPIC_OR_PART", "_UNKNOWN_TOPIC", "_UNKNOWN_PARTITION"].contains(error.name)
    }

    private func lookForLostCommits(_ consumer: Consumer) {
        let gone = committedOffsetsGone(consumer)
        // While the topic is missing there is nothing to go on with.
        let anew = gone.isEmpty ? [] : (try? present(gone, timeout: Self.lookTimeout)) ?? []
        guard !anew.isEmpty else { return }
        output.warn(text.madeAnew(anew))
        for partition in anew { tally[partition].forget() }
        isOutOfRange = true
        goBackIntoRange(consumer)
    }

    private func follow(_ now: [String: [TopicPartition]], _ consumer: Consumer) throws(KafkaError) {
        let owned = tally.owned.map(\.0).filter { now[$0.topic] != nil }
        let wanted = now.values.joined().filter {
            request.partitions.isEmpty || request.partitions.contains($0.partition)
        }
        let gone = Set(owned).subtracting(wanted).sorted { ($0.topic, $0.partition) < ($1.topic, $1.partition) }
        let new = Set(wanted).subtracting(owned).sorted { ($0.topic, $0.partition) < ($1.topic, $1.partition) }
        if now.values.contains([]) { looksSoon = true }
        guard !gone.isEmpty || !new.isEmpty else { return }
        // Whatever --from says of what was there: all that comes to a new partition is new.
        let firsts = try kafka.admin.beginningOffsets(new, timeout: kafka.timeout)
        let starts = new.map { TopicPartitionOffset($0.topic, $0.partition, firsts[$0] ?? 0) }
        try consumer.change(adding: starts, dropping: gone)
        for partition in gone { tally[partition].isOwned = false }
        for start in starts {
            tally[start.topicPartition].isOwned = true
            tally[start.topicPartition].wasOwned = true
            tally[start.topicPartition].next = start.offset
        }
        if !gone.isEmpty { output.say(text.gone(gone, deleted: now.filter(\.value.isEmpty).keys.sorted())) }
        if !starts.isEmpty { output.say(text.assigned(starts, generation: -1)) }
        moved()
    }

    /// Partitions of which the group had a committed offset and has none any more, which is so once their topic was deleted: were
    /// there as many new records as old ones, nothing else would show that they are others.
    func committedOffsetsGone(_ consumer: Consumer) -> [TopicPartition] {
        let known = tally.owned.filter { $0.1.isCommitted }.map(\.0)
        guard !known.isEmpty,
            let now = try? consumer.committed(
                known, timeout: min(kafka.timeout, Self.lookTimeout), isOver: { isWaitOver })
        else { return [] }
        return known.filter { (now[$0] ?? nil) == nil }
    }

    /// Goes on with the first record where an offset is not there any more: it was deleted, or the topic was made anew.
    func goBackIntoRange(_ consumer: Consumer) {
        guard ContinuousClock.now - lastRangeLook >= Self.retryInterval else { return }
        do throws(KafkaError) {
            // Partitions that are gone are for the next rebalance, or the next look, to take away.
            let there = try present(tally.owned.map(\.0), timeout: kafka.timeout)
            let firsts = try kafka.admin.beginningOffsets(there, timeout: kafka.timeout)
            let ends = try kafka.endsOfEverything(there, timeout: kafka.timeout)
            let unknown = there.filter { tally[$0].next < 0 }
            var moves: [TopicPartitionOffset] = []
            for partition in there where tally[partition].next >= 0 {
                let (first, end, next) = (firsts[partition] ?? 0, ends[partition] ?? 0, tally[partition].next)
                guard next < first || next > end else { continue }
                output.warn(text.outOfRange(partition, offset: next, first: first, end: end))
                tally[partition].next = first
                // That it is gone is told already.
                tally[partition].isCommitted = false
                moves.append(TopicPartitionOffset(partition.topic, partition.partition, first))
            }
            // Where to begin could not be found out when they were assigned.
            let late = try chooseAgain(unknown, consumer)
            if !late.isEmpty { output.say(text.assigned(late, generation: consumer.generation)) }
            try consumer.seek(moves + late)
            isOutOfRange = false
        } catch {
            guard TransientErrors.contains(error) else { return fail(error) }
            // The topic is changing, or nobody answers.
            lastRangeLook = .now
        }
        moved()
    }

    private func chooseAgain(
        _ partitions: [TopicPartition], _ consumer: Consumer
    ) throws(KafkaError) -> [TopicPartitionOffset] {
        guard !partitions.isEmpty else { return [] }
        let committed = try consumer.committed(partitions, timeout: kafka.timeout, isOver: { isWaitOver })
            .compactMapValues { $0 }
        let starts = try choose(partitions, from: .committed, committed: committed)
        return partitions.map { TopicPartitionOffset($0.topic, $0.partition, starts[$0] ?? 0) }
    }
}
