internal import CRdKafka

extension AdminClient {
    /// The first offset still there, for each partition.
    public func beginningOffsets(
        _ partitions: [TopicPartition], timeout: Duration
    ) throws(KafkaError) -> [TopicPartition: Int64] {
        try offsets(partitions, at: LogicalOffset.beginning, activity: "asking for first offsets", timeout: timeout)
    }

    /// The offset behind the last record, for each partition; with `isolation.level` `read_committed` (librdkafka's default),
    /// that of the first open transaction if there is one.
    public func endOffsets(
        _ partitions: [TopicPartition], timeout: Duration
    ) throws(KafkaError) -> [TopicPartition: Int64] {
        try offsets(partitions, at: LogicalOffset.end, activity: "asking for end offsets", timeout: timeout)
    }

    /// The offset of the first record that is as late as this or later, for each partition; nil where there is none.
    ///
    /// - Parameter milliseconds: since 1970; negative ones mean something else to Kafka.
    public func offsets(
        _ partitions: [TopicPartition], since milliseconds: Int64, timeout: Duration
    ) throws(KafkaError) -> [TopicPartition: Int64?] {
        precondition(milliseconds >= 0, "\(milliseconds) is no time")
        let found = try offsets(partitions, at: milliseconds, activity: "asking for offsets by time", timeout: timeout)
        return found.mapValues { $0 < 0 ? nil : $0 }
    }

    private func offsets(
        _ partitions: [TopicPartition], at time: Int64, activity: String, timeout: Duration
    ) throws(KafkaError) -> [TopicPartition: Int64] {
        defer { serveErrors() }
        return try client.offsets(partitions, at: time, activity: activity, timeout: timeout)
    }
}
