import KrunOutcome

/// What all steps of a scenario together saw of one topic.
struct TopicSummary {
    /// A consumer group, or all reading by assignment.
    struct Reader {
        /// nil for reading by assignment.
        var group: String?
        /// The sum of what its steps read; committed offsets and lags are those of its last step.
        var records: TopicRecords
    }

    var name: String
    /// nil when no step produced to it.
    var produced: TopicRecords?
    /// In the order of their first steps.
    var readers: [Reader] = []
    /// What of it did not hold.
    private(set) var failures = FailureSubjects()
    /// Whether it was deleted: what is seen of one of its name later on has nothing to do with this.
    private var isDeleted = false

    init(name: String, produced: TopicRecords? = nil, readers: [Reader] = []) {
        self.name = name
        self.produced = produced
        self.readers = readers
    }

    /// A summary of each topic that some step touched, in the order of the file.
    static func all(of scenario: ScenarioOutcome) -> [TopicSummary] {
        var summaries = scenario.topics.map { TopicSummary(name: $0.name) }
        func index(of name: String) -> Int {
            if let index = summaries.firstIndex(where: { $0.name == name }) { return index }
            summaries.append(TopicSummary(name: name))
            return summaries.count - 1
        }
        for step in scenario.allSteps {
            switch step.result {
            case .produce(let outcome):
                summaries[index(of: outcome.topic)].addProduced(outcome.records)
            case .consume(let outcome):
                for (name, records) in outcome.topics.sorted(by: { $0.key < $1.key }) {
                    summaries[index(of: name)].addRead(records, by: outcome.group)
                }
            case .topic(let outcome) where outcome.change == .delete && outcome.error == nil:
                summaries[index(of: outcome.topic)].isDeleted = true
            case .group, .transaction, .offsets, .topic, .fault, .pause, .together, .repeat, nil: break
            }
        }
        return summaries.filter { $0.produced != nil || !$0.readers.isEmpty }.map { summary in
            var summary = summary
            summary.failures = FailureSubjects(of: summary.name, in: scenario)
            return summary
        }
    }

    private mutating func beginAnew() {
        if isDeleted { self = TopicSummary(name: name) }
    }

    private mutating func addProduced(_ records: TopicRecords) {
        beginAnew()
        produced = produced?.followed(by: records) ?? records
    }

    private mutating func addRead(_ records: TopicRecords, by group: String?) {
        beginAnew()
        if let index = readers.firstIndex(where: { $0.group == group }) {
            readers[index].records = readers[index].records.followed(by: records)
        } else {
            readers.append(Reader(group: group, records: records))
        }
    }

    /// What was sent, or where nothing was, what the first reader read.
    var main: TopicRecords { produced ?? readers.first?.records ?? TopicRecords() }

    /// The numbers of all partitions, sorted.
    var partitions: [Int32] {
        var numbers = Set(main.partitions.keys)
        for reader in readers { numbers.formUnion(reader.records.partitions.keys) }
        return numbers.sorted()
    }

    /// The lowest offset that any step saw; nil where none did.
    func first(_ partition: Int32) -> Int64? {
        everything.compactMap { $0.partitions[partition]?.first }.min()
    }

    func last(_ partition: Int32) -> Int64? {
        everything.compactMap { $0.partitions[partition]?.last }.max()
    }

    /// Of so many partitions those that tell most: which failures are about, those that lag, most of all those that lag most, those in which
    /// something is missing; then the others. In their order.
    func mostTelling(_ partitions: [Int32], limit: Int) -> [Int32] {
        guard partitions.count > limit else { return partitions }
        let ranked = partitions.map { number in
            let lag = everything.compactMap { $0.partitions[number]?.lag?.magnitude }.max() ?? 0
            let rank =
                failures.partitions.contains(number)
                ? 0 : failures.explainedPartitions.contains(number) ? 1 : lag > 0 ? 2 : isIncomplete(number) ? 3 : 4
            return (rank: rank, lag: lag, number: number)
        }
        return ranked.sorted { ($0.rank, $1.lag, $0.number) < ($1.rank, $0.lag, $1.number) }.prefix(limit)
            .map(\.number).sorted()
    }

    /// Whether records of it were removed, offsets between its records are none's, a committed offset was out of range, or a reader has
    /// another number of messages.
    private func isIncomplete(_ number: Int32) -> Bool {
        let messages = main.partitions[number]?.messages ?? 0
        return everything.contains { records in
            guard let partition = records.partitions[number] else { return messages > 0 }
            let hasGap = partition.first.map { first in
                partition.last.map { $0 - first + 1 > Int64(partition.messages) } ?? false
            }
            return partition.removed > 0 || partition.reset != nil || partition.messages != messages || hasGap == true
        }
    }

    /// Whether there is anything to say of a partition: a failure, a message, a commit of some, or a lag.
    func tells(_ partition: Int32) -> Bool {
        if failures.partitions.contains(partition) { return true }
        return everything.compactMap { $0.partitions[partition] }.contains {
            $0.messages > 0 || $0.committed ?? 0 > 0 || $0.lag ?? 0 != 0
        }
    }

    private var everything: [TopicRecords] { (produced.map { [$0] } ?? []) + readers.map(\.records) }

    /// Whether a reader's count of messages is another than `main`'s in some partition.
    var readersDifferByPartition: Bool {
        readers.contains { reader in
            partitions.contains { reader.records.partitions[$0]?.messages ?? 0 != main.partitions[$0]?.messages ?? 0 }
        }
    }

    /// Whether a reader's count of messages is another than `main`'s for some key; keys that one side does not list
    /// are compared only where both list all of theirs.
    var readersDifferByKey: Bool {
        let expected = main.messagesByKey
        return readers.contains { reader in
            let read = reader.records.messagesByKey
            let areComplete = main.listsAllKeys && reader.records.listsAllKeys
            return expected.contains { key, count in read[key].map { $0 != count } ?? areComplete }
                || (areComplete && read.keys.contains { expected[$0] == nil })
                || (main.nullKey?.messages ?? 0 != reader.records.nullKey?.messages ?? 0)
        }
    }
}

extension TopicRecords {
    /// Both steps' records as one; committed offsets and lags are the later ones.
    func followed(by later: TopicRecords) -> TopicRecords {
        var sum = self
        for (number, partition) in later.partitions {
            sum.partitions[number] = sum.partitions[number]?.followed(by: partition) ?? partition
        }
        var indices = Dictionary(keys.enumerated().map { ($1.key, $0) }) { first, _ in first }
        for key in later.keys {
            if let index = indices[key.key] {
                sum.keys[index] = sum.keys[index].followed(by: key)
            } else {
                indices[key.key] = sum.keys.count
                sum.keys.append(key)
            }
        }
        if let nullKey = later.nullKey { sum.nullKey = sum.nullKey?.followed(by: nullKey) ?? nullKey }
        sum.distinctKeys = max(distinctKeys, later.distinctKeys, sum.keys.count)
        sum.keysAreSampled = keysAreSampled || later.keysAreSampled
        return sum
    }

    var listsAllKeys: Bool { !keysAreSampled && keys.count >= distinctKeys }

    var messagesByKey: [[UInt8]: Int] {
        Dictionary(keys.map { ($0.key, $0.messages) }) { first, _ in first }
    }
}

extension PartitionOutcome {
    func followed(by later: PartitionOutcome) -> PartitionOutcome {
        PartitionOutcome(
            messages: messages + later.messages, first: [first, later.first].compactMap(\.self).min(),
            last: [last, later.last].compactMap(\.self).max(), committed: later.committed ?? committed,
            lag: later.lag ?? lag, removed: later.removed, reset: later.reset)
    }
}

extension KeyOutcome {
    func followed(by later: KeyOutcome) -> KeyOutcome {
        KeyOutcome(
            key: key, messages: messages + later.messages,
            partitions: Set(partitions).union(later.partitions).sorted())
    }
}
