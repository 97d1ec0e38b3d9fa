/// What has become of the messages so far.
package struct DeliveryTally: Hashable, Sendable {
    /// Why messages were not delivered.
    package struct Failure: Hashable, Sendable {
        package var messages = 0
        /// Such as `Broker: Message size too large`.
        package var reason: String
    }

    /// How many messages each partition has got.
    package private(set) var delivered: [Int] = []
    /// By the names of the errors; without those that nobody answered for.
    package private(set) var failures: [String: Failure] = [:]
    /// Given up without an answer.
    package internal(set) var unanswered = 0
    /// Those of them that a broker may have.
    package internal(set) var perhapsDelivered = 0
    /// How often a message was sent again.
    package internal(set) var retries = 0

    package init() {}

    package var deliveredInAll: Int { delivered.reduce(0, +) }
    package var lostInAll: Int { failures.values.reduce(unanswered) { $0 + $1.messages } }

    mutating func deliver(to partition: Int32) {
        let index = Int(partition)
        while delivered.count <= index { delivered.append(0) }
        delivered[index] += 1
    }

    mutating func fail(_ name: String, reason: String) {
        failures[name, default: Failure(reason: reason)].messages += 1
    }
}
