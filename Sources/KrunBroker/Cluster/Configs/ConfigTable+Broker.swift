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
