internal import KrunConfigs

/// The broker configs that the broker obeys, as values: made once when a config changes.
package struct BrokerSettings: Equatable, Sendable {
    package var createsTopics: Bool
    package var deletesTopics: Bool
    package var partitions: Int32
    package var replicationFactor: Int16
    package var groupMinimumSessionTimeoutMilliseconds: Int32
    package var groupMaximumSessionTimeoutMilliseconds: Int32
    package var groupInitialRebalanceDelayMilliseconds: Int32
    package var groupMaximumSize: Int32
    package var offsetMetadataMaximumBytes: Int32
    package var offsetsRetentionMinutes: Int32
    package var offsetsRetentionCheckMilliseconds: Int64
    package var transactions: TransactionSettings
    package var verifiesTransactionPartitions: Bool
    package var producerIdExpirationMilliseconds: Int32
    package var requestMaximumBytes: Int32
    package var fetchMaximumBytes: Int32
    package var partitionsAnsweredMaximum: Int32
    package var maximumConnections: Int32
    package var connectionIdleMilliseconds: Int64
    package var failedLoginDelayMilliseconds: Int32
    package var retentionCheckMilliseconds: Int64
    package var compactionEnabled: Bool
    package var compactionCheckMilliseconds: Int64
    package var messageMaximumBytes: Int32
    package var rebalancesLeaders: Bool
    package var leaderCheckSeconds: Int64
    var offsetsTopic: InternalTopicSettings
    var transactionsTopic: InternalTopicSettings

    package init(_ configs: BrokerConfigs) {
        func long(_ name: String, _ fallback: Int64) -> Int64 { configs.value(of: name)?.integer ?? fallback }
        func int(_ name: String, _ fallback: Int32) -> Int32 { Int32(clamping: long(name, Int64(fallback))) }
        func flag(_ name: String) -> Bool { configs.value(of: name)?.boolean ?? true }

        createsTopics = flag("auto.create.topics.enable")
        deletesTopics = flag("delete.topic.enable")
        partitions = int("num.partitions", 1)
        replicationFactor = Int16(clamping: long("default.replication.factor", 1))
        groupMinimumSessionTimeoutMilliseconds = int("group.min.session.timeout.ms", 6000)
        groupMaximumSessionTimeoutMilliseconds = int("group.max.session.timeout.ms", 1_800_000)
        groupInitialRebalanceDelayMilliseconds = int("group.initial.rebalance.delay.ms", 3000)
        groupMaximumSize = int("group.max.size", .max)
        offsetMetadataMaximumBytes = int("offset.metadata.max.bytes", 4096)
        offsetsRetentionMinutes = int("offsets.retention.minutes", 10080)
        offsetsRetentionCheckMilliseconds = long("offsets.retention.check.interval.ms", 600_000)
        transactions = TransactionSettings(
            maximumTimeoutMilliseconds: int("transaction.max.timeout.ms", 900_000),
            idExpirationMilliseconds: int("transactional.id.expiration.ms", 604_800_000))
        verifiesTransactionPartitions = flag("transaction.partition.verification.enable")
        producerIdExpirationMilliseconds = int("producer.id.expiration.ms", 86_400_000)
        requestMaximumBytes = int("socket.request.max.bytes", 104_857_600)
        partitionsAnsweredMaximum = int("max.request.partition.size.limit", 2000)
        fetchMaximumBytes = int("fetch.max.bytes", 57_671_680)
        maximumConnections = int("max.connections", .max)
        connectionIdleMilliseconds = long("connections.max.idle.ms", 600_000)
        failedLoginDelayMilliseconds = int("connection.failed.authentication.delay.ms", 100)
        retentionCheckMilliseconds = long("log.retention.check.interval.ms", 300_000)
        compactionEnabled = flag("log.cleaner.enable")
        compactionCheckMilliseconds = long("log.cleaner.backoff.ms", 15_000)
        messageMaximumBytes = int("message.max.bytes", 1_048_588)
        rebalancesLeaders = flag("auto.leader.rebalance.enable")
        leaderCheckSeconds = long("leader.imbalance.check.interval.seconds", 300)
        offsetsTopic = InternalTopicSettings(
            partitions: int("offsets.topic.num.partitions", 50),
            replicationFactor: Int16(clamping: long("offsets.topic.replication.factor", 3)),
            segmentBytes: int("offsets.topic.segment.bytes", 104_857_600), compressionType: "producer")
        transactionsTopic = InternalTopicSettings(
            partitions: int("transaction.state.log.num.partitions", 50),
            replicationFactor: Int16(clamping: long("transaction.state.log.replication.factor", 3)),
            segmentBytes: int("transaction.state.log.segment.bytes", 104_857_600),
            minimumInSyncReplicas: int("transaction.state.log.min.isr", 2), compressionType: "uncompressed")
    }

    func internalTopic(_ which: InternalTopic) -> InternalTopicSettings {
        switch which {
        case .consumerOffsets: offsetsTopic
        case .transactionState: transactionsTopic
        }
    }
}

/// The topic configs that a partition obeys, as values: made once when a config changes, not for each append.
package struct TopicSettings: Equatable, Sendable {
    package var compacts: Bool
    package var deletes: Bool
    package var segmentBytes: Int32
    package var segmentMilliseconds: Int64
    /// Negative: no limit.
    package var retentionBytes: Int64
    /// Negative: no limit.
    package var retentionMilliseconds: Int64
    package var maximumMessageBytes: Int32
    package var deleteRetentionMilliseconds: Int64
    package var minimumCompactionLagMilliseconds: Int64
    package var maximumCompactionLagMilliseconds: Int64
    package var minimumCleanableDirtyRatio: Double
    package var minimumInSyncReplicas: Int32
    /// `producer` keeps batches as they came.
    package var compressionType: String
    package var gzipLevel: Int32
    package var lz4Level: Int32
    package var zstdLevel: Int32
    package var stampsAppendTime: Bool
    /// How far a CreateTime may lie in the past; `Int64.max`: as far as it likes.
    package var timestampBeforeMaximumMilliseconds: Int64
    /// How far a CreateTime may lie in the future.
    package var timestampAfterMaximumMilliseconds: Int64

    package init(_ overrides: ConfigSet, on broker: BrokerConfigs) {
        func value(_ name: String) -> ConfigValue? { broker.topicValue(of: name, overrides) }
        func long(_ name: String, _ fallback: Int64) -> Int64 { value(name)?.integer ?? fallback }
        func int(_ name: String, _ fallback: Int32) -> Int32 { Int32(clamping: long(name, Int64(fallback))) }

        let policies = value("cleanup.policy")?.list ?? []
        compacts = policies.contains("compact")
        deletes = policies.contains("delete")
        segmentBytes = int("segment.bytes", 1_073_741_824)
        segmentMilliseconds = long("segment.ms", 604_800_000)
        retentionBytes = long("retention.bytes", -1)
        retentionMilliseconds = long("retention.ms", 604_800_000)
        maximumMessageBytes = int("max.message.bytes", 1_048_588)
        deleteRetentionMilliseconds = long("delete.retention.ms", 86_400_000)
        minimumCompactionLagMilliseconds = long("min.compaction.lag.ms", 0)
        maximumCompactionLagMilliseconds = long("max.compaction.lag.ms", .max)
        minimumCleanableDirtyRatio = value("min.cleanable.dirty.ratio")?.double ?? 0.5
        minimumInSyncReplicas = int("min.insync.replicas", 1)
        compressionType = value("compression.type")?.string ?? "producer"
        gzipLevel = int("compression.gzip.level", -1)
        lz4Level = int("compression.lz4.level", 9)
        zstdLevel = int("compression.zstd.level", 3)
        stampsAppendTime = value("message.timestamp.type")?.string == "LogAppendTime"
        // The deprecated config counts where the ones that replace it have their default (KIP-937).
        let difference = long("message.timestamp.difference.max.ms", .max)
        let before = long("message.timestamp.before.max.ms", .max)
        let after = long("message.timestamp.after.max.ms", .max)
        timestampBeforeMaximumMilliseconds = before == .max ? difference : before
        timestampAfterMaximumMilliseconds = after == .max ? difference : after
    }
}

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
