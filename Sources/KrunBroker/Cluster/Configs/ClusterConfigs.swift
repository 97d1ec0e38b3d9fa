internal import KrunConfigs
internal import KrunWire

/// The configs of all brokers of a cluster: what they were started with, which is the same for each, and what was changed since.
struct ClusterConfigs {
    private let statics: [String: String]
    /// What was set for all brokers at once.
    var dynamicDefault = ConfigSet() {
        didSet {
            settings = BrokerSettings(cluster)
            makeOwnSettings()
        }
    }
    /// What was set on single brokers.
    var dynamic: [Int32: ConfigSet] = [:] {
        didSet { makeOwnSettings() }
    }
    /// Where each broker listens, as its configs say it.
    private var listeners: [Int32: [String: String]] = [:]
    /// Of the brokers on which something was set.
    private var ownSettings: [Int32: BrokerSettings] = [:]
    /// What holds for the cluster as a whole.
    private(set) var settings: BrokerSettings

    /// - Throws: `ClusterError` for a broker config that is not known or has a value it cannot have.
    init(_ options: ClusterOptions) throws(ClusterError) {
        guard (1...Self.maximumBrokers).contains(options.brokers) else {
            throw ClusterError(
                "a cluster has 1 to \(Self.maximumBrokers) brokers, not \(options.brokers)", isBadOption: true)
        }
        guard options.port == 0 || (1...65_536 - options.brokers).contains(options.port) else {
            throw ClusterError(
                options.brokers == 1
                    ? "there is no port \(options.port)"
                    : "port \(options.port) leaves no room for \(options.brokers) brokers",
                hint: "ports end at 65535", isBadOption: true)
        }
        try Self.check(options.users)
        statics = Self.defaults(options).merging(options.configs) { _, given in given }
        let configs = BrokerConfigs(statics: statics)
        do {
            try configs.checkStatic()
        } catch {
            throw ClusterError(error.message, isBadOption: true)
        }
        try Self.checkEffects(of: options.configs)
        settings = BrokerSettings(configs)
        try checkInternalTopics(brokers: options.brokers)
    }

    static let maximumBrokers = 100

    /// Where a cluster in memory, made for tests, is started otherwise than Kafka starts by itself.
    private static func defaults(_ options: ClusterOptions) -> [String: String] {
        let factor = String(min(options.brokers, 3))
        return [
            "default.replication.factor": factor,
            "offsets.topic.replication.factor": factor,
            "transaction.state.log.replication.factor": factor,
            // One broker may always be down, unless it is the only one.
            "transaction.state.log.min.isr": String(min(max(options.brokers - 1, 1), 2)),
            "group.initial.rebalance.delay.ms": "20",
            "group.min.session.timeout.ms": "1",
            // Who sets a retention or compacts a topic wants to see it happen.
            "log.retention.check.interval.ms": "500",
            "log.cleaner.backoff.ms": "500",
        ].merging(options.users.isEmpty ? [:] : ["sasl.enabled.mechanisms": "PLAIN"]) { $1 }
    }

    func broker(_ id: Int32) -> BrokerConfigs {
        var own = statics
        own["node.id"] = String(id)
        own["broker.id"] = String(id)
        own.merge(listeners[id] ?? [:]) { _, own in own }
        return BrokerConfigs(statics: own, dynamicDefault: dynamicDefault, dynamic: dynamic[id] ?? ConfigSet())
    }

    /// What all brokers have in common.
    var cluster: BrokerConfigs { BrokerConfigs(statics: statics, dynamicDefault: dynamicDefault) }

    /// Notes where a broker listens, and what clients are told.
    mutating func setListener(_ address: String, advertised: String, of broker: Int32, needsLogin: Bool) {
        let name = needsLogin ? "SASL_PLAINTEXT" : "PLAINTEXT"
        listeners[broker] = [
            "listeners": "\(name)://\(address)", "advertised.listeners": "\(name)://\(advertised)",
        ]
    }

    // MARK: Single brokers

    var hasOwnSettings: Bool { !ownSettings.isEmpty }
    /// Whether something was set on this broker and no other.
    func hasOwnSettings(_ broker: Int32) -> Bool { ownSettings[broker] != nil }
    func settings(of broker: Int32) -> BrokerSettings { ownSettings[broker] ?? settings }

    private mutating func makeOwnSettings() {
        ownSettings = [:]
        for (id, set) in dynamic where !set.values.isEmpty { ownSettings[id] = BrokerSettings(broker(id)) }
    }

    // MARK: What the broker obeys

    var maximumRequestBytes: Int { Int(settings.requestMaximumBytes) }
    var createsTopicsAutomatically: Bool { settings.createsTopics }
    var deletesTopics: Bool { settings.deletesTopics }
    var defaultPartitions: Int { Int(settings.partitions) }
    var defaultReplicationFactor: Int { Int(settings.replicationFactor) }
    var maximumIdleTime: Duration { .milliseconds(settings.connectionIdleMilliseconds) }
    var transactionSettings: TransactionSettings { settings.transactions }

    var groupConfiguration: GroupConfiguration {
        var groups = GroupConfiguration()
        groups.initialRebalanceDelay = .milliseconds(Int64(settings.groupInitialRebalanceDelayMilliseconds))
        groups.minSessionTimeout = .milliseconds(Int64(settings.groupMinimumSessionTimeoutMilliseconds))
        groups.maxSessionTimeout = .milliseconds(Int64(settings.groupMaximumSessionTimeoutMilliseconds))
        groups.maxSize = Int(settings.groupMaximumSize)
        groups.maximumRecordBytes = Int(settings.messageMaximumBytes)
        groups.offsetMetadataMaxSize = Int(settings.offsetMetadataMaximumBytes)
        groups.offsetsRetention = .seconds(Int64(settings.offsetsRetentionMinutes) * 60)
        groups.offsetsRetentionCheckInterval = .milliseconds(settings.offsetsRetentionCheckMilliseconds)
        return groups
    }

    /// What a topic's configs come to.
    ///
    /// - Parameter broker: the one that leads a partition, whose own configs count where the topic has none; -1: those of all brokers.
    func topicSettings(_ overrides: ConfigSet, on broker: Int32 = -1) -> TopicSettings {
        TopicSettings(overrides, on: hasOwnSettings(broker) ? self.broker(broker) : cluster)
    }

    func logConfiguration(_ topic: TopicSettings, on broker: Int32 = -1) -> LogConfiguration {
        let settings = settings(of: broker)
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

// MARK: - Checks

/// What a cluster is not started with.
extension ClusterConfigs {
    /// What `ClusterOptions` says, so that no config can say otherwise.
    private static let insteadOfConfigs = [
        "node.id": "brokers are numbered from 1", "broker.id": "brokers are numbered from 1",
        "listeners": "where the brokers listen is said by the host and the port: krun broker --host and --port",
        "advertised.listeners": "what clients are told is said by the advertised host: krun broker --advertised-host",
        "sasl.enabled.mechanisms": "users log in with PLAIN where there are some: krun broker --users",
    ]

    /// - Throws: `ClusterError` for a config that would change nothing here; its default may be given.
    static func checkEffects(of configs: [String: String]) throws(ClusterError) {
        for (name, text) in configs.sorted(by: { $0.key < $1.key }) {
            if let hint = insteadOfConfigs[name] {
                throw ClusterError("the broker config \(name) cannot be set", hint: hint, isBadOption: true)
            }
            guard let definition = ConfigTable.broker[name], !definition.isObeyed else { continue }
            if let value = try? definition.parse(text).shown, value == definition.defaultValue { continue }
            throw ClusterError(
                "the broker config \(name) has no effect on this broker", hint: definition.documentation,
                isBadOption: true)
        }
    }

    /// - Throws: `ClusterError` for a user whom anybody could pretend to be, or nobody be.
    static func check(_ users: [String: String]) throws(ClusterError) {
        for (name, password) in users.sorted(by: { $0.key < $1.key }) {
            if name.isEmpty { throw ClusterError("a user has no name", isBadOption: true) }
            if password.isEmpty {
                throw ClusterError(
                    "user \(name) has an empty password", hint: "Kafka takes no empty passwords either",
                    isBadOption: true)
            }
        }
    }

    /// - Throws: `ClusterError` where no group or transaction could ever have a coordinator.
    func checkInternalTopics(brokers: Int) throws(ClusterError) {
        for (topic, config) in [
            (InternalTopic.consumerOffsets, "offsets.topic.replication.factor"),
            (InternalTopic.transactionState, "transaction.state.log.replication.factor"),
        ] where Int(settings.internalTopic(topic).replicationFactor) > brokers {
            let factor = settings.internalTopic(topic).replicationFactor
            throw ClusterError(
                "\(config) is \(factor), and the cluster has \(brokers == 1 ? "1 broker" : "\(brokers) brokers")",
                hint: "\(topic.rawValue) could not be made", isBadOption: true)
        }
    }
}
