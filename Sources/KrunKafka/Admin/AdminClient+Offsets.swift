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

    /// The first offset with that timestamp (milliseconds since 1970) or a later one, for each partition; no entry where there
    /// is none.
    public func offsets(
        _ partitions: [TopicPartition], after milliseconds: Int64, timeout: Duration
    ) throws(KafkaError) -> [TopicPartition: Int64] {
        precondition(milliseconds >= 0, "negative numbers stand for something else in the protocol")
        return try offsets(
            partitions, at: milliseconds, activity: "asking for the offsets of a time", timeout: timeout
        ).filter { $0.value >= 0 }
    }

    private func offsets(
        _ partitions: [TopicPartition], at time: Int64, activity: String, timeout: Duration
    ) throws(KafkaError) -> [TopicPartition: Int64] {
        defer { serveErrors() }
        return try client.offsets(partitions, at: time, activity: activity, timeout: timeout)
    }
}
