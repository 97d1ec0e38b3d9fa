/// A partition with the offset committed for it.
package struct CommittedPartition: Equatable, Sendable {
    package var partition: GroupPartition
    package var committed: CommittedOffset

    package init(partition: GroupPartition, committed: CommittedOffset) {
        self.partition = partition
        self.committed = committed
    }
}
