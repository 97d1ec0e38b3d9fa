/// The configs of one kind of resource, in the order in which Kafka checks them.
package struct ConfigTable: Sendable {
    package let definitions: [ConfigDefinition]
    private let positions: [String: Int]

    package init(_ definitions: [ConfigDefinition]) {
        self.definitions = definitions
        var positions: [String: Int] = [:]
        for (position, definition) in definitions.enumerated() { positions[definition.name] = position }
        self.positions = positions
    }

    package subscript(name: String) -> ConfigDefinition? {
        positions[name].map { definitions[$0] }
    }

    /// Every topic config of Kafka 3.9.
    package static let topic = ConfigTable(topicDefinitions)
}

extension ConfigTable {
    /// Names, defaults and rules: the Kafka 3.9 documentation, "Topic-Level Configs".
    static let topicDefinitions: [ConfigDefinition] = [
        .init(
            "segment.bytes", .int, "1073741824", .atLeast(14), from: [.same("log.segment.bytes")], obeyed: true,
            about: "How many bytes a segment takes before the next one is begun; retention acts on whole segments."),
        .init(
            "segment.ms", .long, "604800000", .atLeast(1), from: [.same("log.roll.ms"), .hours("log.roll.hours")],
            obeyed: true,
            about: "After how many milliseconds a segment is closed even if it is not full."),
        .init(
            "segment.jitter.ms", .long, "0", .atLeast(0),
            from: [.same("log.roll.jitter.ms"), .hours("log.roll.jitter.hours")],
            about: "By how many milliseconds at most the closing of segments is scattered."),
        .init(
            "segment.index.bytes", .int, "10485760", .atLeast(4), from: [.same("log.index.size.max.bytes")],
            about: "How many bytes the offset index of a segment may take."),
        .init(
            "flush.messages", .long, "9223372036854775807", .atLeast(1), from: [.same("log.flush.interval.messages")],
            about: "After how many messages a partition is forced to disk."),
        .init(
            "flush.ms", .long, "9223372036854775807", .atLeast(0),
            from: [.same("log.flush.interval.ms"), .same("log.flush.scheduler.interval.ms")],
            about: "After how many milliseconds a partition is forced to disk."),
        .init(
            "retention.bytes", .long, "-1", from: [.same("log.retention.bytes")], obeyed: true,
            about: "How many bytes of a partition are kept when old segments are deleted; -1 keeps all."),
        .init(
            "retention.ms", .long, "604800000", .atLeast(-1),
            from: [.same("log.retention.ms"), .minutes("log.retention.minutes"), .hours("log.retention.hours")],
            obeyed: true,
            about: "For how many milliseconds a record is kept when old segments are deleted; -1 keeps it for ever."),
        .init(
            "max.message.bytes", .int, "1048588", .atLeast(0), from: [.same("message.max.bytes")], obeyed: true,
            about: "How many bytes a record batch may have, as it was sent."),
        .init(
            "index.interval.bytes", .int, "4096", .atLeast(0), from: [.same("log.index.interval.bytes")],
            about: "Every how many bytes an entry is added to the offset index."),
        .init(
            "delete.retention.ms", .long, "86400000", .atLeast(0), from: [.same("log.cleaner.delete.retention.ms")],
            obeyed: true,
            about: "For how many milliseconds a tombstone can still be read after compaction."),
        .init(
            "min.compaction.lag.ms", .long, "0", .atLeast(0), from: [.same("log.cleaner.min.compaction.lag.ms")],
            obeyed: true,
            about: "For how many milliseconds a record is safe from compaction."),
        .init(
            "max.compaction.lag.ms", .long, "9223372036854775807", .atLeast(1),
            from: [.same("log.cleaner.max.compaction.lag.ms")], obeyed: true,
            about: "After how many milliseconds a record is due for compaction, however clean the log is."),
        .init(
            "file.delete.delay.ms", .long, "60000", .atLeast(0), from: [.same("log.segment.delete.delay.ms")],
            about: "How many milliseconds pass before a deleted segment leaves the disk."),
        .init(
            "min.cleanable.dirty.ratio", .double, "0.5", .between(0, 1),
            from: [.same("log.cleaner.min.cleanable.ratio")], obeyed: true,
            about: "Which part of the log must be uncompacted before compaction runs by itself."),
        .init(
            "cleanup.policy", .list, "delete", .elements(["compact", "delete"]), from: [.same("log.cleanup.policy")],
            obeyed: true,
            about: "What becomes of old segments: delete drops them, compact keeps each key's newest record; or both."),
        .init(
            "unclean.leader.election.enable", .boolean, "false", from: [.same("unclean.leader.election.enable")],
            about: "Whether a replica that has fallen behind may become leader, at the price of records lost."),
        .init(
            "min.insync.replicas", .int, "1", .atLeast(1), from: [.same("min.insync.replicas")], obeyed: true,
            about: "How many replicas must be in sync for a record to be accepted with acks=all."),
        .init(
            "compression.type", .string, "producer",
            .oneOf(["uncompressed", "zstd", "lz4", "snappy", "gzip", "producer"]), from: [.same("compression.type")],
            obeyed: true,
            about: "How record batches are kept; producer keeps them as they came."),
        .init(
            "compression.gzip.level", .int, "-1", .gzipLevel, from: [.same("compression.gzip.level")], obeyed: true,
            about: "The level of gzip if compression.type is gzip."),
        .init(
            "compression.lz4.level", .int, "9", .between(1, 17), from: [.same("compression.lz4.level")], obeyed: true,
            about: "The level of LZ4 if compression.type is lz4."),
        .init(
            "compression.zstd.level", .int, "3", .between(-131072, 22), from: [.same("compression.zstd.level")],
            obeyed: true,
            about: "The level of Zstandard if compression.type is zstd."),
        .init(
            "preallocate", .boolean, "false", from: [.same("log.preallocate")],
            about: "Whether the file of a segment is made at its full size."),
        .init(
            "message.format.version", .string, "3.0-IV1", .kafkaVersion, from: [.same("log.message.format.version")],
            about: "Deprecated and without effect: records are kept in format 2."),
        .init(
            "message.timestamp.type", .string, "CreateTime", .oneOf(["CreateTime", "LogAppendTime"]),
            from: [.same("log.message.timestamp.type")], obeyed: true,
            about: "Whether a record carries the time at which it was made or at which the broker appended it."),
        .init(
            "message.timestamp.difference.max.ms", .long, "9223372036854775807", .atLeast(0),
            from: [.same("log.message.timestamp.difference.max.ms")], obeyed: true,
            about:
                "Deprecated: what message.timestamp.before.max.ms and message.timestamp.after.max.ms are where not set."
        ),
        .init(
            "message.timestamp.before.max.ms", .long, "9223372036854775807", .atLeast(0),
            from: [.same("log.message.timestamp.before.max.ms")], obeyed: true,
            about: "By how many milliseconds a record's CreateTime may lie before the broker's clock."),
        .init(
            "message.timestamp.after.max.ms", .long, "9223372036854775807", .atLeast(0),
            from: [.same("log.message.timestamp.after.max.ms")], obeyed: true,
            about: "By how many milliseconds a record's CreateTime may lie after the broker's clock."),
        .init(
            "leader.replication.throttled.replicas", .list, "", .throttledReplicas,
            about: "Which replicas are throttled on the side of the leader, as partition:broker, or * for all."),
        .init(
            "follower.replication.throttled.replicas", .list, "", .throttledReplicas,
            about: "Which replicas are throttled on the side of the follower, as partition:broker, or * for all."),
        .init(
            "message.downconversion.enable", .boolean, "true", from: [.same("log.message.downconversion.enable")],
            about: "Whether records are converted for consumers of formats 0 and 1."),
        .init(
            "remote.storage.enable", .boolean, "false",
            about: "Whether segments move to tiered storage, which this broker does not have."),
        .init(
            "local.retention.ms", .long, "-2", .atLeast(-2), from: [.same("log.local.retention.ms")],
            about: "For how many milliseconds a segment in tiered storage stays local; -2 stands for retention.ms."),
        .init(
            "local.retention.bytes", .long, "-2", .atLeast(-2), from: [.same("log.local.retention.bytes")],
            about: "How many bytes of a partition in tiered storage stay local; -2 stands for retention.bytes."),
        .init(
            "remote.log.copy.disable", .boolean, "false",
            about: "Whether tiered storage takes no more segments."),
        .init(
            "remote.log.delete.on.disable", .boolean, "false",
            about: "Whether what is in tiered storage is deleted when it is disabled."),
    ]
}
