package import KrunKafka

/// Errors that librdkafka reports on its way to recovering from them.
package enum TransientErrors {
    private static let names: Set<String> = [
        "_ALL_BROKERS_DOWN", "_TRANSPORT", "_RESOLVE", "_TIMED_OUT", "_WAIT_COORD", "_PARTITION_EOF",
        "UNKNOWN_TOPIC_OR_PART", "_UNKNOWN_TOPIC", "_UNKNOWN_PARTITION", "LEADER_NOT_AVAILABLE",
        "NOT_LEADER_FOR_PARTITION", "COORDINATOR_NOT_AVAILABLE", "COORDINATOR_LOAD_IN_PROGRESS", "NOT_COORDINATOR",
        "REBALANCE_IN_PROGRESS", "ILLEGAL_GENERATION", "UNKNOWN_MEMBER_ID",
    ]

    package static func contains(_ error: KafkaError) -> Bool {
        !error.isFatal && names.contains(error.name)
    }

    package static func isRebalance(_ error: KafkaError) -> Bool {
        ["REBALANCE_IN_PROGRESS", "ILLEGAL_GENERATION", "UNKNOWN_MEMBER_ID", "_ASSIGNMENT_LOST"].contains(error.name)
    }
}
