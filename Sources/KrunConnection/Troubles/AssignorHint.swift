package import KrunKafka

/// What to do where a member and its group have no assignor in common.
package enum AssignorHint {
    /// Empty for any other error.
    ///
    /// - Parameter choice: what says which assignors the member has.
    package static func notes(for error: KafkaError, choice: String) -> [String] {
        guard error.name == "INCONSISTENT_GROUP_PROTOCOL" else { return [] }
        return [
            "all members of a group must have an assignor in common, and range and roundrobin do not go with cooperative-sticky",
            "\(choice) says which one is ours; without it they are range and roundrobin",
        ]
    }
}
