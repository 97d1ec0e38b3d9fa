import KrunScenario

/// How far a `consume` step has come: judged by positions, never by counting towards an end.
struct ReadingProgress {
    let until: ConsumeStep.End
    /// Per topic and partition, where this step begins to read.
    private(set) var starts: [[Int64]]
    /// Per topic and partition, the position to be reached wherever a member of this step owns the partition.
    private var wanted: [[Int64]]
    /// Per topic and partition, the position at which there is nothing more to wait for.
    private(set) var targets: [[Int64]]
    /// Per topic and partition, the offset that would be read next.
    private(set) var positions: [[Int64]]
    private(set) var messages = 0
    /// How many records have matched what ends the step, and whether that is enough.
    var matching = 0
    var hasMatched = false
    /// Whether what comes after the end is read, too: it comes too late.
    var readsOn = false
    /// Partitions whose position has not reached the target.
    private var openPartitions: Int

    init(until: ConsumeStep.End, starts: [[Int64]], targets: [[Int64]]) {
        self.until = until
        self.starts = starts
        self.targets = targets
        wanted = targets
        positions = starts
        openPartitions = zip(starts, targets).reduce(0) { count, topic in
            count + zip(topic.0, topic.1).count { $0 < $1 }
        }
    }

    /// Whether the step reads the partition.
    func has(_ topic: Int, _ partition: Int32) -> Bool {
        partition >= 0 && Int(partition) < positions[topic].count
    }

    /// Partitions were added that are read from their beginning, and to no certain end: there are so many now.
    mutating func grow(topic: Int, to count: Int) {
        let more = max(0, count - positions[topic].count)
        let zeros = Array(repeating: Int64(0), count: more)
        starts[topic] += zeros
        wanted[topic] += zeros
        targets[topic] += zeros
        positions[topic] += zeros
    }

    var reachedEnd: Bool { openPartitions == 0 }

    /// How many offsets lie between the starts and the targets.
    var offsetsToRead: Int64 {
        zip(targets.joined(), starts.joined()).reduce(0) { $0 + max(0, $1.0 - $1.1) }
    }

    /// Whether there is nothing more to read, `quiet` being how long nothing has come.
    func isSatisfied(quiet: Duration) -> Bool {
        switch until {
        case .end: reachedEnd
        case .messages(let count): messages >= count
        // What was there before is waited for, however slow the first fetch is, unless it has been removed.
        case .idle(let duration): quiet >= duration && (messages > 0 || reachedEnd)
        case .matching: hasMatched
        }
    }

    /// How many more messages may be read; nil when there is no bound.
    var remainingMessages: Int? {
        if readsOn { return nil }
        return switch until {
        case .messages(let count): max(0, count - messages)
        case .matching: hasMatched ? 0 : nil
        case .end, .idle: nil
        }
    }

    /// The offset before `position` was read or skipped; a position never goes back.
    mutating func advance(topic: Int, partition: Int, to position: Int64) {
        let before = positions[topic][partition]
        guard position > before else { return }
        positions[topic][partition] = position
        let target = targets[topic][partition]
        if before < target && position >= target { openPartitions -= 1 }
    }

    /// Waits in these partitions, and for nothing in others: members that are not ours read them.
    mutating func leaveToOthers(allBut owned: [(topic: Int, partition: Int)]) {
        targets = zip(wanted, positions).map { wanted, positions in zip(wanted, positions).map(min) }
        for (topic, partition) in owned { targets[topic][partition] = wanted[topic][partition] }
        openPartitions = zip(positions, targets).reduce(0) { count, topic in
            count + zip(topic.0, topic.1).count { $0 < $1 }
        }
    }

    /// Whether members that are not ours read the partition as far as this step does not.
    func isLeftToOthers(_ topic: Int, _ partition: Int) -> Bool {
        targets[topic][partition] < wanted[topic][partition]
    }

    mutating func count(messages more: Int) {
        messages += more
    }
}
