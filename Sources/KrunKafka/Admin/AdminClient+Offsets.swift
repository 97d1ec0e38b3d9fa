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

    private func offsets(
        _ partitions: [TopicPartition], at time: Int64, activity: String, timeout: Duration
    ) throws(KafkaError) -> [TopicPartition: Int64] {
        defer { serveErrors() }
        return try client.offsets(partitions, at: time, activity: activity, timeout: timeout)
    }
}
