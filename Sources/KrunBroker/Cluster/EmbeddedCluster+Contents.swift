extension EmbeddedCluster {
    /// A topic as it is at one moment.
    package struct TopicContents: Hashable, Sendable {
        package let name: String
        package let partitions: Int
        /// As its config of that name: what applies on the broker that leads its first partition.
        package let cleanupPolicy: String
    }

    /// Its topics by their names, the internal ones too. Answered in the process: also while every broker is down.
    ///
    /// - Throws: where it is closed.
    package func topicContents() throws(ClusterError) -> [TopicContents] {
        try onLoop { core throws(ClusterError) in
            core.topics.values.map { topic in
                let settings = topic.partitions.first?.settings
                let policies = [
                    settings?.compacts == true ? "compact" : nil, settings?.deletes == true ? "delete" : nil,
                ]
                return TopicContents(
                    name: topic.name, partitions: topic.partitions.count,
                    cleanupPolicy: policies.compactMap(\.self).joined(separator: ","))
            }.sorted { $0.name < $1.name }
        }
    }
}
