internal import KrunWire

/// The configs of all brokers of a cluster: what they were started with, which is the same for each, and what was changed since.
struct ClusterConfigs {
    private let statics: [String: String]
    /// What was set for all brokers at once.
    var dynamicDefault = ConfigSet() {
        didSet { settings = BrokerSettings(BrokerConfigs(statics: statics, dynamicDefault: dynamicDefault)) }
    }
    /// What was set on single brokers.
    var dynamic: [Int32: ConfigSet] = [:]
    /// What holds for the cluster as a whole.
    private(set) var settings: BrokerSettings

    /// - Throws: `ClusterError` for a broker config that is not known or has a value it cannot have.
    init(_ options: ClusterOptions) throws(ClusterError) {
        guard (1...Self.mostBrokers).contains(options.brokers) else {
            throw ClusterError(
                "a cluster has 1 to \(Self.mostBrokers) brokers, not \(options.brokers)", isBadOption: true)
        }
        guard options.port == 0 || (1...65_536 - options.brokers).contains(options.port) else {
            throw ClusterError(
                options.brokers == 1
                    ? "there is no port \(options.port)"
                    : "port \(options.port) leaves no room for \(options.brokers) brokers",
                hint: "ports end at 65535", isBadOption: true)
        }
        statics = Self.defaults(brokers: options.brokers).merging(options.configs) { _, given in given }
        let configs = BrokerConfigs(statics: statics)
        do {
            try configs.checkStatic()
        } catch {
            throw ClusterError(error.message, isBadOption: true)
        }
        settings = BrokerSettings(configs)
    }

    static let mostBrokers = 100

    /// Where a cluster in memory, made for tests, is started otherwise than Kafka starts by itself.
    private static func defaults(brokers: Int) -> [String: String] {
        let factor = String(min(brokers, 3))
        return [
            "default.replication.factor": factor,
            "offsets.topic.replication.factor": factor,
            "transaction.state.log.replication.factor": factor,
            "group.initial.rebalance.delay.ms": "20",
            "group.min.session.timeout.ms": "1",
            // Who sets a retention or compacts a topic wants to see it happen.
            "log.retention.check.interval.ms": "500",
            "log.cleaner.backoff.ms": "500",
        ]
    }

    func broker(_ id: Int32) -> BrokerConfigs {
        var own = statics
        own["node.id"] = String(id)
        own["broker.id"] = String(id)
        return BrokerConfigs(statics: own, dynamicDefault: dynamicDefault, dynamic: dynamic[id] ?? ConfigSet())
    }

    /// What topics fall back to: configs of single brokers do not count, for all replicas of a partition share one log.
    var cluster: BrokerConfigs { BrokerConfigs(statics: statics, dynamicDefault: dynamicDefault) }

    // MARK: What the broker obeys

    var longestRequest: Int { Int(settings.requestMaximumBytes) }
    var createsTopicsAutomatically: Bool { settings.createsTopics }
    var deletesTopics: Bool { settings.deletesTopics }
    var defaultPartitions: Int { Int(settings.partitions) }
    var defaultReplicationFactor: Int { Int(settings.replicationFactor) }
    var longestIdle: Duration { .milliseconds(settings.connectionIdleMilliseconds) }
    var transactionSettings: TransactionSettings { settings.transactions }

    var groupConfiguration: GroupConfiguration {
        var groups = GroupConfiguration()
        groups.initialRebalanceDelay = .milliseconds(Int64(settings.groupInitialRebalanceDelayMilliseconds))
        groups.minSessionTimeout = .milliseconds(Int64(settings.groupMinimumSessionTimeoutMilliseconds))
        groups.maxSessionTimeout = .milliseconds(Int64(settings.groupMaximumSessionTimeoutMilliseconds))
        groups.maxSize = Int(settings.groupMaximumSize)
        groups.offsetMetadataMaxSize = Int(settings.offsetMetadataMaximumBytes)
        groups.offsetsRetention = .seconds(Int64(settings.offsetsRetentionMinutes) * 60)
        groups.offsetsRetentionCheckInterval = .milliseconds(settings.offsetsRetentionCheckMilliseconds)
        return groups
    }

    func topicSettings(_ overrides: ConfigSet) -> TopicSettings { TopicSettings(overrides, on: cluster) }

    func logConfiguration(_ topic: TopicSettings) -> LogConfiguration {
        var log = LogConfiguration()
        log.cleanupPolicy = []
        if topic.deletes { log.cleanupPolicy.insert(.delete) }
        if topic.compacts { log.cleanupPolicy.insert(.compact) }
        log.retentionMs = topic.retentionMilliseconds
        log.retentionBytes = topic.retentionBytes
        log.segmentBytes = Int(topic.segmentBytes)
        log.segmentMs = topic.segmentMilliseconds
        log.maxMessageBytes = Int(topic.maximumMessageBytes)
        log.messageTimestampType = topic.stampsAppendTime ? .logAppendTime : .createTime
        log.messageTimestampBeforeMaxMs = topic.timestampBeforeMaximumMilliseconds
        log.messageTimestampAfterMaxMs = topic.timestampAfterMaximumMilliseconds
        log.minCleanableDirtyRatio = topic.minimumCleanableDirtyRatio
        log.minCompactionLagMs = topic.minimumCompactionLagMilliseconds
        log.maxCompactionLagMs = topic.maximumCompactionLagMilliseconds
        log.deleteRetentionMs = topic.deleteRetentionMilliseconds
        log.compressionType = Self.codec(topic.compressionType)
        log.gzipLevel = topic.gzipLevel
        log.lz4Level = topic.lz4Level
        log.zstdLevel = topic.zstdLevel
        log.producerIdExpirationMs = Int64(settings.producerIdExpirationMilliseconds)
        log.retentionCheckIntervalMs = settings.retentionCheckMilliseconds
        log.cleanerEnabled = settings.compactionEnabled
        log.cleanerBackoffMs = settings.compactionCheckMilliseconds
        return log
    }

    /// nil for `producer`: batches stay as they came.
    private static func codec(_ name: String) -> RecordCompression? {
        switch name {
        case "uncompressed": .some(.none)
        case "gzip": .gzip
        case "snappy": .snappy
        case "lz4": .lz4
        case "zstd": .zstd
        default: nil
        }
    }
}
