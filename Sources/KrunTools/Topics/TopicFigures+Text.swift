import KrunReports

extension TopicFigures {
    /// Such as `3 partitions, replication factor 1, 12 messages`.
    var summary: String {
        let messages = messages.map { Amounts.count(Int($0), "message") } ?? "its messages are not known"
        return "\(Amounts.count(partitions.count, "partition")), replication factor \(replicationFactor), \(messages)"
    }

    /// Name, number of partitions, replication factor and messages, for programs.
    var jsonSummary: JSONMembers {
        var object = JSONMembers()
        object.add("name", name)
        object.add("internal", isInternal)
        object.add("partitionCount", partitions.count)
        object.add("replicationFactor", replicationFactor)
        object.add("messages", .nullable(messages))
        return object
    }
}
