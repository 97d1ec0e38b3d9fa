internal import KrunWire

extension ClusterCore {
    /// Makes a topic that was found to be good.
    ///
    /// - Parameter client: who asked for it; nil for whoever has the cluster.
    @discardableResult
    func createTopic(
        _ name: String, replicas: [[Int32]], overrides: ConfigSet, client: String? = nil, isAutomatic: Bool = false
    ) -> Topic {
        let topic = addTopic(name, replicas: replicas, overrides: overrides)
        topicsCreated += 1
        partitionCount += replicas.count
        tell(
            .topicCreated(
                topic: name, partitions: Int32(replicas.count), client: client, isAutomatic: isAutomatic))
        return topic
    }

    /// Makes a topic without a word about it.
    func addTopic(_ name: String, replicas: [[Int32]], overrides: ConfigSet) -> Topic {
        let topic = Topic(name: name, id: .random(), partitions: [], overrides: overrides)
        add(replicas, to: topic)
        topics[name] = topic
        topicsByID[topic.id] = topic
        topicsByMetricName[TopicName.metricName(name), default: []].insert(name)
        return topic
    }

    private func add(_ replicas: [[Int32]], to topic: Topic) {
        let settings = configs.topicSettings(topic.overrides)
        let configuration = configs.logConfiguration(settings)
        let (up, now) = (up, now)
        let present = topic.partitions.count
        for replicas in replicas {
            topic.partitions.append(
                Partition(
                    index: Int32(topic.partitions.count), replicas: replicas, up: up, settings: settings,
                    log: PartitionLog(configuration: configuration, memory: memory, now: now)))
        }
        if configs.hasOwnSettings { configure(topic.partitions[present...], topic.overrides) }
    }

    /// Where the partitions of a new topic go.
    func placement(partitions: Int, factor: Int, startingAt first: Int? = nil) -> [[Int32]] {
        let (up, down) = (nodes.filter(\.isUp).map(\.id), nodes.filter { !$0.isUp }.map(\.id))
        return (0..<partitions).map {
            ReplicaPlacement.replicas(
                ofPartition: $0, factor: factor, up: up, down: down, startingAt: first ?? topicsCreated)
        }
    }

    /// Gives a topic more partitions.
    func addPartitions(_ replicas: [[Int32]], to topic: Topic, client: String?) {
        partitionCount += replicas.count
        add(replicas, to: topic)
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
        if let own = InternalTopic(rawValue: name) {
            return internalTopic(own) == nil ? .invalidReplicationFactor : .none
        }
        guard TopicName.problem(with: name) == nil, topicColliding(with: name) == nil else {
            return .invalidTopicException
        }
        let factor = configs.defaultReplicationFactor
        guard factor > 0, factor <= nodes.count else { return .invalidReplicationFactor }
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
        configure(topic.partitions, overrides)
    }

    /// Has partitions obey what their topic's configs come to on the brokers that lead them.
    func configure(_ partitions: some Sequence<Partition>, _ overrides: ConfigSet) {
        var made: [Int32: (settings: TopicSettings, log: LogConfiguration)] = [:]
        for partition in partitions {
            let broker = configs.hasOwnSettings(partition.leader) ? partition.leader : -1
            let found =
                made[broker]
                ?? {
                    let settings = configs.topicSettings(overrides, on: broker)
                    return (settings, configs.logConfiguration(settings, on: broker))
                }()
            made[broker] = found
            partition.settings = found.settings
            partition.log.configuration = found.log
        }
    }

    /// Has every topic obey what was changed of brokers.
    func configureAll() {
        for topic in topics.values { configure(topic.partitions, topic.overrides) }
    }
}

// MARK: - Leaders

extension ClusterCore {
    /// `auto.leader.rebalance.enable`: at every check the preferred replica leads again wherever it is in sync.
    func rebalanceLeaders(now: Now) {
        guard now.uptime >= nextLeaderCheck else { return }
        nextLeaderCheck = now.uptime + .seconds(configs.settings.leaderCheckSeconds)
        guard configs.settings.rebalancesLeaders else { return }
        for topic in topics.values.sorted(by: { $0.name < $1.name }) {
            for partition in topic.partitions {
                guard let preferred = partition.replicas.first, partition.leader != preferred else { continue }
                _ = moveLeader(of: partition, topic: topic.name, to: preferred)
            }
        }
    }

    /// Moves a leader, and lets everybody who waits for the old one know.
    func moveLeader(of partition: Partition, topic: String, to broker: Int32) -> Bool {
        let before = partition.leader
        guard up.contains(broker), partition.moveLeader(to: broker) else { return false }
        leaderChanged(partition, topic: topic, from: before)
        return true
    }

    /// - Parameter before: who led until now; -1 if nobody did.
    func leaderChanged(_ partition: Partition, topic: String, from before: Int32) {
        partition.log.beginLeaderEpoch(partition.leaderEpoch)
        if configs.hasOwnSettings, let overrides = topics[topic]?.overrides { configure([partition], overrides) }
        if let own = InternalTopic(rawValue: topic) {
            // The connections to a broker that went down are gone, and what they waited for with them.
            if own == .consumerOffsets, node(before)?.isUp == true { coordinatorMoved(from: partition) }
        } else {
            tell(
                .leaderChanged(
                    topic: topic, partition: partition.index, from: before == -1 ? nil : before,
                    to: partition.leader == -1 ? nil : partition.leader, epoch: partition.leaderEpoch))
        }
        touch(partition)
    }
}
