internal import KrunWire

extension ClusterCore {
    /// Makes a topic that was found to be good.
    ///
    /// - Parameter client: who asked for it; nil for whoever has the cluster.
    @discardableResult
    func createTopic(
        _ name: String, replicas: [[Int32]], overrides: ConfigSet, client: String? = nil, isAutomatic: Bool = false
    ) -> Topic {
        let settings = configs.topicSettings(overrides)
        let configuration = configs.logConfiguration(settings)
        let (up, now) = (up, now)
        let partitions = replicas.enumerated().map { index, replicas in
            Partition(
                index: Int32(index), replicas: replicas, up: up,
                log: PartitionLog(configuration: configuration, memory: memory, now: now))
        }
        let topic = Topic(
            name: name, id: .random(), partitions: partitions, overrides: overrides, settings: settings)
        topics[name] = topic
        topicsByID[topic.id] = topic
        topicsByMetricName[TopicName.metricName(name), default: []].insert(name)
        topicsCreated += 1
        partitionCount += partitions.count
        tell(
            .topicCreated(
                topic: name, partitions: Int32(partitions.count), client: client, isAutomatic: isAutomatic))
        return topic
    }

    /// Where the partitions of a new topic go.
    func placement(partitions: Int, factor: Int) -> [[Int32]] {
        let brokers = nodes.filter(\.isUp).map(\.id)
        return (0..<partitions).map {
            ReplicaPlacement.replicas(ofPartition: $0, factor: factor, brokers: brokers, startingAt: topicsCreated)
        }
    }

    /// Gives a topic more partitions.
    func addPartitions(_ replicas: [[Int32]], to topic: Topic, client: String?) {
        let configuration = configs.logConfiguration(topic.settings)
        let (up, now) = (up, now)
        partitionCount += replicas.count
        for replicas in replicas {
            topic.partitions.append(
                Partition(
                    index: Int32(topic.partitions.count), replicas: replicas, up: up,
                    log: PartitionLog(configuration: configuration, memory: memory, now: now)))
        }
        tell(.partitionsAdded(topic: topic.name, partitions: Int32(topic.partitions.count), client: client))
    }

    /// Removes a topic with all that others remember of it: committed offsets, and its part in transactions.
    func deleteTopic(_ topic: Topic, client: String?) {
        topics[topic.name] = nil
        topicsByID[topic.id] = nil
        let metric = TopicName.metricName(topic.name)
        topicsByMetricName[metric]?.remove(topic.name)
        if topicsByMetricName[metric]?.isEmpty == true { topicsByMetricName[metric] = nil }
        partitionCount -= topic.partitions.count
        let now = now
        for partition in topic.partitions {
            touch(partition)
            partition.log.removeAll(now: now)
        }
        perform(groups.deleteOffsets(ofTopic: topic.name, now: now), now: now)
        perform(transactions.forget(topic: topic.name, now: now), now: now)
        tell(.topicDeleted(topic: topic.name, client: client))
    }

    /// A topic whose metrics would have the same name; only names with `.` or `_` can have one.
    func topicColliding(with name: String) -> String? {
        topicsByMetricName[TopicName.metricName(name)]?.min()
    }

    /// `auto.create.topics.enable`: what a Metadata request names and is not there.
    func createAutomatically(_ name: String, client: String?) -> ErrorCode {
        guard TopicName.problem(with: name) == nil, topicColliding(with: name) == nil else {
            return .invalidTopicException
        }
        let factor = configs.defaultReplicationFactor
        guard factor > 0, factor <= nodes.count(where: \.isUp) else { return .invalidReplicationFactor }
        do {
            try checkCount(configs.defaultPartitions)
        } catch {
            return error.code
        }
        createTopic(
            name, replicas: placement(partitions: configs.defaultPartitions, factor: factor), overrides: ConfigSet(),
            client: client, isAutomatic: true)
        return .none
    }

    /// Gives a topic configs, and lets its logs know what they say now.
    func setConfigs(of topic: Topic, to overrides: ConfigSet) {
        topic.overrides = overrides
        topic.settings = configs.topicSettings(overrides)
        let configuration = configs.logConfiguration(topic.settings)
        for partition in topic.partitions { partition.log.configuration = configuration }
    }
}
