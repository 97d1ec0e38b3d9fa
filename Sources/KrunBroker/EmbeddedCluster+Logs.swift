internal import KrunWire

/// What can be done to a cluster's topics without a client.
extension EmbeddedCluster {
    /// Creates a topic.
    ///
    /// - Throws: `ClusterError` in Kafka's words where there is one of that name, or the name, a number or a config cannot be.
    /// - Parameter partitions: nil: the brokers' default, `num.partitions`.
    /// - Parameter replicationFactor: nil: the brokers' default.
    /// - Parameter configs: by Kafka's names, such as `cleanup.policy`.
    public func createTopic(
        _ name: String, partitions: Int? = 1, replicationFactor: Int? = nil, configs: [String: String] = [:]
    ) throws(ClusterError) {
        try onLoop { core throws(ClusterError) in
            var wanted = CreateTopicsRequest.CreatableTopic()
            wanted.name = name
            wanted.numPartitions = Int32(clamping: partitions ?? -1)
            wanted.replicationFactor = Int16(clamping: replicationFactor ?? -1)
            wanted.configs = configs.sorted { $0.key < $1.key }.map { name, value in
                var config = CreateTopicsRequest.CreatableTopicConfig()
                config.name = name
                config.value = value
                return config
            }
            do throws(RequestProblem) {
                let plan = try core.plan(wanted)
                core.createTopic(name, replicas: plan.replicas, overrides: plan.overrides)
            } catch {
                throw ClusterError(error.message ?? error.code.name)
            }
        }
    }

    /// Compacts a topic's partitions now, the records in the segment being written included.
    ///
    /// - Throws: `ClusterError` where there is no such topic.
    public func compact(_ topic: String) throws(ClusterError) {
        try onLoop { core throws(ClusterError) in
            guard let topic = core.topics[topic] else { throw ClusterError("there is no topic \(topic)") }
            for partition in topic.partitions { _ = partition.log.cleanNow(now: core.now) }
        }
    }

    /// Deletes now what a topic's retention configs want gone.
    ///
    /// - Throws: `ClusterError` where there is no such topic.
    public func applyRetention(to topic: String) throws(ClusterError) {
        try onLoop { core throws(ClusterError) in
            guard let topic = core.topics[topic] else { throw ClusterError("there is no topic \(topic)") }
            for partition in topic.partitions where partition.log.retainNow(now: core.now) { core.touch(partition) }
            core.finishTouchedFetches()
        }
    }

    /// How many bytes all logs take, of `ClusterOptions.memoryLimit`.
    public var usedMemory: Int {
        (try? onLoop { core throws(ClusterError) in core.memory.used }) ?? 0
    }
}
