/// Asks a cluster about its topics, groups and offsets, and changes them; any thread may call, and each call blocks.
public final class AdminClient: Sendable {
    /// Connects to nothing yet. Throws for an unknown property or a bad value, by its name.
    public init(properties: ClientProperties, log: ClientLog) throws(KafkaError) {
        fatalError("not built yet")
    }

    /// The brokers and all topics.
    public func metadata(timeout: Duration) throws(KafkaError) -> ClusterMetadata {
        fatalError("not built yet")
    }

    /// These topics, in this order, without creating any: one that is not there carries its error.
    public func metadata(topics: [String], timeout: Duration) throws(KafkaError) -> ClusterMetadata {
        fatalError("not built yet")
    }

    /// Creates topics; the result has an entry for each, nil where it was created.
    public func createTopics(_ topics: [NewTopic], timeout: Duration) throws(KafkaError) -> [String: KafkaError?] {
        fatalError("not built yet")
    }

    /// Deletes topics; the result has an entry for each, nil where it was deleted.
    public func deleteTopics(_ topics: [String], timeout: Duration) throws(KafkaError) -> [String: KafkaError?] {
        fatalError("not built yet")
    }

    /// Waits until each topic has so many partitions and each of them a leader; throws at the deadline, naming what is missing.
    public func waitUntilReady(_ topics: [String: Int], timeout: Duration) throws(KafkaError) {
        fatalError("not built yet")
    }

    /// The names of all groups.
    public func listGroups(timeout: Duration) throws(KafkaError) -> [String] {
        fatalError("not built yet")
    }

    /// The state of each group, in this order.
    public func describeGroups(_ groups: [String], timeout: Duration) throws(KafkaError) -> [GroupDescription] {
        fatalError("not built yet")
    }

    /// Deletes groups, trying again while one is not empty yet; the result has an entry for each, nil where it was deleted.
    public func deleteGroups(_ groups: [String], timeout: Duration) throws(KafkaError) -> [String: KafkaError?] {
        fatalError("not built yet")
    }

    /// What a group committed: all of it, or of these partitions (where nothing was committed, no entry).
    public func groupOffsets(
        _ group: String, partitions: [TopicPartition]? = nil, timeout: Duration
    ) throws(KafkaError) -> [TopicPartition: Int64] {
        fatalError("not built yet")
    }

    /// The first offset still there, for each partition.
    public func beginningOffsets(
        _ partitions: [TopicPartition], timeout: Duration
    ) throws(KafkaError) -> [TopicPartition: Int64] {
        fatalError("not built yet")
    }

    /// The offset behind the last record, for each partition; with `isolation.level` `read_committed` (librdkafka's default),
    /// that of the first open transaction if there is one.
    public func endOffsets(
        _ partitions: [TopicPartition], timeout: Duration
    ) throws(KafkaError) -> [TopicPartition: Int64] {
        fatalError("not built yet")
    }

    /// The settings of a topic that its creator or the broker gave, by name; sensitive ones have no value and are left out.
    public func topicConfig(_ topic: String, timeout: Duration) throws(KafkaError) -> [String: String] {
        fatalError("not built yet")
    }
}
