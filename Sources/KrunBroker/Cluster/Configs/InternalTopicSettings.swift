/// What broker configs say of an internal topic.
package struct InternalTopicSettings: Equatable, Sendable {
    package var partitions: Int32
    package var replicationFactor: Int16
    package var segmentBytes: Int32
    /// Nil: as of any topic.
    package var minimumInSyncReplicas: Int32?
    /// `producer` or `uncompressed`.
    package var compressionType: String

    /// What is set on the topic, as Kafka sets it.
    package var configs: [(name: String, value: String?)] {
        var configs: [(name: String, value: String?)] = [
            ("compression.type", compressionType), ("cleanup.policy", "compact"),
            ("segment.bytes", String(segmentBytes)),
        ]
        if let minimumInSyncReplicas {
            configs += [
                ("min.insync.replicas", String(minimumInSyncReplicas)), ("unclean.leader.election.enable", "false"),
            ]
        }
        return configs
    }
}
