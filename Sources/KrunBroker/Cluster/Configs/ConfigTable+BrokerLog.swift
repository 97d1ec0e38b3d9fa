internal import KrunConfigs

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
