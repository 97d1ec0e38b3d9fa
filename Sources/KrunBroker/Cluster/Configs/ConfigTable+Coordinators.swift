internal import KrunConfigs

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
