/// Is asked and told when a group's partitions move; called on the consuming thread, from inside a poll or a close.
///
/// It may call the consumer's `commit`, `committed`, `memberID` and `generation`, not its polls.
public protocol ConsumerDelegate: AnyObject {
    /// Where to start in partitions about to be assigned: an offset for each, or one of `LogicalOffset`.
    func startOffsets(for partitions: [TopicPartition], consumer: Consumer) -> [Int64]

    /// Partitions have been assigned, perhaps none; with a cooperative assignor, only those that came.
    func didAssign(_ partitions: [TopicPartition], consumer: Consumer)

    /// Partitions are about to be taken, with the positions reached, to be committed now or never. When `lost`, others may
    /// own them already and a commit fails.
    func willRevoke(_ partitions: [TopicPartitionOffset], lost: Bool, consumer: Consumer)
}
