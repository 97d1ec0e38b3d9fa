/// A partition a group has, or may have, a committed offset of.
package struct GroupPartition: Hashable, Comparable, Sendable {
    package var topic: String
    package var partition: Int32

    package init(topic: String, partition: Int32) {
        self.topic = topic
        self.partition = partition
    }

    package static func < (a: GroupPartition, b: GroupPartition) -> Bool {
        (a.topic, a.partition) < (b.topic, b.partition)
    }
}
