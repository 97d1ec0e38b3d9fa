package import KrunConfigs

extension ConfigTable {
    /// The broker configs of Kafka 3.9 that say something about a broker in memory, or that a topic config falls back to.
    package static let broker = ConfigTable(
        brokerLogDefinitions + brokerDefinitions + coordinatorDefinitions + networkDefinitions)

    /// The broker itself (the Kafka 3.9 documentation, "Broker Configs").
    static let brokerDefinitions: [ConfigDefinition] = [
        .init(
            "broker.id", .int, "-1", obeyed: true,
            about: "The number of this broker in the cluster."),
        .init(
            "node.id", .int, "-1", obeyed: true,
            about: "The number of this broker in the cluster, as KRaft names it."),
        .init(
            "broker.rack", .string, nil, obeyed: true,
            about: "The rack that Metadata tells of this broker."),
        .init(
            "process.roles", .list, "", .elements(["broker", "controller"]),
            about: "Which parts of a KRaft cluster this process plays."),
        .init(
            "message.max.bytes", .int, "1048588", .atLeast(0), update: .clusterWide, obeyed: true,
            about: "The max.message.bytes of topics that set none."),
        .init(
            "num.io.threads", .int, "8", .atLeast(1), update: .clusterWide,
            about: "How many threads would handle requests; this broker runs on one event loop."),
        .init(
            "background.threads", .int, "10", .atLeast(1), update: .clusterWide,
            about: "How many threads would do work in the background."),
        .init(
            "request.timeout.ms", .int, "30000",
            about: "How many milliseconds this broker would wait for another one."),
        .init(
            "delete.topic.enable", .boolean, "true", obeyed: true,
            about: "Whether topics can be deleted."),
        .init(
            "compression.type", .string, "producer",
            .oneOf(["uncompressed", "zstd", "lz4", "snappy", "gzip", "producer"]), update: .clusterWide, obeyed: true,
            about: "The compression.type of topics that set none."),
        .init(
            "compression.gzip.level", .int, "-1", .gzipLevel, update: .clusterWide, obeyed: true,
            about: "The compression.gzip.level of topics that set none."),
        .init(
            "compression.lz4.level", .int, "9", .between(1, 17), update: .clusterWide, obeyed: true,
            about: "The compression.lz4.level of topics that set none."),
        .init(
            "compression.zstd.level", .int, "3", .between(-131072, 22), update: .clusterWide, obeyed: true,
            about: "The compression.zstd.level of topics that set none."),
        .init(
            "max.incremental.fetch.session.cache.slots", .int, "1000", .atLeast(0),
            about: "How many fetch sessions are kept."),
        .init(
            "fetch.max.bytes", .int, "57671680", .atLeast(1024), obeyed: true,
            about: "How many bytes an answer to Fetch holds at most, beyond its first batch."),
        .init(
            "max.request.partition.size.limit", .int, "2000", .atLeast(1), obeyed: true,
            about: "How many partitions one request to describe them may ask for."),
        .init(
            "controlled.shutdown.enable", .boolean, "true",
            about: "Whether leaders move away before a broker stops."),
        .init(
            "default.replication.factor", .int, "1", obeyed: true,
            about: "How many replicas a partition gets whose topic is created without a number."),
        .init(
            "replica.lag.time.max.ms", .long, "30000",
            about: "After how many milliseconds without catching up a follower is out of sync."),
        .init(
            "auto.leader.rebalance.enable", .boolean, "true", obeyed: true,
            about: "Whether leaders move back to the preferred replica by themselves."),
        .init(
            "leader.imbalance.check.interval.seconds", .long, "300", .atLeast(1), obeyed: true,
            about: "Every how many seconds leaders move back to the preferred replica."),
        .init(
            "unclean.leader.election.enable", .boolean, "false", update: .clusterWide,
            about: "The unclean.leader.election.enable of topics that set none."),
        .init(
            "inter.broker.protocol.version", .string, "3.9-IV0", .kafkaVersion,
            about: "Which version brokers would speak among themselves."),
    ]

    /// Its connections.
    static let networkDefinitions: [ConfigDefinition] = [
        .init(
            "listeners", .string, "PLAINTEXT://:9092", update: .perBroker,
            about: "Where this broker listens."),
        .init(
            "advertised.listeners", .string, nil, update: .perBroker,
            about: "Where clients are told to connect; nil stands for listeners."),
        .init(
            "listener.security.protocol.map", .string,
            "SASL_SSL:SASL_SSL,PLAINTEXT:PLAINTEXT,SSL:SSL,SASL_PLAINTEXT:SASL_PLAINTEXT", update: .perBroker,
            about: "Which security protocol each listener speaks."),
        .init(
            "inter.broker.listener.name", .string, nil,
            about: "Which listener brokers would use among themselves."),
        .init(
            "security.inter.broker.protocol", .string, "PLAINTEXT",
            .oneOf(["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"]),
            about: "Which security protocol brokers would use among themselves."),
        .init(
            "sasl.enabled.mechanisms", .list, "GSSAPI",
            about: "Which SASL mechanisms are offered."),
        .init(
            "socket.send.buffer.bytes", .int, "102400",
            about: "How many bytes the operating system holds back to send; -1 leaves it to the system."),
        .init(
            "socket.receive.buffer.bytes", .int, "102400",
            about: "How many bytes the operating system holds received; -1 leaves it to the system."),
        .init(
            "socket.request.max.bytes", .int, "104857600", .atLeast(1), obeyed: true,
            about: "How many bytes a request may have; a longer one closes the connection."),
        .init(
            "socket.listen.backlog.size", .int, "50", .atLeast(1),
            about: "How many connections may wait to be accepted."),
        .init(
            "max.connections.per.ip", .int, "2147483647", .atLeast(0), update: .clusterWide,
            about: "How many connections one address may have."),
        .init(
            "max.connections.per.ip.overrides", .string, "", update: .clusterWide,
            about: "How many connections single addresses may have, as address:number."),
        .init(
            "max.connections", .int, "2147483647", .atLeast(0), update: .clusterWide, obeyed: true,
            about: "How many connections this broker accepts."),
        .init(
            "max.connection.creation.rate", .int, "2147483647", .atLeast(0), update: .clusterWide,
            about: "How many connections this broker accepts in a second."),
        .init(
            "connections.max.idle.ms", .long, "600000", obeyed: true,
            about: "After how many milliseconds without a request a connection is closed."),
        .init(
            "connection.failed.authentication.delay.ms", .int, "100", .atLeast(0), obeyed: true,
            about: "How many milliseconds a refused authentication is answered late."),
        .init(
            "queued.max.requests", .int, "500", .atLeast(1),
            about: "How many requests may wait to be handled."),
        .init(
            "queued.max.request.bytes", .long, "-1",
            about: "How many bytes of requests may wait to be handled; -1 sets no limit."),
        .init(
            "num.network.threads", .int, "3", .atLeast(1), update: .clusterWide,
            about: "How many threads would serve connections."),
    ]
}

// MARK: - Log

extension ConfigTable {
    /// What topics fall back to, and how logs are kept (the Kafka 3.9 documentation, "Broker Configs").
    static let brokerLogDefinitions: [ConfigDefinition] = [
        .init(
            "num.partitions", .int, "1", .atLeast(1), obeyed: true,
            about: "How many partitions a topic gets that is created without a number."),
        .init(
            "log.dir", .string, "/tmp/kafka-logs",
            about: "Where logs would be kept; this broker keeps them in memory."),
        .init(
            "log.dirs", .string, nil,
            about: "Where logs would be kept, a list; this broker keeps them in memory."),
        .init(
            "log.segment.bytes", .int, "1073741824", .atLeast(14), update: .clusterWide, obeyed: true,
            about: "The segment.bytes of topics that set none."),
        .init(
            "log.roll.ms", .long, nil, update: .clusterWide, obeyed: true,
            about: "The segment.ms of topics that set none."),
        .init(
            "log.roll.hours", .int, "168", .atLeast(1), obeyed: true,
            about: "The segment.ms of topics that set none, in hours, where log.roll.ms is not set."),
        .init(
            "log.roll.jitter.ms", .long, nil, update: .clusterWide,
            about: "The segment.jitter.ms of topics that set none."),
        .init(
            "log.roll.jitter.hours", .int, "0", .atLeast(0),
            about: "The segment.jitter.ms of topics that set none, in hours, where log.roll.jitter.ms is not set."),
        .init(
            "log.retention.ms", .long, nil, update: .clusterWide, obeyed: true,
            about: "The retention.ms of topics that set none."),
        .init(
            "log.retention.minutes", .int, nil, obeyed: true,
            about: "The retention.ms of topics that set none, in minutes, where log.retention.ms is not set."),
        .init(
            "log.retention.hours", .int, "168", obeyed: true,
            about: "The retention.ms of topics that set none, in hours, where no finer config is set."),
        .init(
            "log.retention.bytes", .long, "-1", update: .clusterWide, obeyed: true,
            about: "The retention.bytes of topics that set none."),
        .init(
            "log.retention.check.interval.ms", .long, "300000", .atLeast(1), obeyed: true,
            about: "Every how many milliseconds it is looked for segments to delete."),
        .init(
            "log.cleanup.policy", .list, "delete", .elements(["compact", "delete"]), update: .clusterWide, obeyed: true,
            about: "The cleanup.policy of topics that set none."),
        .init(
            "log.index.size.max.bytes", .int, "10485760", .atLeast(4), update: .clusterWide,
            about: "The segment.index.bytes of topics that set none."),
        .init(
            "log.index.interval.bytes", .int, "4096", .atLeast(0), update: .clusterWide,
            about: "The index.interval.bytes of topics that set none."),
        .init(
            "log.flush.interval.messages", .long, "9223372036854775807", .atLeast(1), update: .clusterWide,
            about: "The flush.messages of topics that set none."),
        .init(
            "log.segment.delete.delay.ms", .long, "60000", .atLeast(0), update: .clusterWide,
            about: "The file.delete.delay.ms of topics that set none."),
        .init(
            "log.flush.scheduler.interval.ms", .long, "9223372036854775807",
            about: "The flush.ms of topics that set none, where log.flush.interval.ms is not set."),
        .init(
            "log.flush.interval.ms", .long, nil, update: .clusterWide,
            about: "The flush.ms of topics that set none."),
        .init(
            "log.preallocate", .boolean, "false", update: .clusterWide,
            about: "The preallocate of topics that set none."),
        .init(
            "auto.create.topics.enable", .boolean, "true", obeyed: true,
            about: "Whether a topic is created when a client asks for its metadata and it does not exist."),
        .init(
            "min.insync.replicas", .int, "1", .atLeast(1), update: .clusterWide, obeyed: true,
            about: "The min.insync.replicas of topics that set none."),
        .init(
            "log.message.format.version", .string, "3.0-IV1", .kafkaVersion,
            about: "Deprecated and without effect: records are kept in format 2."),
        .init(
            "log.message.timestamp.type", .string, "CreateTime", .oneOf(["CreateTime", "LogAppendTime"]),
            update: .clusterWide, obeyed: true,
            about: "The message.timestamp.type of topics that set none."),
        .init(
            "log.message.timestamp.difference.max.ms", .long, "9223372036854775807", .atLeast(0), update: .clusterWide,
            obeyed: true,
            about: "Deprecated: the message.timestamp.difference.max.ms of topics that set none."),
        .init(
            "log.message.timestamp.before.max.ms", .long, "9223372036854775807", .atLeast(0), update: .clusterWide,
            obeyed: true,
            about: "The message.timestamp.before.max.ms of topics that set none."),
        .init(
            "log.message.timestamp.after.max.ms", .long, "9223372036854775807", .atLeast(0), update: .clusterWide,
            obeyed: true,
            about: "The message.timestamp.after.max.ms of topics that set none."),
        .init(
            "log.message.downconversion.enable", .boolean, "true", update: .clusterWide,
            about: "The message.downconversion.enable of topics that set none."),
        .init(
            "log.local.retention.ms", .long, "-2", .atLeast(-2), update: .clusterWide,
            about: "The local.retention.ms of topics that set none."),
        .init(
            "log.local.retention.bytes", .long, "-2", .atLeast(-2), update: .clusterWide,
            about: "The local.retention.bytes of topics that set none."),
        .init(
            "log.cleaner.enable", .boolean, "true", obeyed: true,
            about: "Whether logs are compacted at all."),
        .init(
            "log.cleaner.threads", .int, "1", .atLeast(0), update: .clusterWide,
            about: "How many threads would compact."),
        .init(
            "log.cleaner.backoff.ms", .long, "15000", .atLeast(0), update: .clusterWide, obeyed: true,
            about: "How many milliseconds pass between two looks for logs to compact."),
        .init(
            "log.cleaner.min.cleanable.ratio", .double, "0.5", .between(0, 1), update: .clusterWide, obeyed: true,
            about: "The min.cleanable.dirty.ratio of topics that set none."),
        .init(
            "log.cleaner.delete.retention.ms", .long, "86400000", .atLeast(0), update: .clusterWide, obeyed: true,
            about: "The delete.retention.ms of topics that set none."),
        .init(
            "log.cleaner.min.compaction.lag.ms", .long, "0", .atLeast(0), update: .clusterWide, obeyed: true,
            about: "The min.compaction.lag.ms of topics that set none."),
        .init(
            "log.cleaner.max.compaction.lag.ms", .long, "9223372036854775807", .atLeast(1), update: .clusterWide,
            obeyed: true,
            about: "The max.compaction.lag.ms of topics that set none."),
    ]
}

// MARK: - Coordinators

extension ConfigTable {
    /// Groups, offsets and transactions (the Kafka 3.9 documentation, "Broker Configs").
    static let coordinatorDefinitions: [ConfigDefinition] = [
        .init(
            "group.min.session.timeout.ms", .int, "6000", obeyed: true,
            about: "The shortest session timeout a member of a group may ask for, in milliseconds."),
        .init(
            "group.max.session.timeout.ms", .int, "1800000", obeyed: true,
            about: "The longest session timeout a member of a group may ask for, in milliseconds."),
        .init(
            "group.initial.rebalance.delay.ms", .int, "3000", obeyed: true,
            about: "How many milliseconds an empty group waits for more members before its first rebalance."),
        .init(
            "group.max.size", .int, "2147483647", .atLeast(1), obeyed: true,
            about: "How many members a group may have."),
        .init(
            "group.coordinator.rebalance.protocols", .list, "classic",
            .elements(["classic", "consumer", "share"]),
            about: "Which group protocols are served; this broker serves the classic one."),
        .init(
            "offset.metadata.max.bytes", .int, "4096", obeyed: true,
            about: "How many bytes of metadata a committed offset may carry."),
        .init(
            "offsets.load.buffer.size", .int, "5242880", .atLeast(1),
            about: "How many bytes would be read at once when offsets are loaded."),
        .init(
            "offsets.topic.replication.factor", .short, "3", .atLeast(1), obeyed: true,
            about: "How many replicas the topic of committed offsets has."),
        .init(
            "offsets.topic.num.partitions", .int, "50", .atLeast(1), obeyed: true,
            about: "Over how many partitions, and so coordinators, groups are spread by the hash of their id."),
        .init(
            "offsets.topic.segment.bytes", .int, "104857600", .atLeast(1), obeyed: true,
            about: "The segment.bytes of the topic of committed offsets."),
        .init(
            "offsets.topic.compression.codec", .int, "0",
            about: "How the topic of committed offsets would be compressed."),
        .init(
            "offsets.retention.minutes", .int, "10080", .atLeast(1), obeyed: true,
            about: "For how many minutes the offsets of an empty group, or of a topic not read any more, are kept."),
        .init(
            "offsets.retention.check.interval.ms", .long, "600000", .atLeast(1), obeyed: true,
            about: "Every how many milliseconds it is looked for offsets to drop."),
        .init(
            "offsets.commit.timeout.ms", .int, "5000", .atLeast(1),
            about: "How many milliseconds a commit would wait for replicas."),
        .init(
            "transaction.max.timeout.ms", .int, "900000", .atLeast(1), obeyed: true,
            about: "The longest transaction timeout a producer may ask for, in milliseconds."),
        .init(
            "transactional.id.expiration.ms", .int, "604800000", .atLeast(1), obeyed: true,
            about: "For how many milliseconds a transactional id is remembered that is not used."),
        .init(
            "transaction.state.log.min.isr", .int, "2", .atLeast(1), obeyed: true,
            about: "How many replicas of the topic of transactions must be in sync for a transaction to go on."),
        .init(
            "transaction.state.log.load.buffer.size", .int, "5242880", .atLeast(1),
            about: "How many bytes would be read at once when transactions are loaded."),
        .init(
            "transaction.state.log.replication.factor", .short, "3", .atLeast(1), obeyed: true,
            about: "How many replicas the topic of transactions has."),
        .init(
            "transaction.state.log.num.partitions", .int, "50", .atLeast(1), obeyed: true,
            about: "Over how many partitions, and so coordinators, transactional ids are spread by their hash."),
        .init(
            "transaction.state.log.segment.bytes", .int, "104857600", .atLeast(1), obeyed: true,
            about: "The segment.bytes of the topic of transactions."),
        .init(
            "transaction.abort.timed.out.transaction.cleanup.interval.ms", .int, "10000", .atLeast(1),
            about: "How often it would be looked for timed-out transactions; here they are aborted when they are due."),
        .init(
            "transaction.remove.expired.transaction.cleanup.interval.ms", .int, "3600000", .atLeast(1),
            about:
                "How often it would be looked for expired transactional ids; here they are dropped when they are due."),
        .init(
            "transaction.partition.verification.enable", .boolean, "true", update: .clusterWide, obeyed: true,
            about: "Whether a transactional append is checked to be to a partition added to the transaction."),
        .init(
            "producer.id.expiration.ms", .int, "86400000", .atLeast(1), update: .clusterWide, obeyed: true,
            about: "For how many milliseconds a partition remembers an idempotent producer that writes nothing."),
    ]
}
