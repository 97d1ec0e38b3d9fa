/// A partition that takes part in a transaction.
package struct TransactionPartition: Hashable, Comparable, Sendable {
    package let topic: String
    package let partition: Int32

    package init(topic: String, partition: Int32) {
        self.topic = topic
        self.partition = partition
    }

    package static func < (a: TransactionPartition, b: TransactionPartition) -> Bool {
        (a.topic, a.partition) < (b.topic, b.partition)
    }
}
