import KrunScenario

/// How far a `consume` step has come: judged by positions, never by counting towards an end.
struct ReadingProgress {
    let until: ConsumeStep.End
    /// Per topic and partition, where this step begins to read.
    let starts: [[Int64]]
    /// Per topic and partition, the position at which there is nothing more to wait for.
    private(set) var targets: [[Int64]]
    /// Per topic and partition, the offset that would be read next.
    private(set) var positions: [[Int64]]
    private(set) var messages = 0
    /// Partitions whose position has not reached the target.
    private var openPartitions: Int

    init(until: ConsumeStep.End, starts: [[Int64]], targets: [[Int64]]) {
        self.until = until
        self.starts = starts
        self.targets = targets
        positions = starts
        isEmpty = zip(starts.joined(), targets.joined()).allSatisfy { $0 >= $1 }
        openPartitions = zip(starts, targets).reduce(0) { count, topic in
            count + zip(topic.0, topic.1).count { $0 < $1 }
        }
    }

    var reachedEnd: Bool { openPartitions == 0 }

    /// Whether nothing was there to read when the step began.
    private let isEmpty: Bool

    /// How many offsets lie between the starts and the targets.
    var offsetsToRead: Int64 {
        zip(targets.joined(), starts.joined()).reduce(0) { $0 + max(0, $1.0 - $1.1) }
    }

    /// Whether there is nothing more to read, `quiet` being how long nothing has come.
    func isSatisfied(quiet: Duration) -> Bool {
        switch until {
        case .end: reachedEnd
        case .messages(let count): messages >= count
        // What was there before is waited for, however slow the first fetch is.
        case .idle(let duration): quiet >= duration && (messages > 0 || isEmpty)
        }
    }

    /// How many more messages may be read; nil when there is no bound.
    var remainingMessages: Int? {
        if case .messages(let count) = until { max(0, count - messages) } else { nil }
    }

    /// The offset before `position` was read or skipped; a position never goes back.
    mutating func advance(topic: Int, partition: Int, to position: Int64) {
        let before = positions[topic][partition]
        guard position > before else { return }
        positions[topic][partition] = position
        let target = targets[topic][partition]
        if before < target && position >= target { openPartitions -= 1 }
    }

    /// Waits for nothing in partitions other than these: members that are not ours read them.
    mutating func leaveToOthers(allBut owned: [(topic: Int, partition: Int)]) {
        for topic in targets.indices {
            for partition in targets[topic].indices
            where !owned.contains(where: { $0.topic == topic && $0.partition == partition }) {
                if positions[topic][partition] < targets[topic][partition] { openPartitions -= 1 }
                targets[topic][partition] = min(targets[topic][partition], positions[topic][partition])
            }
        }
    }

    mutating func count(messages more: Int) {
        messages += more
    }
}
