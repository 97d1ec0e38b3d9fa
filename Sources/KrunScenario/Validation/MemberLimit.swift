/// How many members a step may have on a cluster: a client of librdkafka has a thread for each broker, used or not.
package enum MemberLimit {
    /// For brokers, of all members of a step; with more the machine does little else than to begin and end threads.
    static let threads = 5_000

    /// What is wrong with so many members on so many brokers; nil where nothing is.
    package static func fault(
        members: Int, brokers: Int
    ) -> (message: String, label: String, notes: [String])? {
        guard members * brokers > threads else { return nil }
        return (
            "\(members) members are too many on a cluster of \(brokers) brokers", "at most \(threads / brokers) here",
            [
                "each member has a thread for each broker: \(members * brokers) in all, and krun runs at most \(threads)",
                "fewer members, or a cluster of fewer brokers (\"embedded\": { \"brokers\": \(max(1, threads / members)) })",
            ]
        )
    }
}
