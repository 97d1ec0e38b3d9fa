/// What is known of a request when it is decided whether it suffers a fault.
package struct RequestFacts: Sendable {
    package struct Topic: Equatable, Sendable {
        package let name: String
        /// Empty for a request about the topic as a whole, such as CreateTopics.
        package let partitions: [Int32]

        package init(name: String, partitions: [Int32]) {
            self.name = name
            self.partitions = partitions
        }
    }

    package var kind: RequestKind
    package var broker: Int32
    package var client: String?
    package var topics: [Topic]
    package var transactionalId: String?
    package var group: String?
    package var member: String?
    /// The `group.instance.id` of a static member.
    package var instance: String?

    package init(
        kind: RequestKind, broker: Int32, client: String?, topics: [Topic] = [], transactionalId: String? = nil,
        group: String? = nil, member: String? = nil, instance: String? = nil
    ) {
        self.kind = kind
        self.broker = broker
        self.client = client
        self.topics = topics
        self.transactionalId = transactionalId
        self.group = group
        self.member = member
        self.instance = instance
    }
}
