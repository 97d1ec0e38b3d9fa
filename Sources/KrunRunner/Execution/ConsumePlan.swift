import KrunConnection
import KrunKafka
import KrunOutcome
import KrunScenario

/// Where a `consume` step begins and where it may end, found out before any member starts.
struct ConsumePlan {
    /// By topic as in the step: the names on the broker.
    let topics: [String]
    private(set) var partitionCounts: [Int]
    /// By topic and partition, all of them.
    private(set) var logStarts: [[Int64]]
    private(set) var ends: [[Int64]]
    /// nil where the group committed nothing; empty lists without a group.
    private(set) var committed: [[Int64?]]
    private(set) var starts: [[Int64]]
    /// From where on nothing may be missing: as `starts`, but 0 where that is the earliest record, so that what was gone
    /// before it could be read is not taken for read.
    private(set) var wantedStarts: [[Int64]]
    /// Where a committed offset is none that the log has; nil elsewhere.
    private(set) var resets: [[OffsetOutOfRange?]]
    /// Where an offset that the file names is none that the log has: what it names.
    let outside: [TopicPartition: Int64]

    var all: [TopicPartition] {
        zip(topics, partitionCounts).flatMap { topic, count in
            (0..<Int32(count)).map { TopicPartition(topic, $0) }
        }
    }

    /// - Parameters:
    ///   - names: the names of the topics in the file.
    ///   - kept: where members of an earlier step stand in partitions that they still own.
    init(
        topics: [String], names: [String], partitionCounts: [Int], from: StartPoints, offsets: GroupOffsets,
        kept: [TopicPartition: Int64] = [:], timeout: Duration
    ) throws(KafkaError) {
        self.topics = topics
        self.partitionCounts = partitionCounts
        let state = try offsets.state(of: topics, partitionCounts, timeout: timeout)
        (logStarts, ends, committed) = (state.logStarts, state.ends, state.committed)
        let points = zip(names, partitionCounts).map { name, count in
            (0..<count).map { from.point(of: name, Int32($0)) ?? .earliest }
        }
        let isBeyond = points.joined().contains(.committed) && state.hasCommitsBeyondEnds
        let highWatermarks = isBeyond ? try offsets.highWatermarks(of: topics, partitionCounts, timeout: timeout) : ends
        var times: [(partition: TopicPartition, time: Int64)] = []
        for (topic, points) in points.enumerated() {
            for (partition, point) in points.enumerated() {
                if case .time(let time) = point {
                    times.append((TopicPartition(topics[topic], Int32(partition)), time))
                }
            }
        }
        let atTime = try offsets.admin.offsets(times, timeout: timeout)
        var outside: [TopicPartition: Int64] = [:]
        typealias Choice = (start: Int64, wanted: Int64, reset: OffsetOutOfRange?)
        func choice(_ topic: Int, _ partition: Int) -> Choice {
            let (first, end) = (state.logStarts[topic][partition], state.ends[topic][partition])
            let place = TopicPartition(topics[topic], Int32(partition))
            let point = points[topic][partition]
            switch point {
            case .earliest: return (first, 0, nil)
            case .latest, .last, .time, .offset:
                let start = point.offset(first: first, end: end, committed: nil, atTime: atTime[place])
                guard case .offset(let offset) = point, offset != start else { return (start, start, nil) }
                outside[place] = offset
                return (start, min(offset, start), nil)
            case .committed:
                if let position = kept[place] { return (position, position, nil) }
                let isLatest = from.uncommitted == .latest
                guard let committed = state.committed[topic][partition] else {
                    return isLatest ? (end, end, nil) : (first, 0, nil)
                }
                let highest = max(end, highWatermarks[topic][partition])
                if (first...max(first, highest)).contains(committed) { return (committed, committed, nil) }
                // `auto.offset.reset`, where the log does not hold that offset.
                let start = isLatest ? end : first
                let reset = OffsetOutOfRange(committed: committed, logStart: first, end: highest, start: start)
                return (start, isLatest ? end : committed > highest ? 0 : committed, reset)
            }
        }
        let chosen = topics.indices.map { topic in (0..<partitionCounts[topic]).map { choice(topic, $0) } }
        self.outside = outside
        starts = chosen.map { $0.map(\.start) }
        wantedStarts = chosen.map { $0.map(\.wanted) }
        resets = chosen.map { $0.map(\.reset) }
    }

    /// With partitions that were added since it was made, and read from their beginning.
    func grown(to counts: [Int]) -> ConsumePlan {
        var plan = self
        for (topic, count) in counts.enumerated() where count > partitionCounts[topic] {
            let more = count - partitionCounts[topic]
            let zeros = Array(repeating: Int64(0), count: more)
            plan.partitionCounts[topic] = count
            plan.logStarts[topic] += zeros
            plan.ends[topic] += zeros
            plan.committed[topic] += Array(repeating: nil, count: more)
            plan.starts[topic] += zeros
            plan.wantedStarts[topic] += zeros
            plan.resets[topic] += Array(repeating: nil, count: more)
        }
        return plan
    }

    func index(of partition: TopicPartition) -> (topic: Int, partition: Int)? {
        guard let topic = topics.firstIndex(of: partition.topic), has(topic, partition.partition) else { return nil }
        return (topic, Int(partition.partition))
    }

    /// Whether the topic had that partition when the step began.
    func has(_ topic: Int, _ partition: Int32) -> Bool {
        partition >= 0 && Int(partition) < partitionCounts[topic]
    }
}

/// Asks for the offsets of topics and of one group, without joining it.
struct GroupOffsets {
    struct State {
        var logStarts: [[Int64]]
        var ends: [[Int64]]
        var committed: [[Int64?]]

        /// Whether something is committed behind the ends, which under `read_committed` are where a transaction is open.
        var hasCommitsBeyondEnds: Bool {
            zip(committed.joined(), ends.joined()).contains { committed, end in committed.map { $0 > end } ?? false }
        }
    }

    let admin: AdminClient
    /// The name on the broker; nil when there is no group to ask.
    let group: String?
    /// Sees the ends of the logs with the records of open transactions.
    let uncommitted: AdminClient

    /// By topic and partition, the offset behind the last record, also of an open transaction.
    func highWatermarks(
        of topics: [String], _ partitionCounts: [Int], timeout: Duration
    ) throws(KafkaError) -> [[Int64]] {
        let partitions = zip(topics, partitionCounts).map { topic, count in
            (0..<Int32(count)).map { TopicPartition(topic, $0) }
        }
        let ends = try uncommitted.endOffsets(partitions.flatMap { $0 }, timeout: timeout)
        return partitions.map { $0.map { ends[$0] ?? 0 } }
    }

    func state(of topics: [String], _ partitionCounts: [Int], timeout: Duration) throws(KafkaError) -> State {
        let partitions = zip(topics, partitionCounts).map { topic, count in
            (0..<Int32(count)).map { TopicPartition(topic, $0) }
        }
        let all = partitions.flatMap { $0 }
        let deadline = Deadline(after: timeout)
        let first = try admin.beginningOffsets(all, timeout: timeout)
        let end = try admin.endOffsets(all, timeout: deadline.remaining)
        var committed: [TopicPartition: Int64] = [:]
        if let group { committed = try admin.groupOffsets(group, partitions: all, timeout: deadline.remaining) }
        return State(
            logStarts: partitions.map { $0.map { first[$0] ?? 0 } },
            ends: partitions.map { $0.map { end[$0] ?? 0 } },
            committed: partitions.map { $0.map { committed[$0] } })
    }
}
