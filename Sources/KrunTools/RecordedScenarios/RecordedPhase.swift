import KrunJSON
import KrunReports

/// Messages that are sent, and then read: with a group whose offsets stand in between, there are two of them.
struct RecordedPhase {
    /// By topic; a part of each partition's messages, in the order of all.
    var messages: [String: [RecordedMessage]] = [:]
    /// By topic: the offset of each partition's first message where it is not 0.
    var start: [String: [Int32: Int]] = [:]
    var expect = JSONMembers()
    /// Whether the group commits what it read.
    var commits = true
    var note: String?

    var count: Int { messages.values.reduce(0) { $0 + $1.count } }
}

extension RecordedPhase {
    /// All messages, read without a group.
    static func whole(_ topics: [RecordedTopic]) -> RecordedPhase {
        var phase = RecordedPhase()
        for topic in topics { phase.messages[topic.name] = topic.messages }
        phase.expect.add("messages", phase.count)
        return phase
    }

    /// What a group had committed is sent first, and read and committed by the group; then comes the rest, of which it commits nothing.
    static func phases(of topics: [RecordedTopic], group: String) -> [RecordedPhase] {
        var (read, rest) = (RecordedPhase(), RecordedPhase())
        for topic in topics {
            read.messages[topic.name] = topic.messages.filter { topic.isCommitted($0) }
            rest.messages[topic.name] = topic.messages.filter { !topic.isCommitted($0) }
            rest.start[topic.name] = topic.committedCounts
        }
        var phases: [RecordedPhase] = []
        if read.count > 0 || rest.count == 0 {
            read.expect.add("messages", read.count)
            read.expect.add("committed", committed(topics, nothing: nil)?.value)
            if read.count > 0 { read.expect.add("lag", 0) }
            read.note = note(read, topics, group, isLast: rest.count == 0)
            phases.append(read)
        }
        if rest.count > 0 {
            rest.commits = false
            rest.expect.add("messages", rest.count)
            rest.expect.add("committed", committed(topics, nothing: phases.isEmpty ? .null : .integer(0))?.value)
            rest.expect.add("lag", rest.count)
            rest.note = note(rest, topics, group, isLast: true)
            phases.append(rest)
        }
        return phases
    }

    /// - Parameter nothing: what is told of partitions in which nothing is committed and messages are left: null, or 0 where the
    ///   group has been there before and commits where it stands. Nil to leave them out.
    private static func committed(_ topics: [RecordedTopic], nothing: JSONValue?) -> JSONMembers? {
        var byTopic: [(String, JSONMembers)] = []
        for topic in topics {
            var object = JSONMembers()
            let counts = topic.committedCounts
            for partition in Set(topic.messages.map(\.partition)).sorted() {
                if let count = counts[partition] {
                    object.add(String(partition), count)
                } else {
                    object.add(String(partition), nothing)
                }
            }
            if !object.members.isEmpty { byTopic.append((topic.name, object)) }
        }
        if byTopic.isEmpty { return nil }
        if topics.count == 1 { return byTopic[0].1 }
        var all = JSONMembers()
        for (topic, object) in byTopic { all.add(topic, object) }
        return all
    }

    private static func note(
        _ phase: RecordedPhase, _ topics: [RecordedTopic], _ group: String, isLast: Bool
    ) -> String {
        let what =
            if !phase.commits {
                phase.start.values.allSatisfy(\.isEmpty)
                    ? "\(group) had committed nothing: it reads all and commits nothing, so the lag is that of the recording."
                    : "What \(group) had not committed: it reads on and commits nothing, so the lag is that of the recording."
            } else if phase.count == 0 {
                "There was nothing to commit for \(group)."
            } else {
                isLast
                    ? "\(group) had committed everything."
                    : "What \(group) had committed is sent first, so that its offsets come out as they were."
            }
        guard isLast else { return what }
        func named(_ partitions: (RecordedTopic) -> [Int32]) -> [String] {
            topics.flatMap { topic in
                partitions(topic).map { topics.count == 1 ? "\($0)" : "\(topic.name)/\($0)" }
            }
        }
        // A group that commits here does so in every partition, also where it has read nothing.
        if topics.contains(where: { !$0.committedCounts.isEmpty }) || phase.commits {
            let untouched = named(\.notCommitted)
            guard !untouched.isEmpty else { return what }
            return what + " It had committed nothing in partition\(untouched.count == 1 ? "" : "s") "
                + "\(Amounts.list(untouched)), where here it commits the beginning."
        }
        let begun = named(\.committedAtBeginning)
        guard !begun.isEmpty else { return what }
        return what + " It had also committed the beginning of partition\(begun.count == 1 ? "" : "s") "
            + "\(Amounts.list(begun)), where here it commits nothing."
    }
}

extension RecordedTopic {
    func isCommitted(_ message: RecordedMessage) -> Bool {
        committed[message.partition].map { message.offset < $0 } ?? false
    }

    /// How many messages the group had committed, by partition; without those of which there were none.
    var committedCounts: [Int32: Int] {
        messages.reduce(into: [:]) { counts, message in
            if isCommitted(message) { counts[message.partition, default: 0] += 1 }
        }
    }

    /// Partitions in which nothing was committed.
    var notCommitted: [Int32] { (0..<Int32(partitions)).filter { committed[$0] == nil } }

    /// Partitions in which something was committed, and no message before it.
    var committedAtBeginning: [Int32] {
        let counts = committedCounts
        return committed.keys.filter { counts[$0] == nil }.sorted()
    }
}
