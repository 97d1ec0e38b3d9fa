/// What has become of the messages so far.
package struct DeliveryTally: Hashable, Sendable {
    /// Why messages were not delivered.
    package struct Failure: Hashable, Sendable {
        /// The error's name.
        package var name: String
        /// Such as `Broker: Message size too large`.
        package var reason: String
        /// Whether no broker was asked.
        package var isRefusedByClient: Bool
    }

    /// How many messages each partition has got.
    package private(set) var delivered: [Int] = []
    /// How many messages; without those that nobody answered for.
    package private(set) var failures: [Failure: Int] = [:]
    /// Given up without an answer.
    package internal(set) var unanswered = 0
    /// Those of them that a broker may have.
    package internal(set) var perhapsDelivered = 0
    /// How often a message was sent again.
    package internal(set) var retries = 0

    package init() {}

    package var deliveredInAll: Int { delivered.reduce(0, +) }
    package var lostInAll: Int { failures.values.reduce(unanswered, +) }

    mutating func deliver(to partition: Int32) {
        let index = Int(partition)
        while delivered.count <= index { delivered.append(0) }
        delivered[index] += 1
    }

    mutating func fail(_ name: String, reason: String, isRefusedByClient: Bool = false) {
        failures[Failure(name: name, reason: reason, isRefusedByClient: isRefusedByClient), default: 0] += 1
    }

    /// Whether messages failed with an error; with `byClient` only those that it refused itself, or that it did not.
    func hasFailure(_ name: String, byClient: Bool? = nil) -> Bool {
        failures.keys.contains { $0.name == name && (byClient ?? $0.isRefusedByClient) == $0.isRefusedByClient }
    }
}
