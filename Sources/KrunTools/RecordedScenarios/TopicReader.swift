import KrunConnection
import KrunDiagnostics
package import KrunKafka
import KrunScenario

/// Reads what is on a topic now, without a group: from the first message that is wanted to the end that was there at the beginning.
///
/// The end is judged by position: what transactions and compaction left out is no message.
struct TopicReader {
    let kafka: KafkaConnection
    let request: Recording.Request

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
        var merge = BoundedMerge(limit: request.limit, byteLimit: request.byteLimit)
        try LogReader(kafka: kafka, topic: recorded.name).read(starts, to: end) {
            merge.add(RecordedMessage($0))
            return merge.closed.contains($0.partition)
        }
        recorded.messages = merge.finish()
        recorded.isCut = merge.isCut
    }
}

/// The first messages of a topic in the order of their times, however many come: each partition keeps its own order, and of
/// the next ones of all partitions the one with the least timestamp comes first.
///
/// Holds about twice what is wanted at most.
struct BoundedMerge {
    let limit: Int
    let byteLimit: Int
    private var partitions: [Int32: [RecordedMessage]] = [:]
    /// Partitions of which nothing more can be among the first.
    private(set) var closed: Set<Int32> = []
    /// Whether something came that is not among the first.
    private(set) var isCut = false
    private var count = 0
    private var bytes = 0

    init(limit: Int, byteLimit: Int) {
        self.limit = limit
        self.byteLimit = byteLimit
    }

    /// - Parameter message: behind all that came of its partition.
    mutating func add(_ message: RecordedMessage) {
        guard !closed.contains(message.partition) else {
            isCut = true
            return
        }
        partitions[message.partition, default: []].append(message)
        count += 1
        bytes += message.size
        // One that is larger than the bound alone is looked at when the next one comes.
        if count > 2 * limit || count > 1 && bytes > 2 * byteLimit { cut() }
    }

    /// The messages that are wanted, in their order.
    mutating func finish() -> [RecordedMessage] {
        cut()
    }

    /// Messages that come later only push back those that are there, so what is beyond the bounds now stays there; and what follows
    /// it in its partition, too.
    @discardableResult
    private mutating func cut() -> [RecordedMessage] {
        let (merged, tooMuch) = merged()
        var kept: [Int32: Int] = [:]
        for message in merged { kept[message.partition, default: 0] += 1 }
        if let tooMuch {
            // It stays, so that no smaller one that comes behind it takes its place.
            kept[tooMuch, default: 0] += 1
            closed.insert(tooMuch)
            isCut = true
        }
        for (partition, messages) in partitions {
            let wanted = kept[partition] ?? 0
            guard wanted < messages.count else { continue }
            partitions[partition] = Array(messages.prefix(wanted))
            closed.insert(partition)
            isCut = true
        }
        count = partitions.values.reduce(0) { $0 + $1.count }
        bytes = partitions.values.reduce(0) { $0 + $1.reduce(0) { $0 + $1.size } }
        return merged
    }

    /// The messages within the bounds, and the partition of the next one where it is beyond the bound in bytes.
    private func merged() -> ([RecordedMessage], tooMuch: Int32?) {
        var rest = partitions.sorted { $0.key < $1.key }.map { $0.value[...] }
        var merged: [RecordedMessage] = []
        var bytes = 0
        while merged.count < limit {
            // Of equal ones the least partition's.
            let next = rest.indices.filter { !rest[$0].isEmpty }.min {
                (rest[$0].first?.timestamp ?? 0) < (rest[$1].first?.timestamp ?? 0)
            }
            guard let next, let message = rest[next].popFirst() else { break }
            bytes += message.size
            // The first is taken whatever its size.
            if bytes > byteLimit, !merged.isEmpty { return (merged, message.partition) }
            merged.append(message)
        }
        return (merged, nil)
    }
}

/// A message as it was read.
package struct RecordedMessage: Hashable, Sendable {
    package var partition: Int32
    package var offset: Int64
    /// Milliseconds since 1970; nil where it has none.
    package var timestamp: Int64?
    package var key: [UInt8]?
    /// Nil for a tombstone.
    package var value: [UInt8]?
    package var headers: [RecordHeader]

    package init(
        partition: Int32, offset: Int64, timestamp: Int64? = nil, key: [UInt8]?, value: [UInt8]?,
        headers: [RecordHeader] = []
    ) {
        self.partition = partition
        self.offset = offset
        self.timestamp = timestamp
        self.key = key
        self.value = value
        self.headers = headers
    }

    /// What a bound in bytes counts.
    var size: Int {
        let headers = headers.reduce(0) { $0 + $1.key.utf8.count + ($1.value?.count ?? 0) }
        return (key?.count ?? 0) + (value?.count ?? 0) + headers
    }

    init(_ record: ConsumedRecord) {
        self.init(
            partition: record.partition, offset: record.offset, timestamp: record.timestamp,
            key: record.key.map { Array($0) }, value: record.value.map { Array($0) }, headers: record.headers)
    }
}

/// What is on a topic, within bounds.
package struct RecordedTopic: Sendable {
    package var name: String
    package var partitions: Int
    /// In the order in which they are to be sent.
    package var messages: [RecordedMessage]
    /// Whether there were more messages than the bounds allow.
    package var isCut = false
    /// What was set on the topic itself; nil where this could not be read.
    package var configs: [TopicConfigEntry]?
    /// What the group committed, where it committed something.
    package var committed: [Int32: Int64] = [:]
    /// Where the partitions began and ended when they were read.
    package var first: [Int32: Int64] = [:]
    package var end: [Int32: Int64] = [:]

    package init(name: String, partitions: Int, messages: [RecordedMessage]) {
        self.name = name
        self.partitions = partitions
        self.messages = messages
    }

    /// Whether the offsets of the messages, which count from 0 when they are sent again, were others.
    var isRenumbered: Bool {
        var next: [Int32: Int64] = [:]
        for message in messages {
            if message.offset != next[message.partition, default: 0] { return true }
            next[message.partition] = message.offset + 1
        }
        return false
    }
}
