import KrunConnection
import KrunKafka
import KrunReports

/// What `krun consume` says besides records.
struct ConsumeText {
    let request: ConsumeSession.Request
    let bootstrap: String
    /// The client's name, where somebody chose one.
    let clientID: String?

    private var isOneTopic: Bool { request.topics.count == 1 }
    private var topics: String { request.topics.joined(separator: ", ") }

    func begins() -> String {
        let how =
            (request.group.map { "as group \($0)" } ?? "without a group") + (clientID.map { ", client \($0)," } ?? "")
        let commits = request.group == nil || request.commits ? "" : "; nothing is committed"
        let ends =
            switch (request.exitsAtEnd, request.count) {
            case (true, let count?): "ends after \(Amounts.count(count, "record")) or at the end of what is there now"
            case (true, nil): "ends at the end of what is there now"
            case (false, let count?): "ends after \(Amounts.count(count, "record"))"
            case (false, nil): "Ctrl+C ends it"
            }
        return "consuming \(topics) \(how) on \(bootstrap); \(ends)\(commits)"
    }

    func waits(forTopics missing: [String], guess: String?) -> String {
        let many = missing.count > 1
        let guess = guess.map { "; \($0)" } ?? ""
        return
            "\(many ? "topics" : "topic") \(missing.joined(separator: ", ")) \(many ? "do" : "does") not exist yet: waiting; "
            + "`krun topics create \(missing[0]) --partitions 3` makes one, or `krun produce --topic \(missing[0]) --samples`\(guess)"
    }

    func assigned(_ starts: [TopicPartitionOffset], generation: Int32) -> String {
        let generation = request.group == nil ? "" : " (generation \(generation))"
        if starts.isEmpty { return "assigned no partitions\(generation)" }
        if starts.count > 8 {
            return
                "assigned \(Amounts.count(starts.count, "partition")): \(list(starts.map(\.topicPartition)))\(generation)"
        }
        let parts = starts.map { start in
            "\(name(start.topicPartition)) from \(start.offset < 0 ? "where it stands" : "offset \(start.offset)")"
        }
        return "assigned \(parts.joined(separator: ", "))\(generation)"
    }

    /// The id by which `krun groups describe` and the group's other members know this one.
    func member(_ id: String) -> String { "this member is \(id)" }

    func leftOut(_ count: Int) -> String {
        "the group's leader gave this member \(Amounts.count(count, "partition")) that it did not ask for or that "
            + "\(count == 1 ? "is" : "are") not there: left out"
    }

    func gaveUp(_ partitions: [TopicPartition]) -> String {
        "gave up \(list(partitions)): the group rebalances"
    }

    /// Without a group.
    func gone(_ partitions: [TopicPartition], deleted topics: [String]) -> String {
        guard !topics.isEmpty else {
            return "\(list(partitions)) \(partitions.count == 1 ? "is" : "are") gone: the topic was made anew"
        }
        return "\(topics.count == 1 ? "topic" : "topics") \(topics.joined(separator: ", ")) "
            + "\(topics.count == 1 ? "was" : "were") deleted: waiting until \(topics.count == 1 ? "it is" : "they are") made again"
    }

    /// In a group.
    func madeAnew(_ partitions: [TopicPartition]) -> String {
        "what the group committed of \(list(partitions)) is gone: the topic was deleted and made anew; going on from its beginning"
    }

    func lost(_ partitions: [TopicPartition]) -> String {
        "lost \(list(partitions)): the group has not heard this member for too long, or does not know it any more; "
            + (request.commits ? "what was read since the last commit will be read again" : "it joins anew")
    }

    func outOfRange(_ partition: TopicPartition, offset: Int64, first: Int64, end: Int64) -> String {
        "\(name(partition)) has no offset \(offset) any more (it begins with \(first) and ends at \(end)): "
            + (offset > end ? "was the topic made anew? " : "records were deleted before they were read; ")
            + "going on from offset \(first)"
    }

    func notReady(_ topic: String, _ error: KafkaError?) -> String {
        "topic \(topic) cannot be read yet: \(error.map { "\($0.name): \($0.reason)" } ?? "it has no partitions")"
    }

    func committed(_ offsets: [TopicPartitionOffset]) -> String {
        let parts = offsets.prefix(8).map { "\(name($0.topicPartition)) at \($0.offset)" }
        let more = offsets.count > 8 ? " … \(Amounts.number(offsets.count)) in all" : ""
        return "committed \(parts.joined(separator: ", "))\(more)"
    }

    func notCommitted(_ reason: String) -> String {
        "nothing was committed now: \(reason)"
    }

    func stayed() -> String {
        "the group did not answer when this member left; it forgets it when the session ends"
    }

    /// `partition 0`, or `orders partition 0` where there are several topics.
    func name(_ partition: TopicPartition) -> String {
        isOneTopic ? "partition \(partition.partition)" : "\(partition.topic) partition \(partition.partition)"
    }

    /// `partitions 0, 1, 2`, or `orders/0, orders/1` where there are several topics.
    func list(_ partitions: [TopicPartition]) -> String {
        let sorted = partitions.sorted { ($0.topic, $0.partition) < ($1.topic, $1.partition) }
        guard isOneTopic else { return Amounts.list(sorted.map(\.description)) }
        return "\(sorted.count == 1 ? "partition" : "partitions") \(Amounts.list(sorted.map { String($0.partition) }))"
    }
}
