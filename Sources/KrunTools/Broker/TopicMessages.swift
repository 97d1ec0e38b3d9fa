import KrunBroker
import KrunReports

/// What a topic took for a while.
struct TopicMessages: Sendable {
    private var count = 0
    private var partitions: Set<Int32> = []

    mutating func add(_ appended: BrokerEvent.AppendedRecords) {
        count += appended.count
        partitions.insert(appended.partition)
    }

    func text(_ topic: String) -> String {
        let list = Amounts.list(partitions.sorted().map(String.init))
        return
            "topic \(topic): \(Amounts.count(count, "message")) in partition\(partitions.count == 1 ? "" : "s") \(list)"
    }
}
