/// What is known of a cluster that is there already, with topics of its own, where a single step is to run on it.
package struct ClusterAtHand: Sendable {
    package struct Topic: Hashable, Sendable {
        package let name: String
        /// How many it has.
        package let partitions: Int
        /// Kafka's config of that name, such as `compact,delete`.
        package let cleanupPolicy: String

        package init(name: String, partitions: Int, cleanupPolicy: String) {
            self.name = name
            self.partitions = partitions
            self.cleanupPolicy = cleanupPolicy
        }
    }

    /// Each name once.
    package let topics: [Topic]
    /// Numbered from 1 on.
    package let brokers: Int

    package init(topics: [Topic], brokers: Int) {
        self.topics = topics
        self.brokers = brokers
    }
}
