import KrunOutcome

/// The records of one call of librdkafka, on top of all that the step's members read before.
public struct ConsumeBatch: Sendable {
    var topics: [TopicReading]
    var member = 0
    private(set) var messages = 0
    private(set) var memberMessages: [Int]
    private var names: [String]
    private(set) var latencies = LatencyTally()
    /// What each member owned when the group was first stable; nil before.
    private(set) var stableAssignment: [[StepPartition]]?

    init(topics: [TopicReading], members: [String]) {
        self.topics = topics
        names = members
        memberMessages = Array(repeating: 0, count: members.count)
    }

    /// One more member; returns its number.
    mutating func join(_ name: String) -> Int {
        names.append(name)
        memberMessages.append(0)
        for topic in topics.indices { topics[topic].naming.members.append(name) }
        return names.count - 1
    }

    /// Notes a record.
    ///
    /// - Parameters:
    ///   - topic: the position in the step's list of topics.
    ///   - key: nil for none; borrowed for the call.
    ///   - value: nil for a tombstone; borrowed for the call.
    public mutating func record(
        topic: Int, partition: Int32, offset: Int64, key: UnsafeRawBufferPointer?, value: UnsafeRawBufferPointer?
    ) {
        topics[topic].record(
            member: member, partition: partition, offset: offset, order: UInt64(messages), key: key, value: value)
        messages += 1
        memberMessages[member] += 1
    }

    /// How old a record was when it was read.
    public mutating func was(old milliseconds: Int64) { latencies.add(microseconds: milliseconds &* 1000) }

    /// The position is at least here, though no record was read: markers of transactions, compaction.
    public mutating func reached(topic: Int, partition: Int32, offset: Int64) {
        let position = topics[topic].partitions[Int(partition)].position
        if offset > position ?? -1 { topics[topic].partitions[Int(partition)].position = offset }
    }

    /// Whether something was read of which the step does not know whether it was acknowledged.
    var isBehind: Bool { topics.contains { $0.isBehind } }

    mutating func stable(leavingOut leftOut: Set<StepPartition>) {
        for topic in topics.indices {
            topics[topic].lookForOrphans(but: Set(leftOut.filter { $0.topic == topic }.map(\.partition)))
        }
        if stableAssignment != nil { return }
        stableAssignment = memberMessages.indices.map { member in
            topics.enumerated().flatMap { topic, reading in
                reading.partitions.enumerated()
                    .filter { $0.element.ownership(of: member) != nil }
                    .map { StepPartition(topic: topic, partition: Int32($0.offset)) }
            }
        }
    }

    /// In the order of their numbers.
    func members() -> [MemberOutcome] {
        memberMessages.enumerated().map { member, messages in
            // Who came later had nothing then.
            let isKnown = member < stableAssignment?.count ?? 0
            let owned = (isKnown ? stableAssignment?[member] ?? [] : [])
                .map { (name: topics[$0.topic].name, partition: $0.partition) }
                .sorted { ($0.name, $0.partition) < ($1.name, $1.partition) }
            return MemberOutcome(
                name: names[member], partitions: owned.map { "\($0.name)/\($0.partition)" }, messages: messages)
        }
    }
}
